"""The defaults: assumptions that anyone may look up, each with its source, in `planning/reference/`.

Walks in: the code of a force. Walk out: tables in the form of a plan folder's.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from planning.folder.contracts import MONTHS, TABLES, no_rows_of
from planning.folder.derivation import derived_workload
from sources.tables.contracts import checked

REFERENCE = Path(__file__).parents[1] / "reference"
OF_FORCES = {"streams", "people"}  # whose rows are of the force that `force_code` names


def default_table(name: str, force_code: str) -> pd.DataFrame:
    """Return the default rows of a table of the plan folder, with its contract's columns."""
    file = REFERENCE / f"{name}.csv"
    if not file.is_file():
        return no_rows_of(name)  # nothing stands in for what only a force knows
    table = read_reference(name)
    if name in OF_FORCES:
        table = table[table["force_code"] == force_code].drop(columns="force_code")
    return checked(TABLES[name], with_months(table, name), file)


def read_reference(name: str) -> pd.DataFrame:
    """Return a file of `planning/reference/`, text where it is empty."""
    table = pd.read_csv(REFERENCE / f"{name}.csv", keep_default_na=False)
    numbers = {"joiners", "leavers", "months_to_readiness"} & set(table)
    return table.assign(**{name: pd.to_numeric(table[name]) for name in numbers})


def discovered_types() -> tuple[str, ...]:
    """Return the crime types that policing itself discovers: their hours are a budget, not demand."""
    return tuple(read_reference("discovered")["crime_type"])


def derive_workload() -> pd.DataFrame:
    """Return what `workload.csv` of `planning/reference/` must hold, derived from the typed figures beside it."""
    derived = derived_workload(
        *(read_reference(one) for one in ("cost_of_a_crime", "share_of_functions", "deployed_minutes"))
    )
    return pd.concat([derived, read_reference("workload_of_contact")], ignore_index=True)


def with_months(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the table with its months as dates; an empty month is missing."""
    return table.assign(
        **{column: pd.to_datetime(table[column].replace("", None), format="%Y-%m") for column in MONTHS[name]}
    )

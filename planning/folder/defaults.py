"""The defaults: assumptions that anyone may look up, each with its source, in `planning/reference/`.

Walks in: the code of a force. Walk out: tables in the form of a plan folder's.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from planning.folder.contracts import MONTHS, TABLES, no_rows_of
from planning.folder.derivation import derived_workload
from planning.folder.stakes.reporting_derivation import derived_reporting
from sources.tables.contracts import checked

REFERENCE = Path(__file__).parents[1] / "reference"
ACCURACY = 0.895  # share of reported crime that the MPS recorded in 2018 (HMICFRS)
SEVERITY_SCORE = "ONS"
_OF_SEVERITY = {
    "unit": "score",
    "year": "2021 or earlier",
    "country": "England and Wales",
    "source": "ONS Crime Severity Score by the force's offences of 2017/18; range of their mix assumed",
    "quality": "stand-in",
}
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
    numbers = {"joiners", "leavers", "months_to_readiness", "n"} & set(table)
    return table.assign(**{name: pd.to_numeric(table[name]) for name in numbers})


def discovered_types() -> tuple[str, ...]:
    """Return the crime types that policing itself discovers: their hours are a budget, not demand."""
    return tuple(read_reference("discovered")["crime_type"])


def with_severity(weights: pd.DataFrame, harm: Mapping[str, float]) -> pd.DataFrame:
    """Return the table of harm weights with the ONS's, where it has none and they are known; columns with `of_force`.

    harm : Crime Severity Score weight of an average offence by minor type. Offences of a type are a mix that has moved
    since it was counted: a weight may be a fifth less or a quarter more, each type by itself.
    """
    if not harm or (weights["weights"] == SEVERITY_SCORE).any():
        return weights
    middle = np.array(list(harm.values()), dtype=float)
    rows = pd.DataFrame({"what": list(harm), "p10": 0.8 * middle, "p50": middle, "p90": 1.25 * middle})
    rows = rows.assign(weights=SEVERITY_SCORE, error_group=f"{SEVERITY_SCORE} mix of " + rows["what"], of_force=False)
    return pd.concat([weights, rows.assign(**_OF_SEVERITY)[list(weights)]], ignore_index=True)


def derive_workload() -> pd.DataFrame:
    """Return what `workload.csv` of `planning/reference/` must hold, derived from the typed figures beside it."""
    derived = derived_workload(
        *(read_reference(one) for one in ("cost_of_a_crime", "share_of_functions", "deployed_minutes"))
    )
    return pd.concat([derived, read_reference("workload_of_contact")], ignore_index=True)


def derive_reporting() -> pd.DataFrame:
    """Return the shares of `reporting.csv` of `planning/reference/` that are derived from the figures beside it."""
    shares, multipliers = (read_reference(one) for one in ("reported_to_police", "crimes_per_recorded_crime"))
    return derived_reporting(shares, multipliers, accuracy=ACCURACY)


def with_months(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the table with its months as dates; an empty month is missing."""
    return table.assign(
        **{column: pd.to_datetime(table[column].replace("", None), format="%Y-%m") for column in MONTHS[name]}
    )

"""How much harm an average offence of each crime type does, by the ONS Crime Severity Score.

Walks in: the score's weight of each offence, and offences recorded by force and offence. Walks out: `severity`, one
weight for each of the minor crime types.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from sources.files.errors import InputError
from sources.files.reading import numbers, read_table, refuse_repeats
from sources.tables.contracts import SEVERITY, checked

OFFENCE_CODES_FILE = Path(__file__).with_name("offence_codes.csv")
FRAUD = "Fraud offences"

_FORCE, _GROUP, _CODE, _VOLUME = "Force Name", "Offence Group", "Offence Code", "Number of Offences"


def read_severity(
    weights_path: Path, volumes_path: Path, force_name: str, broader: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return the weight of an average offence of each minor crime type, contract `SEVERITY`.

    A type's weight is the mean of its offences' weights by the force's recorded volumes; where the force recorded none
    of a type, by the volumes of all forces in the file. Fraud is left out. `broader` gives the type that holds each
    harmonised type, for a force whose types are broader.

    Columns of the weights: code_original, weight; of the volumes: `Force Name`, `Offence Group`, `Offence Code`,
    `Number of Offences`; of `offence_codes.csv`: offence_code, offence, crime_type.

    Raises
    ------
    InputError
        If a column is missing or a cell is no number, an offence has two weights or none, a code is not in
        `offence_codes.csv`, or the force is not among those of the volumes.
    """
    type_of_code = read_table(OFFENCE_CODES_FILE).set_index("offence_code")["crime_type"]
    if broader is not None:
        type_of_code = type_of_code.map(dict(broader))
    volumes = _read_volumes(volumes_path, type_of_code, force_name)
    weights = _read_weights(weights_path)
    lacking = volumes.index[~volumes.index.isin(weights.index)]
    if len(lacking):
        raise InputError(
            f"{len(lacking)} offences that were recorded have no weight",
            file=weights_path,
            column="code_original",
            value=str(lacking[0]),
            remedy="Obtain the weights of all offence codes, or correct the code.",
        )
    volumes = volumes.assign(weight=weights, crime_type=type_of_code)
    of_force, of_all = (_means(volumes, column) for column in ("force", "all"))
    severity = of_force.fillna(of_all).dropna().rename("weight").reset_index()
    return checked(SEVERITY, severity, weights_path)


def _means(volumes: pd.DataFrame, column: str) -> pd.Series:
    """Return the mean weight by crime type; missing where nothing was recorded."""
    by_type = volumes[column].groupby(volumes["crime_type"]).sum()
    weighted = (volumes[column] * volumes["weight"]).groupby(volumes["crime_type"]).sum()
    return weighted / by_type.where(by_type > 0)


def _read_weights(path: Path) -> pd.Series:
    table = read_table(path, ["code_original", "weight"])
    table = table.assign(weight=numbers(table, ["weight"], path)["weight"], code=table["code_original"].str.strip())
    different = table.drop_duplicates(["code", "weight"])
    refuse_repeats(different, ["code"], path)  # a code may be listed under two names, but with one weight
    return different.set_index("code")["weight"]


def _read_volumes(path: Path, type_of_code: pd.Series, force_name: str) -> pd.DataFrame:
    """Return offences by code, columns `force` and `all`."""
    table = read_table(path, [_FORCE, _GROUP, _CODE, _VOLUME])
    table = table[table[_GROUP] != FRAUD]
    unknown = table[~table[_CODE].isin(type_of_code.index)]
    if not unknown.empty:
        raise InputError(
            "An offence code belongs to no crime type",
            file=path,
            row=int(unknown.index[0]),
            column=_CODE,
            value=str(unknown[_CODE].iloc[0]),
            remedy=f"Add the code to {OFFENCE_CODES_FILE.name} with its crime type, or correct it.",
        )
    of_force = table[_FORCE] == force_name
    if not of_force.any():
        raise InputError(
            "The volumes of offences have no such force",
            file=path,
            column=_FORCE,
            value=force_name,
            remedy=f"Name the force in force.toml as the file does: {', '.join(sorted(table[_FORCE].unique()))}.",
        )
    offences = numbers(table, [_VOLUME], path, negative=True)[_VOLUME]  # a quarter may take back an earlier one's
    return pd.DataFrame(
        {"force": offences[of_force].groupby(table[_CODE]).sum(), "all": offences.groupby(table[_CODE]).sum()}
    ).fillna(0)

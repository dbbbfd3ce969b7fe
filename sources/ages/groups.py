"""Which harmonised crime types the groups stand for by which publishers count people of an age.

Walks in: `age_groups.csv` beside this module, and counts under a publisher's names. Walks out: the counts under
harmonised names, and what was left out with its number.

A group is a minor type, a major type, or a pool of several types of either kind. Groups of an older classification that
no harmonised type matches keep a name that ends in its last year; no rate is made of them.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from sources.files.errors import InputError
from sources.tables.contracts import checked

THEFT_POOL = "THEFT, BURGLARY AND VEHICLE OFFENCES"
VIOLENCE_POOL = "VIOLENCE AND SEXUAL OFFENCES"
POOLS = {
    THEFT_POOL: ("THEFT", "BURGLARY", "VEHICLE OFFENCES"),
    VIOLENCE_POOL: (
        "STALKING AND HARASSMENT",
        "VIOLENCE WITH INJURY",
        "VIOLENCE WITHOUT INJURY",
        "SEXUAL OFFENCES",
    ),
}

Faults = list[tuple[str, str, int]]

_TEXT = pa.Column(str, coerce=True)
AGE_GROUPS = pa.DataFrameSchema(
    {
        "dataset": _TEXT,
        "published": _TEXT,
        "crime_type": _TEXT,
        "quality": pa.Column(str, pa.Check.isin(["measured", "proxy", ""]), coerce=True),
        "left_out": _TEXT,
    },
    checks=pa.Check(
        lambda table: (table["crime_type"] == "") == (table["left_out"] != ""),
        error="a group has a crime type, or a reason why it is left out",
    ),
    unique=["dataset", "published"],
    strict=True,
    name="age_groups",
    description="Published groups of offences by which ages are counted; `left_out` is why one is not used, or empty.",
)


def read_age_groups() -> pd.DataFrame:
    """Return the crosswalk from published groups to crime types; see `AGE_GROUPS`."""
    path = Path(__file__).with_name("age_groups.csv")
    return checked(AGE_GROUPS, pd.read_csv(path, keep_default_na=False), path)


def harmonised(table: pd.DataFrame, column: str, dataset: str, file: Path, faults: Faults) -> pd.DataFrame:
    """Return the rows with `crime_type` and `quality` in place of the published group; those left out go to `faults`.

    table : the column of groups and `count`, indexed by row of the file.

    Raises
    ------
    InputError
        At the first row of a group that the crosswalk does not have.
    """
    groups = read_age_groups().query("dataset == @dataset").set_index("published")
    published = table[column].astype("str").fillna("").str.strip()
    unknown = published[~published.isin(groups.index)]
    if len(unknown):
        raise InputError(
            "An unknown group of offences",
            file=file,
            row=str(unknown.index[0]),
            column=column,
            value=unknown.iloc[0],
            remedy="Correct the name, or add it to sources/ages/age_groups.csv with its crime type.",
        )
    reason = published.map(groups["left_out"])
    for why, rows in table[reason != ""].groupby(reason[reason != ""]):
        faults.append((f"from row {rows.index[0]}", f"people by age left out: {why}", int(rows["count"].sum())))
    named = table.drop(columns=column).assign(
        crime_type=published.map(groups["crime_type"]), quality=published.map(groups["quality"])
    )
    return named[reason == ""]


def without_unknown_ages(table: pd.DataFrame, faults: Faults) -> pd.DataFrame:
    """Return the rows whose age is known; the number of people of the others goes to `faults`."""
    unknown = table["age_low"].isna()
    if unknown.any():
        number = int(table.loc[unknown, "count"].sum())
        faults.append((f"from row {table.index[unknown][0]}", "people by age left out: their age is not known", number))
    return table[~unknown].astype({"age_low": "int64", "age_high": "int64"})

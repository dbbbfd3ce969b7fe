"""Columns that tables of a plan folder share: what every assumption says of itself.

Walk in: names and keys. Walk out: columns and contracts.
"""

from __future__ import annotations

import pandera.pandas as pa

from planning.folder.vocabulary import QUALITIES

NAME = pa.Column(str, pa.Check.str_length(min_value=1), coerce=True)
TEXT = pa.Column(str, coerce=True)
VALUE = pa.Column("float64", pa.Check.ge(0), coerce=True)


def one_of(*words: str) -> pa.Column:
    """Return a column of some words alone."""
    return pa.Column(str, pa.Check.isin(words), coerce=True)


def month_column(nullable: bool = True) -> pa.Column:
    """Return a column of months."""
    return pa.Column("datetime64[us]", nullable=nullable, coerce=True)


# What every given figure says of where it is from.
SOURCED = {"year": NAME, "country": NAME, "source": NAME, "quality": one_of(*QUALITIES)}
# What every assumption says of itself; rows of one error group err together.
ASSUMPTION = {
    "p10": VALUE,
    "p50": VALUE,
    "p90": VALUE,
    "unit": NAME,
    **SOURCED,
    "error_group": NAME,
}
_IN_ORDER = pa.Check(
    lambda table: (table["p10"] <= table["p50"]) & (table["p50"] <= table["p90"]),
    error="p10 is at most p50, and p50 at most p90",
)


def assumptions(name: str, keys: dict[str, pa.Column], description: str) -> pa.DataFrameSchema:
    """Return the contract of a table of assumptions, a row for each combination of its keys."""
    return pa.DataFrameSchema(
        {**keys, **ASSUMPTION},
        checks=_IN_ORDER,
        unique=list(keys),
        strict=True,
        name=name,
        description=description,
    )

"""The contracts of the tables of a plan folder on goals: targets and named lists.

Walks in: a table as read. Walks out: the same with its types settled, or an `InputError`.
"""

from __future__ import annotations

import pandera.pandas as pa

from planning.folder.columns import NAME, SOURCED, TEXT, month_column, one_of

OF_COUNTS = ("count", "rate", "share")  # measures that the forecast's draws give
COUNT, RATE, SHARE = OF_COUNTS
SURVEY, COST = "survey", "cost"  # measures whose figures the force gives
AT_MOST, AT_LEAST = "at most", "at least"
_NUMBER = pa.Column("float64", pa.Check.ge(0), nullable=True, coerce=True)

TARGETS = pa.DataFrameSchema(
    {
        "target": NAME,
        "what": NAME,
        "area": NAME,
        "measure": one_of(*OF_COUNTS, SURVEY, COST),
        "direction": one_of(AT_MOST, AT_LEAST),
        "baseline_from": month_column(),
        "baseline": _NUMBER,
        "change": pa.Column("float64", pa.Check.in_range(-1, 10), nullable=True, coerce=True),
        "level": _NUMBER,
        "year_from": month_column(nullable=False),
        "latest": _NUMBER,
        "n": pa.Column("float64", pa.Check.ge(1), nullable=True, coerce=True),
        "set_by": NAME,
        "source": NAME,
    },
    unique=["target"],
    strict=True,
    name="targets",
    description="A target: `what` (a named list, or crime types and major types joined by ' + ') of an area is to be "
    "at most or at least `level`, or `change` against the twelve months from `baseline_from` or the value `baseline`, "
    "in the twelve months from `year_from`. A rate is for a thousand residents a year, a share is of all recorded "
    "offences of the area. `survey` and `cost` are not forecast: they need `latest`, and a survey how many were asked.",
)
PRIORITIES = pa.DataFrameSchema(
    {
        "list": NAME,
        "what": TEXT,
        **SOURCED,
    },
    unique=["list", "what"],
    strict=True,
    name="priorities",
    description="A crime type or major type of a named list that targets may name. An empty `what` says that the list "
    "is known to exist and is not public. A force's own rows of a list take the place of the default's.",
)
GOALS_TABLES = {"targets": TARGETS, "priorities": PRIORITIES}

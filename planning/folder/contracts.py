"""The contracts of the tables of a plan folder: one row an assumption, with its source, and never without.

Walks in: a table as read. Walks out: the same with its types settled, or an `InputError`.
"""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa

from planning.folder.columns import NAME, SOURCED, TEXT, VALUE, assumptions, month_column, one_of
from planning.folder.goals.contracts_of_goals import GOALS_TABLES
from planning.folder.stakes.contracts_of_stakes import STAKES_TABLES
from planning.folder.vocabulary import CATEGORIES, FUNCTIONS, LOST_TIME, NATIONAL, STAGES

WORKLOAD = assumptions(
    "workload",
    {
        "what": NAME,
        "function": one_of(*FUNCTIONS),
        "way": TEXT,
        "from_month": month_column(),
        "officers": pa.Column("float64", pa.Check.gt(0), coerce=True),
    },
    "Hours of one person that a case takes of a function when it goes this way; `what` is a crime type, major type, "
    "stream or `all`, `way` one way of handling, several joined by ' + ', or empty for all.",
)
HANDLING = assumptions(
    "handling",
    {"what": NAME, "stage": one_of(*STAGES), "given": TEXT, "way": NAME, "month": month_column()},
    "Share of cases that go a way at a stage, from a month on; `given`, a way of being handled, makes shares of the "
    "stage `closed` depend on it. Shares of a stage sum to one.",
)
STREAMS = assumptions(
    "streams",
    {
        "stream": NAME,
        "category": one_of(*CATEGORIES),
        "projected_by": one_of("crime", "fixed", "series", "per"),
        "of": TEXT,
    },
    "A stream of demand beside crime types: a year's amount that stays (`fixed`); or so many a recorded offence of the "
    "type `of` (`crime`), a unit of the release's stream `of` (`series`), or a resident (`per`; `of` is `residents` "
    "or `residents 10-17`). Of a `fixed` stream of calls, `of` is the way by which crimes are reported in them.",
)
CASELOAD = assumptions(
    "caseload",
    {"what": NAME, "function": one_of(*FUNCTIONS), "measure": one_of("months open", "cases a person")},
    "How long a case stays open, and how many a person holds.",
)
TIME = assumptions(
    "time",
    {"area": NAME, "role": NAME, "kind": one_of("paid", *LOST_TIME), "name": NAME},
    "Paid hours of a person a year, and the shares of them that leave, training and abstraction take; rows of an area "
    "come before those of `force`, those of a function (`role`) before those of `all`.",
)
PEOPLE = pa.DataFrameSchema(
    {
        "path": TEXT,
        "month": month_column(nullable=False),
        "area": NAME,
        "function": one_of(*FUNCTIONS, NATIONAL, "all"),
        "role": NAME,
        "rank": NAME,
        "skill": NAME,
        "kind": one_of("actual", "budgeted", "planned", "wanted"),
        "fte": VALUE,
        "joiners": pa.Column("float64", pa.Check.ge(0), nullable=True, coerce=True),
        "leavers": pa.Column("float64", pa.Check.ge(0), nullable=True, coerce=True),
        "months_to_readiness": pa.Column("float64", pa.Check.in_range(0, 60), nullable=True, coerce=True),
        **SOURCED,
    },
    unique=["path", "month", "area", "function", "role", "rank", "skill", "kind"],
    strict=True,
    name="people",
    description="People there. Rows without a path are posts held (`actual`), posts there is money for (`budgeted`) or "
    "`wanted`; rows of a path say how many will be there, or who joins and leaves each month from then on and how long "
    "a joiner takes to be ready. Rows of one `rank` or `skill` are a part of those of `all`.",
)
CALLS = pa.DataFrameSchema(
    {
        "grade": NAME,
        "hour_of_week": pa.Column("int64", pa.Check.in_range(0, 167), coerce=True),
        "calls_an_hour": VALUE,
        "travel_hours": VALUE,
        "service_hours": pa.Column("float64", pa.Check.gt(0), coerce=True),
        "service_cv": pa.Column("float64", pa.Check.gt(0), coerce=True),
        "units": pa.Column("int64", pa.Check.in_range(1, 20), coerce=True),
        "units_on_duty": VALUE,
        **SOURCED,
    },
    unique=["grade", "hour_of_week"],
    strict=True,
    name="calls",
    description="Calls for a response by grade, the most urgent first, and hour of the week (0 is Monday's first): how "
    "many, how long units travel and stay, how many go, and how many units are on duty then.",
)
TABLES = {
    "workload": WORKLOAD,
    "handling": HANDLING,
    "streams": STREAMS,
    "caseload": CASELOAD,
    "time": TIME,
    "people": PEOPLE,
    "calls": CALLS,
    **STAKES_TABLES,
    **GOALS_TABLES,
}
_MONTH_COLUMNS = {"month", "from_month", "baseline_from", "year_from"}
MONTHS = {name: [column for column in schema.columns if column in _MONTH_COLUMNS] for name, schema in TABLES.items()}


def no_rows_of(name: str) -> pd.DataFrame:
    """Return the table of that name without rows."""
    empty = TABLES[name].validate(pd.DataFrame(columns=list(TABLES[name].columns)))
    return empty.astype(dict.fromkeys(empty.select_dtypes("datetime").columns, "datetime64[us]"))

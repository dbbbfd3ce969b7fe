"""The contracts of the tables of a plan folder on stakes and money: harm, risks, reporting, rates, budget.

Walks in: a table as read. Walks out: the same with its types settled, or an `InputError`.
"""

from __future__ import annotations

import pandera.pandas as pa

from planning.folder.columns import NAME, SOURCED, TEXT, VALUE, assumptions, month_column, one_of
from planning.folder.vocabulary import ALL, FUNCTIONS

HARM_WEIGHTS = assumptions(
    "harm_weights",
    {"weights": NAME, "what": NAME},
    "Harm of an average offence of a crime type, major type or `all`, on a named scale such as Cambridge. The scale "
    "that stands first leads; those of a force stand before the defaults.",
)
RISK = pa.DataFrameSchema(
    {
        "threat": NAME,
        "crimes": TEXT,
        "likelihood": TEXT,
        "physical": NAME,
        "psychological": NAME,
        "financial": NAME,
        "community": NAME,
        "environment": NAME,
        "capacity": NAME,
        "capability": NAME,
        "confidence": NAME,
        "scored_by": NAME,
        "scored_on": NAME,
        "lead": TEXT,
        "prevention": TEXT,
        "intelligence": TEXT,
        "enforcement": TEXT,
        **SOURCED,
    },
    unique=["threat"],
    strict=True,
    name="risk",
    description="What the force says of a threat, in the words of `risk.toml`. `crimes` names crime types and streams, "
    "joined by ' + ', whose draws give likelihood and trend; a threat without any has its likelihood from its own "
    "word. `lead`, `prevention`, `intelligence` and `enforcement` go into the control strategy as they are.",
)
RISK_BEFORE = pa.DataFrameSchema(
    {
        "threat": NAME,
        "rank": pa.Column("int64", pa.Check.ge(1), coerce=True),
        "score": VALUE,
        "likelihood": NAME,
        "release": NAME,
    },
    unique=["threat"],
    strict=True,
    name="risk_before",
    description="An earlier register, half a year old say: `risk_to_keep.csv` of that plan's result, copied and "
    "renamed.",
)
REPORTING = assumptions(
    "reporting",
    {"what": NAME, "area": one_of("country", "force"), "measure": one_of("reported", "recorded", "spread")},
    "Share of incidents that reach the police (`reported`) and share of reported crime that is recorded (`recorded`), "
    "of the country or the force: no survey tells them of wards. `n`, where known, is how many were asked. `spread` is "
    "the standard deviation of the log-odds of reporting between areas.",
).add_columns({"n": pa.Column("float64", pa.Check.ge(1), nullable=True, coerce=True)})
RATES = assumptions(
    "rates",
    {"function": one_of(*FUNCTIONS, ALL), "measure": one_of("pounds an hour", "inflation a year")},
    "Pounds that an hour of work costs, in the prices of `year` (which begins with the year in which the financial "
    "year began), and inflation as a share a year, of `all`.",
)
BUDGET = pa.DataFrameSchema(
    {
        "from_month": month_column(nullable=False),
        "function": NAME,
        "pay": VALUE,
        "other": VALUE,
        "income": VALUE,
        "reserves": pa.Column("float64", nullable=True, coerce=True),
        "inflation_budgeted": pa.Column("float64", pa.Check.in_range(-0.2, 0.5), coerce=True),
        **SOURCED,
    },
    unique=["from_month", "function"],
    strict=True,
    name="budget",
    description="The budget of a year from its first month, in pounds, by function or all together; reserves stand "
    "once, at the start of the first year. `inflation_budgeted` is the inflation a year that pay and other spending "
    "allow for.",
)
STAKES_TABLES = {
    "harm_weights": HARM_WEIGHTS,
    "risk": RISK,
    "risk_before": RISK_BEFORE,
    "reporting": REPORTING,
    "rates": RATES,
    "budget": BUDGET,
}

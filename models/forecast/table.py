"""The contract of the `forecast` table, which its writer, disclosure control and its scorer share.

Walks in: a table of forecasts, ours or a peer's. Walks out: what breaks the contract, in words, with the rows that do.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from models.forecast.vocabulary import (
    ALL_RECORDED,
    AREA_LEVELS,
    CRIME_LEVELS,
    LOCATED,
    NEIGHBOURHOOD,
    NUMBERS,
    PERIODS,
    QUANTILES,
    UNLOCATED,
)

FINITE, NOT_NEGATIVE = "is missing or infinite", "is below zero"


def _one_of(*words: str) -> pa.Column:
    return pa.Column(None, pa.Check.isin(words, error=f"is none of {', '.join(words)}"))


def _finite(numbers: pd.Series) -> pd.Series:
    return pd.Series(np.isfinite(numbers.to_numpy(float, na_value=np.nan)), index=numbers.index)


def _number() -> pa.Column:
    checks = [
        pa.Check(_finite, error=FINITE, ignore_na=False),
        pa.Check(lambda numbers: ~(numbers < 0).fillna(False), error=NOT_NEGATIVE, ignore_na=False),
    ]
    return pa.Column(None, checks, nullable=True)  # a gap is told by the check, with its words


# What is said of a quantile below the one before it, and which that is.
CROSSED = {f"Quantiles cross: {upper} is below the one before it": upper for upper in list(QUANTILES)[1:]}


def _rises(lower: str, upper: str, words: str) -> pa.Check:
    return pa.Check(lambda table: ~(table[upper] < table[lower]).fillna(False), error=words)


FORECAST = pa.DataFrameSchema(
    {
        "origin": pa.Column(None, description="last month seen, by its first day"),
        "scenario": pa.Column(None),
        "age_basis": pa.Column(None, description="victim or suspect; empty for all ages"),
        "age_group": pa.Column(None),
        "crime_level": _one_of(*CRIME_LEVELS, NEIGHBOURHOOD[0]),
        "crime_type": pa.Column(None),
        "measure": _one_of(LOCATED, UNLOCATED, ALL_RECORDED),
        "period": _one_of(*PERIODS),
        "area_level": _one_of(*AREA_LEVELS),
        "area_code": pa.Column(None),
        "area_name": pa.Column(None),
        "month": pa.Column(None, description="the month, or the first of a year, by its first day"),
        **{name: _number() for name in NUMBERS},
    },
    checks=[_rises(*pair, words) for pair, words in zip(pairwise(QUANTILES), CROSSED, strict=True)],
    strict=True,
    name="forecast",
    description="Expected offences with their quantiles by area, crime type, age group and period.",
)


def broken(table: pd.DataFrame, schema: pa.DataFrameSchema = FORECAST) -> list[tuple[str, str, np.ndarray]]:
    """Return what in a table breaks the contract: column, problem in words, positions of the rows that do.

    A column that is missing or not known has no rows. Nothing for a table that keeps the contract.
    """
    try:
        schema.validate(table.reset_index(drop=True), lazy=True)
    except SchemaErrors as errors:
        found = errors.failure_cases
    else:
        return []
    problems = found["check"].astype(str).replace({"not_nullable": "has gaps"})
    columns = found["column"].where(found["schema_context"] == "Column", problems.map(CROSSED)).fillna("")
    cases = found.assign(column=columns, problem=problems).groupby(["column", "problem"], sort=False)["index"]
    rows = [(str(column), str(problem), np.unique(index.dropna().to_numpy(int))) for (column, problem), index in cases]
    return sorted(rows, key=lambda row: row[1] in CROSSED)  # those last, since a gap crosses too

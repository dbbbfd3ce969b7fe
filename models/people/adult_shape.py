"""The shape of adults' rates by age where counts tell only how many adults there were: convictions in Scotland.

Walks in: `age_evidence` with convictions by single year of age. Walks out: for each group the logarithm of a rate by
age, up to its level, from the age at which courts try everyone.

Scotland's residents by age are not among the data. They are taken as a stationary population of people who die by
Gompertz' law, hazard exp((age - mode) / spread) / spread, whose two numbers give a life expectancy of 78 years, as
Scotland's was in 2009-11 (National Records of Scotland). Rates fall so steeply with age that nothing hangs on it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.people.composite_link import Grouped, fit_curves
from sources.ages.convictions import SCOTTISH_CONVICTIONS
from sources.tables.contracts import OLDEST_AGE

SHAPE_FROM = 21  # the youngest age of the Home Office's oldest band
_MONTHS = 120  # ten years: in fewer, one generation of drug users shows as a wave
_MODE, _SPREAD = 83.5, 10.0
_OLDEST_ALIVE = 120


def adult_shapes(evidence: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return by group the log rate of each age from 21 to 90 less that of 21, (age,); none without the source."""
    rows = evidence[(evidence["source"] == SCOTTISH_CONVICTIONS) & (evidence["age_low"] >= SHAPE_FROM)]
    if rows.empty:
        return {}
    rows = rows[rows["last_month"] > rows["last_month"].max() - pd.DateOffset(months=_MONTHS)]
    counts = rows.groupby(["crime_type", "age_low"])["count"].sum().unstack(fill_value=0)
    ages = np.arange(SHAPE_FROM, OLDEST_AGE + 1)
    counts = counts.reindex(columns=ages, fill_value=0)
    lived = np.diag(_survivors())
    curves = fit_curves([Grouped(row, lived, np.zeros(len(ages))) for row in counts.to_numpy(float)], ages)
    return {name: curve.log_rate - curve.log_rate[0] for name, curve in zip(counts.index, curves, strict=True)}


def _survivors() -> np.ndarray:
    ages = np.arange(SHAPE_FROM, _OLDEST_ALIVE + 1)
    alive = np.exp(np.exp((SHAPE_FROM - _MODE) / _SPREAD) - np.exp((ages - _MODE) / _SPREAD))
    return np.append(alive[: OLDEST_AGE - SHAPE_FROM], alive[OLDEST_AGE - SHAPE_FROM :].sum())

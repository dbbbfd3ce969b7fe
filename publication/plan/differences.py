"""The difference between two plans on one release: exact, since both ran through the same futures.

Walk in: the tables of two plans. Walks out: one table of both.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from planning.folder.vocabulary import ALL
from planning.make import CENTRAL

_KEYS = ["scenario", "area_level", "area_code", "area_name", "function", "what", "year"]


def differences(one: Mapping[str, pd.DataFrame], other: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return expected hours of two plans and their difference by area, function and year of the central scenario.

    Columns: the keys of `work`, hours, hours_against, difference.
    """
    both = [_central(tables["work"]) for tables in (one, other)]
    joined = both[0].merge(both[1], on=_KEYS, how="outer", suffixes=("", "_against"))
    joined = joined.rename(columns={"mean": "hours", "mean_against": "hours_against"}).fillna(
        {"hours": 0.0, "hours_against": 0.0}
    )
    return joined.assign(difference=joined["hours"] - joined["hours_against"])


def _central(work: pd.DataFrame) -> pd.DataFrame:
    rows = work[(work["scenario"] == CENTRAL) & (work["what"] == ALL) & (work["area_level"] != "ward")]
    return rows[[*_KEYS, "mean"]]

"""What is run: which peer at which levels, at which origins, and in what order.

Walks in: what the command line chose. Walks out: tasks for `peers.py`, dearest last, so that a run cut short lacks the
fewest of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

Level = tuple[str, str]
Task = tuple[str, str, str, str, bool]

YEAR_ORIGINS = ("2018-03", "2019-03", "2022-03", "2023-03", "2024-03")
LONG_ORIGINS = ("2015-03", "2016-03", "2022-03")
# Where our own choices are checked; no peer is run there.
OTHER_ORIGINS = ("2014-09", "2015-03", "2016-03", "2016-09", "2017-03", "2022-09", "2023-09")
OURS = "boosted"  # the model that stands for us
FIRST_PAST, FIRST_PAST_OF_WARDS = "2012-03", "2014-03"
DISRUPTED = ("2020-03", "2021-03")  # made in the pandemic: nothing is learned from errors of forecasts made then

UPPER: list[Level] = [("force", "all"), ("force", "major"), ("force", "minor"), ("bcu", "major"), ("borough", "major")]
BOROUGH: Level = ("borough", "minor")
WARDS: list[Level] = [("ward", "all"), ("ward", "major"), ("ward", "minor")]
BETWEEN: list[Level] = [("borough", "all"), ("bcu", "all"), ("bcu", "minor")]  # for reconciliation alone

# Milliseconds a series decide what is affordable: AutoETS 45, AutoTheta 16, MSTL 10, DynamicOptimizedTheta 7.
YEAR_LEVELS: dict[str, list[Level]] = {
    "TSB": [*UPPER, BOROUGH, *WARDS],
    "LightGBM": [("borough", "major"), BOROUGH, *WARDS],
    "MSTL": [*UPPER, BOROUGH, WARDS[0]],
    "DynamicOptimizedTheta": [*UPPER, BOROUGH, *BETWEEN, *WARDS],
    "AutoTheta": UPPER,
    "AutoETS": [*UPPER, BOROUGH],
}
LONG_LEVELS: dict[str, list[Level]] = {
    "TSB": [*UPPER, BOROUGH, *WARDS],
    "LightGBM": [("borough", "major"), *WARDS[:2]],
    "MSTL": [*UPPER, BOROUGH],
    "DynamicOptimizedTheta": [*UPPER, BOROUGH, WARDS[0], WARDS[1]],
    "AutoTheta": UPPER,
    "AutoETS": UPPER,
}
PEERS = tuple(YEAR_LEVELS)
RECONCILED = ("BottomUp", "TopDown", "MinT")
BASE = "DynamicOptimizedTheta"  # the forecasts that are reconciled
ORDER: list[Level] = [*UPPER, *BETWEEN, BOROUGH, *WARDS]


def past_origins(area_level: str) -> list[str]:
    """Return the origins, a year apart, whose errors calibration may learn from once they are known."""
    first = FIRST_PAST_OF_WARDS if area_level == "ward" else FIRST_PAST
    months = pd.date_range(first, max(YEAR_ORIGINS + LONG_ORIGINS), freq="12MS").strftime("%Y-%m")
    return [month for month in months if month not in DISRUPTED]


def judged(peer: str, level: Level, year: Sequence[str], long: Sequence[str]) -> set[str]:
    """Return the origins at which a peer forecasts a whole level."""
    of_year = set(year) if level in YEAR_LEVELS.get(peer, []) else set()
    return of_year | (set(long) if level in LONG_LEVELS.get(peer, []) else set())


def tasks(peers: Sequence[str], levels: Sequence[Level], year: Sequence[str], long: Sequence[str]) -> Iterator[Task]:
    """Yield all tasks: whole levels at judged origins, samples of them at other past origins."""
    for level in sorted(levels, key=ORDER.index):
        for peer in peers:
            whole = judged(peer, level, year, long)
            if not whole:
                continue
            earlier = {origin for origin in past_origins(level[0]) if origin < max(whole)}
            for origin in sorted(whole | earlier):
                yield peer, *level, origin, origin not in whole

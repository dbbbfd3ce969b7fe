"""Cohorts: how the ratio of one population to another, age by age, is carried from year to year.

Walks in: the logarithm of a ratio by single year of age, as of a ward's ages to its borough's, or of a borough's
estimate to a projection. Walks out: the same a number of years later or earlier.

People grow older where they live, and take the ratio with them; places keep drawing the same ages, and keep it.
Students come and go, so a ward full of them stays full at 18 to 22; a street of fifty-year-olds is one of
sixty-year-olds ten years on. The ratio of cohort changes is that of the reference x (ratio at the next age / ratio at
this age) ^ stay: a Hamilton-Perry projection whose local ratios of cohort change are shrunk to the reference's, age by
age (Hamilton and Perry 1962; Swanson, Schlottmann and Schmidt 2010).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sources.tables.contracts import OLDEST_AGE

# How far the ratio stays at an age (1) or moves on with its people (0), by the age reached. Learnt on London's wards
# from 2017 to the Census of 2021, but for 22, where estimates had left graduates in halls; benchmarks/population.py
# fits it anew, and tries in each borough what the others teach.
_STAY_AGES = (2, 7, 12, 17, 22, 27, 32, 37, 42, 47, 52, 60)
_STAY = (0.45, 0.6, 0.5, 0.97, 0.95, 0.95, 0.8, 0.7, 0.6, 0.4, 0.2, 0.15)
STAY = np.interp(np.arange(OLDEST_AGE + 1), _STAY_AGES, _STAY)
_LEAVING_SCHOOL, _STUDENTS_UNTIL = 16, 21
_NEWBORN = 3  # youngest ages whose mean ratio the next newborn have: one year of a ward's births is too few


def carried(log_ratio: np.ndarray, years: int, stay: np.ndarray = STAY) -> np.ndarray:
    """Return the log ratio `years` later, or earlier if negative; (place, age 0..90), both ways.

    Ages born since have the ratio of the youngest, moved on; at 90 and over the ratios of all who got there are
    averaged.
    """
    ages = np.arange(OLDEST_AGE + 1)
    stays = np.zeros_like(log_ratio)
    stays[:, 1:] = np.cumsum(stay[1:] * np.diff(log_ratio, axis=1), axis=1)
    moves = log_ratio - stays
    came_from = ages - years
    moved = moves[:, np.clip(came_from, 0, OLDEST_AGE)]
    if years > 0:
        youngest = log_ratio[:, :_NEWBORN].mean(axis=1) - stays[:, 0]
        moved[:, came_from < 0] = youngest[:, None]
        moved[:, OLDEST_AGE] = moves[:, max(OLDEST_AGE - years, 0) :].mean(axis=1)
    return moved + stays


def between(anchors: Mapping[int, np.ndarray], year: int) -> np.ndarray:
    """Return the log ratio in a year, (place, age), from those of the years next to it, carried to it.

    Between two anchors each counts by its nearness; before the first and after the last one it is that one, carried.
    """
    earlier = max((each for each in anchors if each <= year), default=min(anchors))
    later = min((each for each in anchors if each >= year), default=max(anchors))
    if earlier == later or not earlier <= year <= later:
        nearest = earlier if year < earlier else later
        return carried(anchors[nearest], year - nearest)
    weight = (year - earlier) / (later - earlier)
    forward, backward = carried(anchors[earlier], year - earlier), carried(anchors[later], year - later)
    return forward * (1 - weight) + backward * weight


def smoothed(log_ratio: np.ndarray) -> np.ndarray:
    """Return the log ratio, (place, age), as a weighted mean over five ages; as it is where students come and go.

    A few hundred people of an age are chance to a tenth, and estimates of small areas have steps where the publisher's
    bands meet, as between 24 and 25. From 16 to 21 steps are real.
    """
    padded = np.pad(log_ratio, ((0, 0), (2, 2)), mode="edge")
    mean = np.lib.stride_tricks.sliding_window_view(padded, 5, axis=1) @ (np.array([1, 2, 3, 2, 1]) / 9)
    ages = np.arange(log_ratio.shape[1])
    return np.where((ages >= _LEAVING_SCHOOL) & (ages <= _STUDENTS_UNTIL), log_ratio, mean)

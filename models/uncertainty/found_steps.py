"""Steps that nobody has listed: months from which a crime type stands at another level than chance and drift explain.

Walks in: a panel as known at the origin. Walks out: proposals for the list of breaks, which a person may take up; until
then they widen the forecast's intervals, since nobody knows whether the new level will stay.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.breaks import months_of, steps_of
from features.history import YEAR
from features.panel import Panel
from models.recipes.force_path import log_season

AFTER, BEFORE = 3, 6  # months whose means are compared
THRESHOLD = 4.5  # robust standard deviations of a crime type's own past differences
SHORTEST_PAST = 24  # differences that a type's usual ones are known from
LISTED_NEAR = 4  # months from a listed step of the crime type within which nothing new is found
RECENT = 12  # months back from the origin in which steps are looked for
SEASON_HALF_LIFE = 60.0  # months, of the season taken out before steps are looked for
COLUMNS = ["crime_type", "first_month", "size", "score"]


def found_steps(known: Panel, *, threshold: float = THRESHOLD, recent: int = RECENT) -> pd.DataFrame:
    """Return steps of the last months that the list of breaks does not hold, newest first.

    Columns: crime_type, first_month, size (logarithm of the level after over that before), score (size over the robust
    standard deviation of such differences in the crime type's past). Of neighbouring months the one of the largest
    score stands. All offences of the force are looked at, located or not, free of season; months of a disruption are
    left out. A crime type without steps is taken to have one in a month of 3,500 where its changes are normal, in one
    of 500 at worst where they have heavy tails (docs/method.md tells how that was counted).
    """
    located = known.offences.sum("ward").transpose("crime_type", "month").to_numpy().astype(float)
    every = located + known.unlocated.sum("area").transpose("crime_type", "month").to_numpy()
    usual = ~months_of(known.breaks, "disruption", known.months).to_numpy()
    logs = np.log(every + 0.5)
    free = logs - log_season(logs, usual, SEASON_HALF_LIFE)[:, np.arange(logs.shape[1]) % YEAR]
    difference = differences(free, usual)
    score = difference / _scale(difference)[:, None]
    crime_types = known.offences["crime_type"].to_numpy()
    for first, touched in steps_of(known.breaks, crime_types, known.months):
        score[touched, max(first - LISTED_NEAR, 0) : first + LISTED_NEAR + 1] = np.nan
    newest = np.arange(logs.shape[1]) >= logs.shape[1] - recent
    rows = [
        (crime_types[place], known.months[month], difference[place, month], score[place, month])
        for place, month in zip(*np.nonzero(_peaks(score) & (np.abs(score) > threshold) & newest), strict=True)
    ]
    # Typed, since no steps at all must be a table of the same kind.
    typed = {"first_month": known.months.dtype, "size": float, "score": float}
    found = pd.DataFrame(rows, columns=COLUMNS).astype(typed)
    return found.sort_values(["first_month", "crime_type"], ascending=[False, True], ignore_index=True)


def doubt(found: pd.DataFrame, crime_types: np.ndarray) -> np.ndarray:
    """Return the variance of the level, (crime type), that steps found bring: it may stay or go back, as likely as not.

    A level that is either 0 or `size`, each with one half, has the variance (size / 2)^2.
    """
    largest = found.assign(variance=(found["size"].astype(float) / 2) ** 2).groupby("crime_type")["variance"].max()
    return largest.reindex(crime_types).fillna(0.0).to_numpy()


def differences(free: np.ndarray, usual: np.ndarray) -> np.ndarray:
    """Return the mean of each month and the two after it, less that of the six before, (series, month).

    Missing where one of these months is not there or not usual.
    """
    months = free.shape[1]
    difference = np.full(free.shape, np.nan)
    for first in range(BEFORE, months - AFTER + 1):
        if usual[first - BEFORE : first + AFTER].all():
            after, before = free[:, first : first + AFTER], free[:, first - BEFORE : first]
            difference[:, first] = after.mean(axis=1) - before.mean(axis=1)
    return difference


def _scale(difference: np.ndarray) -> np.ndarray:
    """Return the robust standard deviation of each series' differences, (series); missing where they are few.

    From the median of absolute differences, which the steps themselves hardly move.
    """
    enough = np.isfinite(difference).sum(axis=1) >= SHORTEST_PAST
    spread = np.full(len(difference), np.nan)
    spread[enough] = 1.4826 * np.nanmedian(np.abs(difference[enough]), axis=1)
    return np.where(spread > 0, spread, np.nan)


def _peaks(score: np.ndarray) -> np.ndarray:
    """Return where no neighbour within the compared months has a larger score, (series, month) bool."""
    size = np.nan_to_num(np.abs(score))
    padded = np.pad(size, ((0, 0), (AFTER, AFTER)))
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * AFTER + 1, axis=1).max(axis=2)
    return (size > 0) & (size >= around)

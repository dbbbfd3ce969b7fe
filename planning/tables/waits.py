"""The table of waits for a response, where a force gives its calls.

    calls of a year = calls given x hours of response of the year / of the base year
    units of a path = units given x people there of response / posts of response

Walk in: calls of a plan, hours of response and people there. Walks out: rows by path, year and grade.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.forecast.years import MONTHS_A_YEAR
from planning.folder.check import HOURS_A_WEEK
from planning.folder.vocabulary import FUNCTIONS, worst
from planning.people.force_posts import ForcePosts
from planning.people.waits import SHARE_WANTED, STANDARDS, Grade, Waits, simulate_waits
from planning.scenario_work import Maker, Work

RESPONSE = FUNCTIONS.index("response")
WEEKS = 8
COLUMNS = ["path", "year", "grade", "calls", "load", "mean_minutes", "median_minutes", "standard_minutes"]
COLUMNS += ["share_within", "standard", "quality"]


def waits_table(maker: Maker, work: Work, posts: ForcePosts, seed: int) -> pd.DataFrame:
    """Return waits of each path, year and grade: mean and median minutes, the share within the standard, and whether it
    is met, is not, or cannot be met: where load is one or more no wait is told, for it would grow without end.

    Without calls of the force there are no rows. Demand is the expected one.
    """
    calls = maker.plan.tables["calls"]
    if calls.empty:
        return pd.DataFrame(columns=COLUMNS)
    force = maker.areas.force
    growth = work.by_year[force, RESPONSE].mean(axis=-1) / max(float(work.base[force, RESPONSE].mean()), 1e-9)
    duty = calls.drop_duplicates("hour_of_week").sort_values("hour_of_week")["units_on_duty"].to_numpy(float)
    held, quality = posts.held.get("response", 0.0), worst(list(calls["quality"]))
    rows = []
    for path, there in posts.there.items():
        by_year = there[RESPONSE].reshape(maker.years, MONTHS_A_YEAR).mean(axis=1)
        for year, more, people in zip(posts.years, growth, by_year, strict=True):
            units = np.floor(duty * (people / held if held > 0 else 1.0) + 0.5)
            grades = grades_of(calls, float(more))
            waits = simulate_waits(grades, units, weeks=WEEKS, seed=seed)
            rows += [(path, year, *_told(grade, waits), quality) for grade in grades]
    return pd.DataFrame(rows, columns=COLUMNS)


def grades_of(calls: pd.DataFrame, growth: float) -> list[Grade]:
    """Return the grades of a table of calls, in its order, with so many times the calls."""
    found = []
    for name, rows in calls.groupby("grade", sort=False):
        rows = rows.sort_values("hour_of_week")
        first = rows.iloc[0]
        hourly = np.zeros(HOURS_A_WEEK)
        hourly[rows["hour_of_week"]] = rows["calls_an_hour"]
        travel, service, spread = (float(first[name]) for name in ("travel_hours", "service_hours", "service_cv"))
        found.append(Grade(str(name), hourly * growth, travel, service, spread, int(first["units"])))
    return found


def _told(grade: Grade, waits: Waits) -> tuple[object, ...]:
    standard = STANDARDS.get(grade.name, np.nan)
    calls = float(grade.calls.sum()) * 365.25 / 7
    if not waits.can_be_met:
        return grade.name, calls, waits.load, np.nan, np.nan, standard * 60, np.nan, "cannot be met"
    minutes = waits.by_grade[grade.name] * 60
    reached = minutes[np.isfinite(minutes)]
    share = waits.share_within(grade.name, standard) if standard > 0 else np.nan
    told = "none" if np.isnan(standard) else "met" if share >= SHARE_WANTED else "not met"
    middle = (reached.mean(), np.median(reached)) if len(reached) else (np.nan, np.nan)
    return grade.name, calls, waits.load, *middle, standard * 60, share, told

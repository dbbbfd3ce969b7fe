"""Weeks of a stream that is counted by day: counts, and how far the newest have filled up.

Walks in: daily rows, with the day of recording beside that of happening where a force has both. Walks out: a
`WeekPanel`, the only thing that a weekly model may see; `as_known_at` is its gate. Weeks run from Monday to Sunday.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

MOST_DELAY = 13  # weeks after which a count is taken to be whole
TINY = 1e-9


@dataclass(frozen=True, eq=False)
class WeekPanel:
    """What is known by week.

    counts : (area, type, week, delay) of what happened in a week and was recorded so many weeks later; one delay, 0,
        where only one day is known.
    weeks : Mondays, ascending and without gaps. areas : area codes; above : (area) positions of what they lie in.
    school_holidays : first_day, last_day, known_from. country : whose bank holidays count, as `holidays` names it.
    """

    counts: np.ndarray
    weeks: pd.DatetimeIndex
    areas: np.ndarray
    types: np.ndarray
    above: np.ndarray
    school_holidays: pd.DataFrame
    country: tuple[str, str | None] = ("GB", "ENG")

    def as_known_at(self, origin: int) -> WeekPanel:
        """Return the panel as it was known at the end of a week, by its position, without later recordings."""
        counts = self.counts[:, :, : origin + 1].copy()
        ago = np.arange(origin, -1, -1)
        late = np.arange(counts.shape[3])[None, :] > ago[:, None]
        counts[:, :, late] = 0
        end = self.weeks[origin] + pd.Timedelta(days=6)
        known = self.school_holidays[self.school_holidays["known_from"] <= end]
        return replace(self, counts=counts, weeks=self.weeks[: origin + 1], school_holidays=known)

    def completeness(self) -> np.ndarray:
        """Return the share of each week's counts that is recorded by the newest week, (type, week), 0 to 1.

        By the chain ladder (Mack 1993), all areas together: of weeks old enough to tell, what had been recorded one
        week earlier as a share of what had by then.
        """
        triangle = self.counts.sum(axis=0).cumsum(axis=2)  # (type, week, delay)
        types, weeks, delays = triangle.shape
        ago = np.arange(weeks - 1, -1, -1)
        share = np.ones((types, delays))
        for delay in range(delays - 2, -1, -1):
            told = ago >= delay + 1
            step = triangle[:, told, delay].sum(axis=1) / np.maximum(triangle[:, told, delay + 1].sum(axis=1), TINY)
            share[:, delay] = share[:, delay + 1] * np.where(triangle[:, told, delay + 1].sum(axis=1) > 0, step, 1.0)
        return share[:, np.minimum(ago, delays - 1)]

    def recorded(self) -> np.ndarray:
        """Return what is recorded by now, (area, type, week)."""
        return self.counts.sum(axis=3)


def week_panel(
    days: pd.DataFrame,
    *,
    above: dict[str, str] | None = None,
    school_holidays: pd.DataFrame | None = None,
    country: tuple[str, str | None] = ("GB", "ENG"),
    until: pd.Timestamp | None = None,
) -> WeekPanel:
    """Return the panel of whole weeks of daily rows: area_code, series, start (day), value, and `recorded` if known.

    above : what each area lies in; all in one where it is not given. until : the last day known, by default the last
    of the rows. Weeks that are not whole are left out.
    """
    happened = _mondays(days["start"])
    recorded = _mondays(days["recorded"]) if "recorded" in days else happened
    newest = days["recorded" if "recorded" in days else "start"].max() if until is None else until
    first = happened.min() + pd.Timedelta(days=7 * bool(days["start"].min() > happened.min()))
    last = _mondays(pd.Series([newest])).iloc[0] - pd.Timedelta(days=7 * bool(newest.day_of_week < 6))
    weeks = pd.date_range(first, last, freq="7D", unit="us")
    areas, types = (np.array(sorted(days[name].unique()), dtype=object) for name in ("area_code", "series"))
    delay = np.clip(((recorded - happened).dt.days // 7).to_numpy(), 0, MOST_DELAY)
    cube = np.zeros((len(areas), len(types), len(weeks), int(delay.max()) + 1))
    week = weeks.get_indexer(pd.Index(happened))
    there = (week >= 0) & (recorded <= last).to_numpy()
    place = pd.Index(areas).get_indexer(pd.Index(days["area_code"]))
    kind = pd.Index(types).get_indexer(pd.Index(days["series"]))
    np.add.at(cube, (place[there], kind[there], week[there], delay[there]), days["value"].to_numpy()[there])
    none = pd.DataFrame({name: pd.Series(dtype="datetime64[us]") for name in ("first_day", "last_day", "known_from")})
    parents = [(above or {}).get(str(area), "all") for area in areas]
    closed = none if school_holidays is None else school_holidays
    return WeekPanel(
        cube,
        weeks,
        areas,
        types,
        pd.factorize(np.array(parents))[0],
        closed,
        country,
    )


def _mondays(days: pd.Series) -> pd.Series:
    return days - pd.to_timedelta(days.dt.day_of_week, unit="D")

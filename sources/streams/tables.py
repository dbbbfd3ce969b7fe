"""A stream as the rooms to the right take it.

Walks in: rows that a layout's reader made. Walk out: rows that keep the contract, refused where a total could have
changed in silence.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sources.files.errors import InputError
from sources.streams.entries import StreamEntry
from sources.tables.contracts import checked
from sources.tables.stream_contracts import STREAM_VALUES

ONE_SERIES = "all"  # the series of a stream that has only one
FREQUENCIES = {"month": "MS", "week": "W-MON", "day": "D"}
UNLIKELY = 0.001  # chance below which an empty day is not taken for a day without anything


@dataclass(frozen=True, eq=False)
class Stream:
    """A stream and its values.

    table : area_code, series, start, value; an absent row means what `about.absent` says. Periods that are set aside
        have no rows.
    """

    about: StreamEntry
    table: pd.DataFrame

    @property
    def periods(self) -> pd.DatetimeIndex:
        """First days of all periods from the first to the last, those set aside included."""
        return periods_between(self.about, self.table["start"].min(), self.table["start"].max())

    @property
    def unknown_periods(self) -> pd.DatetimeIndex:
        """First days of the periods that were set aside."""
        return pd.DatetimeIndex(sorted(pd.Timestamp(start) for start in self.about.set_aside))

    @property
    def total(self) -> float:
        """All that the stream counts, once: of nested series the one that holds the others."""
        nested = self.about.series == "nested"
        once = self.table[~self.table["series"].isin(self.about.within)] if nested else self.table
        return float(once["value"].sum())

    @property
    def series(self) -> list[str]:
        """Names of the series in the order of their first rows."""
        return list(dict.fromkeys(self.table["series"]))


def periods_between(about: StreamEntry, first: pd.Timestamp, last: pd.Timestamp) -> pd.DatetimeIndex:
    """Return the first days of the periods from one to another."""
    return pd.date_range(first, last, freq=FREQUENCIES[about.period], unit="us")


def settled(rows: pd.DataFrame, about: StreamEntry, file: Path) -> tuple[Stream, float]:
    """Return the stream of a layout's rows, (area_code, series, start, value), and what was set aside of it.

    Raises
    ------
    InputError
        If a series that should be kept is not there, one that `within` names is unknown, a period between the first and
        the last has no rows, or the contract is broken.
    """
    rows = _kept(rows, about, file)
    aside = rows["start"].isin([pd.Timestamp(start) for start in about.set_aside])
    left = rows[~aside].assign(stream=about.name)
    values = checked(STREAM_VALUES, left, file).drop(columns="stream").sort_values(["area_code", "series", "start"])
    stream = Stream(about, values.reset_index(drop=True))
    _refuse_gaps(stream, file)
    return stream, float(rows.loc[aside, "value"].sum())


def stream_named(streams: pd.DataFrame, values: pd.DataFrame, name: str) -> Stream:
    """Return one stream of the tables of contracts STREAMS and STREAM_VALUES.

    Raises
    ------
    InputError
        If there is none of that name.
    """
    found = streams[streams["stream"] == name]
    if found.empty:
        raise InputError(
            "There is no such stream",
            value=name,
            remedy=f"Name one of: {', '.join(streams['stream']) or 'none, for the folder has no streams'}.",
        )
    own = values[values["stream"] == name].drop(columns="stream").reset_index(drop=True)
    return Stream(StreamEntry.model_validate_json(found["about"].iloc[0]), own)


def _kept(rows: pd.DataFrame, about: StreamEntry, file: Path) -> pd.DataFrame:
    there = set(rows["series"])
    wanted = {*about.keep, *about.within, *about.within.values()}
    if missing := sorted(wanted - there):
        raise InputError(
            f"The stream {about.name} names a series that the file does not have",
            file=file,
            column="series",
            value=missing[0],
            remedy=f"The file has: {'; '.join(sorted(there))}. Correct `keep` or `within` of the stream.",
        )
    if about.series == "nested":
        tops = sorted(there - set(about.within))
        if len(tops) > 1:
            raise InputError(
                f"More than one series of the nested stream {about.name} lies in no other: {'; '.join(tops)}",
                file=file,
                column="series",
                value=tops[1],
                remedy="Say in `within` which series holds it, so that nothing is counted twice.",
            )
    return rows[rows["series"].isin(about.keep)] if about.keep else rows


def _refuse_gaps(stream: Stream, file: Path) -> None:
    """Refuse a period without rows between the first and the last, unless it may have been a quiet day."""
    values, about = stream.table, stream.about
    if values.empty:
        raise InputError(
            f"The stream {about.name} has no rows left",
            file=file,
            remedy="Obtain the file again, whole, or take the stream out of streams.toml.",
        )
    periods = stream.periods
    there = pd.DatetimeIndex(values["start"].unique())
    if odd := sorted(set(there) - set(periods)):
        raise InputError(
            f"A {about.period} does not begin on the first day of one",
            file=file,
            column=about.period,
            value=f"{odd[0]:%Y-%m-%d}",
            remedy="Give months by any day in them, weeks by their Monday.",
        )
    missing = periods.difference(there).difference(stream.unknown_periods)
    quiet = about.period == "day" and len(periods) * math.exp(-values["value"].sum() / len(periods)) > UNLIKELY
    if len(missing) and not quiet:
        raise InputError(
            f"A {about.period} between the first and the last has no rows",
            file=file,
            column=about.period,
            value=f"{missing[0]:%Y-%m-%d}",
            remedy="Obtain the file again, whole; or say under [stream.set_aside] why that period is not known.",
        )

"""Streams beside crime types: so many a year, a recorded offence, a unit of a series or a resident; and their hours.

    fixed    cases of a month = value / 12
    crime    cases of a month = value x recorded offences of a type
    series   cases of a month = value x the series of the release, recorded or as forecast in the same draw
    per      cases of a month = value x residents / 12

Walk in: rows of `streams`, demand, series and hours of a case. Walk out: amounts and hours of the force, in every draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.forecast.years import MONTHS_A_YEAR
from planning.assumed import Errors, positive, row_of, shares
from planning.demand.plan_demand import PlanDemand
from planning.folder.entries import Lever
from planning.folder.vocabulary import ALL
from planning.series import Series
from planning.work.handling import begun
from planning.work.hours import Case


@dataclass(frozen=True, eq=False)
class StreamWork:
    """Cases and hours of a stream: ahead, (month, draw) and (function, month, draw); of the last recorded year, (draw)
    and (function, draw). diverted : cases that a lever keeps from people, (month, draw)."""

    cases: np.ndarray
    hours: np.ndarray
    cases_before: np.ndarray
    hours_before: np.ndarray
    diverted: np.ndarray


def stream_work(
    tables: Mapping[str, pd.DataFrame],
    majors: Mapping[str, str],
    series: Mapping[str, Series],
    demand: PlanDemand,
    levers: Sequence[Lever],
    years: int,
    errors: Errors,
) -> dict[str, StreamWork]:
    """Return the work of each stream.

    A lever of diversion keeps a share of its cases from people: they make no hours, and are told apart.
    """
    months = demand.months[: years * MONTHS_A_YEAR]
    streams = tables["streams"]
    values = positive(streams, errors)
    found = {}
    for place, (_, stream) in enumerate(streams.iterrows()):
        name = str(stream["stream"])
        looked_at = pd.DatetimeIndex([months[0] - pd.offsets.MonthBegin(1), *months])
        hours = Case.of_stream(tables, name, looked_at).hours(levers, errors)
        units, before = _units(stream, majors, series, demand, months)
        cases = np.broadcast_to(units * values[place], (len(months), max(errors.size, np.shape(units)[-1])))
        kept = 1 - _diverted(name, levers, months, errors)
        found[name] = StreamWork(
            cases,
            hours[:, 1:] * (cases * kept),
            before * values[place],
            hours[:, 0] * before * values[place],
            cases * (1 - kept),
        )
    return found


def _units(
    stream: pd.Series,
    majors: Mapping[str, str],
    series: Mapping[str, Series],
    demand: PlanDemand,
    months: pd.DatetimeIndex,
) -> tuple[np.ndarray, np.ndarray | float]:
    """Return what a stream's value is multiplied by: of months ahead, (month, draw or 1), and of the last year."""
    if stream["projected_by"] == "fixed":
        return np.full((len(months), 1), 1 / MONTHS_A_YEAR), 1.0
    if stream["projected_by"] == "crime":
        of = [stream["of"] in (ALL, minor, major) for minor, major in majors.items()]
        ahead = np.stack([demand.recorded(month)[:, of].sum(axis=(0, 1)) for month in range(len(months))])
        return ahead, float(demand.base[:, of].sum())
    of_name = series[stream["of"]]
    last_year = pd.date_range(end=months[0] - pd.offsets.MonthBegin(1), periods=MONTHS_A_YEAR, freq="MS")
    draws = of_name.draws.shape[1] if len(of_name.months) else 1
    size = demand.draws if draws > 1 else 1
    return of_name.over(months, size), of_name.over(last_year, size).sum(axis=0)


def _diverted(name: str, levers: Sequence[Lever], months: pd.DatetimeIndex, errors: Errors) -> np.ndarray:
    """Return the share of a stream's cases that levers keep from people, (month, draw): what is left multiplies."""
    left = np.ones((len(months), errors.size))
    for lever in levers:
        for one in lever.diverts:
            if one.stream == name:
                left *= 1 - begun(lever, months)[:, None] * shares(row_of(one.share.model_dump(), lever.id), errors)[0]
    return 1 - left

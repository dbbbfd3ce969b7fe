"""Streams beside crime types: so many a year, or so many a recorded offence, and the hours they take.

Walk in: rows of `streams`, demand and hours of a case. Walk out: amounts and hours of the force, in every draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from models.forecast.years import MONTHS_A_YEAR
from planning.demand.plan_demand import PlanDemand
from planning.folder.entries import Lever
from planning.folder.vocabulary import ALL
from planning.work.assumed import Errors, positive
from planning.work.hours import Case


def stream_hours(
    tables: Mapping[str, pd.DataFrame],
    majors: Mapping[str, str],
    demand: PlanDemand,
    levers: Sequence[Lever],
    years: int,
    errors: Errors,
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return by stream its hours ahead, (function, month, draw), and of the last recorded year, (function, draw)."""
    months = demand.months[: years * MONTHS_A_YEAR]
    looked_at = pd.DatetimeIndex([months[0] - pd.offsets.MonthBegin(1)]).append(months)
    streams = tables["streams"]
    values = positive(streams, errors)
    found = {}
    for place, (_, stream) in enumerate(streams.iterrows()):
        hours = Case.of_stream(tables, stream["stream"], looked_at).hours(levers, errors)
        if stream["projected_by"] == "fixed":
            ahead: np.ndarray | float = values[place] / MONTHS_A_YEAR
            before = values[place]
        else:
            of = [stream["of"] in (ALL, minor, major) for minor, major in majors.items()]
            cases = np.stack([demand.recorded(month)[:, of].sum(axis=(0, 1)) for month in range(len(months))])
            ahead, before = cases * values[place], demand.base[:, of].sum() * values[place]
        found[stream["stream"]] = (hours[:, 1:] * ahead, hours[:, 0] * before)
    return found

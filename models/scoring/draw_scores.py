"""Scores that need draws: the CRPS and the range of the PIT of every cell.

Walks in: draws by ward and minor crime type, as a PyArrow dataset. Walk out: `DrawScores` of every area and
crime type. Draws are read one crime type at a time, summed up both trees and forgotten, so the cube is never
held whole.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from models.scoring.interval_coverage import pit_range
from models.scoring.metrics import crps_from_draws
from models.scoring.observed import Observed, sums_by_year
from sources.files.errors import InputError

COLUMNS = ("origin", "ward_code", "crime_type", "month", "draws")
SAME_NUMBER = "Give every ward, crime type and month the same number of draws, one or more."


@dataclass(frozen=True)
class DrawScores:
    """Scores of draws of every area and crime type in the order of `Observed`, (area, crime_type, month).

    crps : offences. pit_lower, pit_upper : the range of the PIT, 0..1.
    """

    crps: np.ndarray
    pit_lower: np.ndarray
    pit_upper: np.ndarray


def draw_scores(
    draws: ds.Dataset, origin: pd.Timestamp, months: pd.DatetimeIndex, observed: Observed
) -> dict[str, DrawScores]:
    """Return the scores of one origin's draws by period: of the given months, and of their whole years.

    `draws` has the columns origin, ward_code, crime_type, month (dates, first of the month) and draws (list
    of n whole numbers of offences), one row a ward, minor crime type and month; `months` are those with
    actuals. A file with a row group for each origin and crime type is read fastest.

    Raises
    ------
    InputError
        When a column, a ward, a crime type or a month is missing or there twice, or the draws are not whole
        numbers, equally many everywhere.
    """
    for column in COLUMNS:
        if column not in draws.schema.names:
            raise InputError("The draws lack a column", column=column, remedy=f"Give the columns {', '.join(COLUMNS)}.")
    wards, minors = observed.area_codes("ward"), observed.crime_types("minor")
    majors = len(observed.crime_types("major"))
    actual = observed.located[..., observed.months.get_indexer(months)]
    by_month = np.empty((3, *actual.shape))
    by_year = np.empty((3, *sums_by_year(actual).shape))

    def take(crime_type: int, drawn: np.ndarray) -> None:
        drawn, happened = observed.areas.sum_up(drawn), actual[:, crime_type]
        by_month[:, :, crime_type] = _scores(happened, drawn)
        by_year[:, :, crime_type] = _scores(sums_by_year(happened), sums_by_year(drawn.swapaxes(1, 2)).swapaxes(1, 2))

    every: np.ndarray | None = None
    for major in range(majors):
        total: np.ndarray | None = None
        for minor in np.flatnonzero(observed.crimes.major_of_minor == major).tolist():
            drawn = _read(draws, origin, minors[minor], wards, months)
            take(minor, drawn)
            total = drawn if total is None else _added(total, drawn, minors[minor])
        assert total is not None
        take(len(minors) + major, total)
        every = total if every is None else _added(every, total, minors[minor])
    assert every is not None
    take(len(minors) + majors, every)
    return {"month": DrawScores(*by_month), "year": DrawScores(*by_year)}


def _scores(actual: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    return np.stack([crps_from_draws(actual, drawn), *pit_range(actual, drawn)])


def _added(sums: np.ndarray, drawn: np.ndarray, crime_type: str) -> np.ndarray:
    if sums.shape != drawn.shape:
        raise InputError(
            f"The number of draws differs: {drawn.shape[-1]}, not {sums.shape[-1]} as before",
            column="draws",
            value=crime_type,
            remedy=SAME_NUMBER,
        )
    return sums + drawn


def _read(draws: ds.Dataset, origin: pd.Timestamp, minor: str, wards: pd.Index, months: pd.DatetimeIndex) -> np.ndarray:
    """Return the draws of one crime type, (ward, month, draw) int32."""
    when = pa.scalar(origin.to_pydatetime()).cast(draws.schema.field("origin").type)
    table = draws.to_table(
        columns=["ward_code", "month", "draws"],
        filter=(ds.field("origin") == when) & (ds.field("crime_type") == minor),
    )
    ward = wards.get_indexer(table["ward_code"].to_pandas())
    if (ward < 0).any():
        raise InputError(
            "The draws name a ward that the force does not have",
            column="ward_code",
            value=table["ward_code"][int(np.argmax(ward < 0))].as_py(),
            remedy="Give draws of the wards of the areas table.",
        )
    month = months.get_indexer(pd.DatetimeIndex(table["month"].to_pandas()))
    # Months without actuals yet are not scored.
    place = ward[month >= 0] * len(months) + month[month >= 0]
    times = np.bincount(place, minlength=len(wards) * len(months))
    if (times != 1).any():
        cell = int(np.argmax(times != 1))
        where = f"{wards[cell // len(months)]} {minor} {months[cell % len(months)]:%Y-%m}"
        raise InputError(
            f"The draws from origin {origin:%Y-%m} hold {(times == 0).sum()} cells not at all and "
            f"{(times > 1).sum()} more than once, such as {where}",
            column="ward_code, crime_type, month",
            remedy="Give one row for every ward, minor crime type and month of the forecast.",
        )
    lists = table["draws"].combine_chunks()
    lengths, values = pc.unique(pc.list_value_length(lists)).to_pylist(), lists.flatten()
    if len(lengths) != 1 or not lengths[0] or values.null_count or not pa.types.is_integer(values.type):
        raise InputError(
            f"The draws of {minor} from origin {origin:%Y-%m} are not whole numbers, equally many everywhere",
            column="draws",
            value=f"{values.type}, numbers of draws {', '.join(map(str, lengths[:3]))}",
            remedy=SAME_NUMBER,
        )
    drawn = np.empty((len(place), lengths[0]), dtype=np.int32)
    drawn[place] = values.to_numpy().reshape(len(lists), -1)[month >= 0]
    return drawn.reshape(len(wards), len(months), -1)

"""The forecast table checked and laid out: every cell once, where it belongs.

Walks in: a forecast table, ours or a peer's. Walk out: for each origin, its `Block`s: the mean and quantiles
of one period, area level and crime level as arrays over (area, crime_type, month).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.draws.all_recorded import parts_that_add_up
from models.draws.summary import MONTHS_A_YEAR
from models.forecast.forecast import months_ahead
from models.forecast.table import CROSSED, FORECAST, broken
from models.forecast.vocabulary import NUMBERS, UNLOCATED
from models.scoring.observed import Observed, positions
from sources.files.errors import InputError

KEYS = ("origin", "period", "area_level", "crime_level", "area_code", "crime_type", "month")
SCORED = FORECAST.select_columns([*KEYS, "scenario", *NUMBERS])
SHOWN = 3


@dataclass(frozen=True)
class Block:
    """The forecast of one period, area level and crime level at one origin, cell by cell.

    `months`: the months, or the first months of the years; `area_codes` and `crime_types` name the first two
    dimensions; mean : (area, crime_type, month); quantiles : (area, crime_type, month, quantile).
    """

    origin: pd.Timestamp
    period: str
    area_level: str
    crime_level: str
    area_codes: pd.Index
    crime_types: pd.Index
    months: pd.DatetimeIndex
    mean: np.ndarray
    quantiles: np.ndarray


def blocks_by_origin(
    forecast: pd.DataFrame, observed: Observed
) -> Iterator[tuple[pd.Timestamp, pd.DatetimeIndex, list[Block]]]:
    """Return each origin of a `forecast` table (design, section 4), its months ahead, and its blocks.

    Rows of single age groups are passed over, since no offences by age are recorded to score them with, and so are
    rows of all recorded offences, sums of the others. A level may be absent as a whole; one that is there has every
    area, crime type and month, and, if it has years, every whole year. Unlocated rows may stand for any of the areas,
    each whole.

    Raises
    ------
    InputError
        When the table lacks a column, holds several scenarios, unknown levels, areas, crime types or months,
        cells that are missing or there twice, values that are missing or negative, or quantiles that cross;
        naming cells.
    """
    table = _checked_columns(parts_that_add_up(forecast))
    for origin, rows in table.groupby("origin", sort=True):
        assert isinstance(origin, pd.Timestamp)
        expected = _expected_months(rows, origin)
        levels = rows.groupby(["period", "area_level", "crime_level"], observed=True)
        yield (
            origin,
            expected["month"],
            [
                _laid_out(part, observed, origin, str(period), str(area_level), str(crime_level), expected)
                for (period, area_level, crime_level), part in levels
            ],
        )


def _checked_columns(forecast: pd.DataFrame) -> pd.DataFrame:
    for column in (*KEYS, "scenario", "age_group", *NUMBERS):
        if column not in forecast:
            raise InputError(
                "The forecast table lacks a column",
                column=column,
                remedy=f"Give the columns {', '.join((*KEYS, 'scenario', 'age_group', *NUMBERS))}.",
            )
    table = forecast.loc[(forecast["age_group"] == "all").to_numpy(), [*KEYS, "scenario", *NUMBERS]]
    if table.empty:
        raise InputError(
            "The forecast table holds no rows for all ages together",
            column="age_group",
            remedy="Give rows whose age_group is `all`; single age groups cannot be scored.",
        )
    scenarios = table["scenario"].unique()
    if len(scenarios) > 1:
        raise InputError(
            f"The forecast table holds {len(scenarios)} scenarios",
            column="scenario",
            value=", ".join(sorted(map(str, scenarios))),
            remedy="Keep the rows of one scenario and score each by itself.",
        )
    for column in ("origin", "month"):
        table[column] = _months(table[column])
    for column in ("period", "area_level", "crime_level"):
        table[column] = table[column].astype("category")
    for column in NUMBERS:
        if not pd.api.types.is_numeric_dtype(table[column]):
            raise InputError(
                f"The column holds {table[column].dtype}, not numbers",
                column=column,
                remedy="Give means and quantiles as numbers of offences.",
            )
    for column, problem, rows in broken(table, SCORED):
        wrong = np.isin(np.arange(len(table)), rows)
        _refuse(table, wrong, problem if problem in CROSSED else f"The {column} {problem}", column)
    return table


def _months(column: pd.Series) -> pd.Series:
    try:
        if pd.api.types.is_numeric_dtype(column):  # they would pass for moments of 1970
            raise TypeError("numbers are no dates")
        if isinstance(column.dtype, pd.PeriodDtype):
            column = column.dt.to_timestamp()
        months = pd.to_datetime(column).astype("datetime64[us]")
    except (ValueError, TypeError) as error:
        raise InputError(
            "The column does not hold dates",
            column=str(column.name),
            value=str(column.iloc[0]),
            remedy="Give months by their first day, as dates: 2025-03-01, not 202503.",
        ) from error
    wrong = (months.dt.day != 1).to_numpy()  # True for a missing date too
    if wrong.any():
        row = int(np.argmax(wrong))
        raise InputError(
            "Months are given by their first day",
            row=str(column.index[row]),
            column=str(column.name),
            value=str(column.iloc[row]),
            remedy="Give the first day of the month.",
        )
    return months


def _expected_months(rows: pd.DataFrame, origin: pd.Timestamp) -> dict[str, pd.DatetimeIndex]:
    month, year = rows["month"], rows["period"] == "year"
    ahead = (month.dt.year - origin.year) * MONTHS_A_YEAR + month.dt.month - origin.month
    _refuse(rows, ahead < 1, "The month is not after the origin", "month")
    horizon = int((ahead + np.where(year, MONTHS_A_YEAR - 1, 0)).max())
    months = months_ahead(origin, horizon)
    return {"month": months, "year": months[: horizon // MONTHS_A_YEAR * MONTHS_A_YEAR : MONTHS_A_YEAR]}


def _laid_out(
    rows: pd.DataFrame,
    observed: Observed,
    origin: pd.Timestamp,
    period: str,
    area_level: str,
    crime_level: str,
    expected: dict[str, pd.DatetimeIndex],
) -> Block:
    areas, kinds = observed.area_codes(area_level), observed.crime_types(crime_level)
    months = expected[period]
    area = positions(rows["area_code"], areas)
    _refuse(rows, area < 0, f"The area is no {area_level} of this force", "area_code")
    if area_level == UNLOCATED:
        there, area = np.unique(area, return_inverse=True)
        areas = areas[there]
    kind = positions(rows["crime_type"], kinds)
    _refuse(rows, kind < 0, f"The crime type is not one of the level {crime_level}", "crime_type")
    month = months.get_indexer(pd.Index(rows["month"]))
    _refuse(rows, month < 0, "The month begins no whole year ahead of the origin", "month")
    shape = (len(areas), len(kinds), len(months))
    cell = np.ravel_multi_index((area, kind, month), shape)
    times = np.bincount(cell, minlength=int(np.prod(shape)))
    _refuse(rows, times[cell] > 1, "A cell is there more than once", None)
    missing = np.flatnonzero(times == 0)
    if len(missing):
        names = [
            _name(origin, period, area_level, crime_level, areas[one], kinds[two], months[three])
            for one, two, three in zip(*np.unravel_index(missing[:SHOWN], shape), strict=True)
        ]
        raise InputError(
            f"The forecast table lacks {area_level} x {crime_level} cells: {len(missing)}, such as {'; '.join(names)}",
            remedy="Give a row for every area, crime type and month of a level, zeros included.",
        )
    by_cell = np.empty((times.size, len(NUMBERS)))
    by_cell[cell] = rows[list(NUMBERS)].to_numpy(float)
    values = by_cell.reshape(*shape, len(NUMBERS))
    return Block(origin, period, area_level, crime_level, areas, kinds, months, values[..., 0], values[..., 1:])


def _name(origin: pd.Timestamp, period: str, *rest: object) -> str:
    *words, month = rest
    return f"{' '.join(map(str, words))} {period} {month:%Y-%m} from origin {origin:%Y-%m}"


def _refuse(rows: pd.DataFrame, wrong: object, what: str, column: str | None) -> None:
    places = np.flatnonzero(np.asarray(wrong))
    if not len(places):
        return
    names = [_name(*row) for row in rows.iloc[places[:SHOWN]][list(KEYS)].itertuples(index=False)]
    raise InputError(
        f"{what}. Rows of the forecast table: {len(places)}, such as {'; '.join(names)}",
        row=str(rows.index[places[0]]),
        column=column,
        remedy="Correct these rows; docs/scoring.md says what a forecast table holds.",
    )

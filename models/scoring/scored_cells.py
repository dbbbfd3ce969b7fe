"""The scored cells of a block: each forecast beside what happened, seasonal naive and the Poisson floor.

Walk in: a block of a forecast table, what was observed, and the scores of its draws. Walk out: `ScoredCells`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.draws.summary import MONTHS_A_YEAR
from models.forecast.vocabulary import UNLOCATED
from models.scoring.draw_scores import DrawScores
from models.scoring.forecast_cells import Block
from models.scoring.metrics import poisson_mean_absolute_deviation, seasonal_scale
from models.scoring.observed import Observed, sums_by_year


@dataclass(frozen=True)
class ScoredCells:
    """The scored cells of one block, by (series, month) unless said otherwise.

    A series is an area and crime type. quantiles : (series, month, quantile). floor : least absolute error
    to be expected of an oracle. volume, scale, crime_type : (series), mean offences a month in the year
    before the origin, `seasonal_scale`, and position among the block's crime types. crps, pit_lower,
    pit_upper : missing without draws.
    """

    actual: np.ndarray
    mean: np.ndarray
    quantiles: np.ndarray
    naive: np.ndarray
    floor: np.ndarray
    crps: np.ndarray
    pit_lower: np.ndarray
    pit_upper: np.ndarray
    volume: np.ndarray
    scale: np.ndarray
    crime_type: np.ndarray

    def part(self, series: np.ndarray | slice = slice(None), months: slice = slice(None)) -> ScoredCells:
        """Return some of the series, or of the months."""
        return ScoredCells(
            **{
                name: values[series] if values.ndim == 1 else values[series][:, months]
                for name, values in vars(self).items()
            }
        )


def scored_cells(block: Block, observed: Observed, known: int, by_draws: DrawScores | None) -> ScoredCells:
    """Return the scored cells of a block whose first `known` months ahead have been observed.

    Left out are months, or years, that are not over, and unlocated areas that were not published throughout
    the scored months and the year before: they cannot be compared like for like.
    """
    counts = observed.at(block.area_level, block.crime_level)
    counts = counts[observed.area_codes(block.area_level).get_indexer(block.area_codes)]
    first = int(observed.months.searchsorted(block.origin)) + 1
    history, actual = counts[..., :first], counts[..., first : first + known]
    last_year = history[..., -MONTHS_A_YEAR:]
    naive = last_year[..., np.arange(known) % MONTHS_A_YEAR]
    scale = seasonal_scale(history)
    floor = _floor(actual)
    if block.period == "year":
        history = sums_by_year(history[..., history.shape[-1] % MONTHS_A_YEAR :])
        actual, naive, scale = sums_by_year(actual), sums_by_year(naive), seasonal_scale(history, season=1)
        floor = poisson_mean_absolute_deviation(actual)
    steps = actual.shape[-1]
    drawn = [np.full(actual.shape, np.nan)] * 3
    if by_draws is not None and block.area_level != UNLOCATED:
        drawn = [observed.part(values, block.area_level, block.crime_level) for values in vars(by_draws).values()]
    published = np.isfinite(actual).all(axis=(1, 2)) & np.isfinite(last_year).all(axis=(1, 2))

    def by_series(values: np.ndarray) -> np.ndarray:
        chosen = values[published]
        return chosen.reshape(len(chosen) * chosen.shape[1], *chosen.shape[2:])

    return ScoredCells(
        actual=by_series(actual),
        mean=by_series(block.mean[:, :, :steps]),
        quantiles=by_series(block.quantiles[:, :, :steps]),
        naive=by_series(naive),
        floor=by_series(floor),
        crps=by_series(drawn[0]),
        pit_lower=by_series(drawn[1]),
        pit_upper=by_series(drawn[2]),
        volume=by_series(last_year.mean(axis=-1)),
        scale=by_series(scale),
        crime_type=by_series(np.broadcast_to(np.arange(counts.shape[1]), counts.shape[:2])),
    )


def _floor(actual: np.ndarray) -> np.ndarray:
    """Return the least error to be expected of one who knows each series' mean over a year's months."""
    parts = []
    for start in range(0, actual.shape[-1], MONTHS_A_YEAR):
        year = actual[..., start : start + MONTHS_A_YEAR]
        error = poisson_mean_absolute_deviation(year.mean(axis=-1, keepdims=True))
        parts.append(np.broadcast_to(error, year.shape))
    return np.concatenate(parts, axis=-1)

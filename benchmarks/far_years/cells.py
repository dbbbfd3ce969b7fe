"""Yearly sums that were forecast at one past origin, beside what was recorded.

Walks in: a panel and a model. Walks out: a table, one row a year ahead, area and crime type, of all levels.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import xarray as xr

from features.breaks import months_of
from features.history import YEAR
from features.panel import Panel
from models import scripting
from models.draws.distribution import Drawer
from models.forecast.hierarchy import AreaTree, sum_groups
from models.forecast.vocabulary import LEVELS, QUANTILES
from models.forecast.years import sum_years
from models.recipes.model import Model
from models.scoring.interval_coverage import pit_range
from models.scoring.metrics import weighted_interval_score
from models.scoring.observed import CrimeTree

FIRST_HISTORY = 36  # months of history before the first origin
LEVELS_OF_QUANTILES = np.array(list(QUANTILES.values()))
MEDIAN = list(QUANTILES).index("q50")


def of_boroughs(panel: Panel) -> Panel:
    """Return the panel of a force whose wards are its boroughs: the upper levels alone, at a tenth of the work."""
    areas = panel.areas.drop_duplicates("borough_code").reset_index(drop=True)
    areas = areas.assign(ward_code=areas["borough_code"], ward_name=areas["borough_name"])
    borough = pd.factorize(panel.areas["borough_code"])[0]
    counts = sum_groups(panel.offences.transpose("ward", "crime_type", "month").to_numpy(), borough)
    along = {"ward": areas["ward_code"], "borough": areas["borough_code"], "bcu": areas["bcu_code"]}
    offences = xr.DataArray(
        counts,
        dims=("ward", "crime_type", "month"),
        coords={
            **{name: ("ward", codes.to_numpy(object)) for name, codes in along.items()},
            **{name: panel.offences[name] for name in ("crime_type", "month", "major_type")},
        },
        name="offences",
    )
    code = dict(zip(panel.areas["ward_code"], panel.areas["borough_code"], strict=True))
    tables = ("ward_population", "ward_population_by_age", "ward_population_by_band")
    summed = {name: _summed(getattr(panel, name), code) for name in tables}
    return replace(panel, offences=offences, areas=areas, **summed)


def _summed(population: pd.DataFrame, code: dict[str, str]) -> pd.DataFrame:
    place = population.columns[0]
    keys = [column for column in population.columns if column != "persons"]
    summed = population.assign(**{place: population[place].map(code)}).groupby(keys, as_index=False, sort=False)
    table = summed["persons"].sum()[list(population.columns)]
    return table.sort_values("known_from", kind="stable", ignore_index=True)


def usable_origins(panel: Panel, spacing: int) -> list[pd.Timestamp]:
    """Return origins, a number of months apart back from the newest with a year to judge, outside disruptions."""
    unusual = months_of(panel.breaks, "disruption", panel.months).to_numpy()
    last = len(panel.months)
    return [
        panel.months[seen - 1]
        for seen in range(last - YEAR, FIRST_HISTORY - 1, -spacing)
        if not unusual[seen - 1] and len(_years_to_judge(unusual, seen))
    ][::-1]


def _years_to_judge(unusual: np.ndarray, seen: int) -> list[int]:
    """Return which years ahead, from 0, were recorded whole and without a disruption, up to the fourth."""
    ends = [(year, seen + YEAR * year) for year in range(4)]
    return [year for year, first in ends if first + YEAR <= len(unusual) and not unusual[first : first + YEAR].any()]


def cells_at(panel: Panel, model: Model, origin: pd.Timestamp, draws: int, seed: int = 1) -> pd.DataFrame:
    """Return what a model said at an origin of the sums of years ahead that can be judged.

    Columns: origin, area_level, area_code, crime_level, crime_type, year (1, 2, ...), before (recorded in the year up
    to the origin), observed, mean, median, wis (offences), pit_low, pit_high.
    """
    seen = panel.months.get_loc(origin) + 1
    unusual = months_of(panel.breaks, "disruption", panel.months).to_numpy()
    years = _years_to_judge(unusual, seen)
    forecast = scripting.forecast(scripting.fit(panel, model, origin), panel, YEAR * (max(years) + 1))
    tree, crimes = AreaTree.of(panel.areas), CrimeTree.of(panel.crime_types)
    drawer = Drawer(forecast, tree, draws=draws, seed=seed)
    minors = list(panel.crime_types["crime_type"])
    by_minor = [sum_years(drawer.draw(minor).counts[: tree.wards]) for minor in minors]
    drawn = crimes.sum_up(tree.sum_up(np.stack(by_minor, axis=1)))
    mean = forecast.mean.sel(crime_type=minors).transpose("ward", "month", "crime_type").to_numpy()
    mean = crimes.sum_up(tree.sum_up(sum_years(mean).swapaxes(1, 2)))
    counts = crimes.sum_up(tree.sum_up(panel.offences.transpose("ward", "crime_type", "month").to_numpy()))
    before = counts[:, :, seen - YEAR : seen].sum(axis=2)
    tables = []
    for year in years:
        first = seen + YEAR * year
        observed = counts[:, :, first : first + YEAR].sum(axis=2)
        table = _one_year(tree, crimes, drawn[:, :, year], mean[:, :, year], observed)
        tables.append(table.assign(year=year + 1, before=before.ravel()))
    return pd.concat(tables, ignore_index=True).assign(origin=origin)


def _one_year(
    tree: AreaTree, crimes: CrimeTree, drawn: np.ndarray, mean: np.ndarray, observed: np.ndarray
) -> pd.DataFrame:
    """Return the rows of one year from draws, (area, crime type, draw), and expected and recorded sums."""
    low, high = pit_range(observed, drawn)
    quantiles = np.quantile(drawn, LEVELS_OF_QUANTILES, axis=-1, method="inverted_cdf")
    quantiles = np.moveaxis(quantiles, 0, -1)
    score = weighted_interval_score(observed.astype(float), quantiles, tuple(LEVELS_OF_QUANTILES))
    place = np.repeat(np.arange(len(tree.table)), len(crimes.table))
    kind = np.tile(np.arange(len(crimes.table)), len(tree.table))
    named = {name: pd.Categorical(tree.table[name].to_numpy()[place]) for name in ("area_level", "area_code")}
    named |= {name: pd.Categorical(crimes.table[name].to_numpy()[kind]) for name in ("crime_level", "crime_type")}
    values = {"observed": observed, "mean": mean, "median": quantiles[..., MEDIAN], "wis": score}
    values |= {"pit_low": low, "pit_high": high}
    table = pd.DataFrame(named | {name: array.ravel() for name, array in values.items()})
    assert set(table["area_level"]) == set(LEVELS)
    return table

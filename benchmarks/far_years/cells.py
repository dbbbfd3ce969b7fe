"""Yearly sums, and months of the first year, that were forecast at one past origin, beside what was recorded.

Walks in: a panel and a model. Walks out: a table, one row a year or month ahead, area and crime type, of all levels.
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
        if not unusual[seen - 1] and len(years_to_judge(unusual, seen))
    ][::-1]


def years_to_judge(unusual: np.ndarray, seen: int) -> list[int]:
    """Return which years ahead, from 0, were recorded whole and without a disruption, up to the fourth."""
    ends = [(year, seen + YEAR * year) for year in range(4)]
    return [year for year, first in ends if first + YEAR <= len(unusual) and not unusual[first : first + YEAR].any()]


def cells_at(panel: Panel, model: Model, origin: pd.Timestamp, draws: int, seed: int = 1) -> pd.DataFrame:
    """Return what a model said at an origin of the sums of years ahead that can be judged, and of the first's months.

    Columns: origin, area_level, area_code, crime_level, crime_type, year (1, 2, ...), month (1 to 12 of the calendar,
    or 0 for the sum of the year), before (recorded in the year up to the origin), observed, mean, median, wis
    (offences), pit_low, pit_high. Months are of boroughs and above.
    """
    seen = panel.months.get_loc(origin) + 1
    unusual = months_of(panel.breaks, "disruption", panel.months).to_numpy()
    years = years_to_judge(unusual, seen)
    forecast = scripting.forecast(scripting.fit(panel, model, origin), panel, YEAR * (max(years) + 1))
    tree, crimes = AreaTree.of(panel.areas), CrimeTree.of(panel.crime_types)
    minors = list(panel.crime_types["crime_type"])
    drawn, drawn_months = _drawn(Drawer(forecast, tree, draws=draws, seed=seed), tree, crimes, minors)
    mean = forecast.mean.sel(crime_type=minors).transpose("ward", "month", "crime_type").to_numpy()
    mean = crimes.sum_up(tree.sum_up(mean.swapaxes(1, 2)))
    counts = crimes.sum_up(tree.sum_up(panel.offences.transpose("ward", "crime_type", "month").to_numpy()))
    before = counts[:, :, seen - YEAR : seen].sum(axis=2)
    tables = []
    for year in years:
        first = YEAR * year
        observed, expected = (
            part[:, :, at : at + YEAR].sum(axis=2) for part, at in ((counts, seen + first), (mean, first))
        )
        table = _one_span(tree.table, crimes, drawn[:, :, year], expected, observed)
        tables.append(table.assign(year=year + 1, month=0, before=before.ravel()))
    above = tree.table.iloc[tree.wards :]
    for ahead in range(YEAR if 0 in years else 0):
        values = (part[tree.wards :, :, at] for part, at in ((mean, ahead), (counts, seen + ahead)))
        table = _one_span(above, crimes, drawn_months[:, :, ahead], *values)
        calendar = (origin.month + ahead) % YEAR + 1
        tables.append(table.assign(year=1, month=calendar, before=before[tree.wards :].ravel()))
    return pd.concat(tables, ignore_index=True).assign(origin=origin)


def _drawn(drawer: Drawer, tree: AreaTree, crimes: CrimeTree, minors: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return draws of years, (area, crime type, year, draw), and of the first year's months, of boroughs and above."""
    by_year, by_month = [], []
    for minor in minors:
        counts = drawer.draw(minor).counts[: tree.wards]
        by_year.append(sum_years(counts))
        by_month.append(sum_groups(counts[:, :YEAR], tree.borough_of_ward))
    years, months = np.stack(by_year, axis=1), np.stack(by_month, axis=1)
    return crimes.sum_up(tree.sum_up(years)), crimes.sum_up(tree.sum_up_boroughs(months))


def _one_span(
    areas: pd.DataFrame, crimes: CrimeTree, drawn: np.ndarray, mean: np.ndarray, observed: np.ndarray
) -> pd.DataFrame:
    """Return the rows of one span from draws, (area, crime type, draw), and expected and recorded sums."""
    low, high = pit_range(observed, drawn)
    quantiles = np.quantile(drawn, LEVELS_OF_QUANTILES, axis=-1, method="inverted_cdf")
    quantiles = np.moveaxis(quantiles, 0, -1)
    score = weighted_interval_score(observed.astype(float), quantiles, tuple(LEVELS_OF_QUANTILES))
    place = np.repeat(np.arange(len(areas)), len(crimes.table))
    kind = np.tile(np.arange(len(crimes.table)), len(areas))
    named = {name: pd.Categorical(areas[name].to_numpy()[place]) for name in ("area_level", "area_code")}
    named |= {name: pd.Categorical(crimes.table[name].to_numpy()[kind]) for name in ("crime_level", "crime_type")}
    values = {"observed": observed, "mean": mean, "median": quantiles[..., MEDIAN], "wis": score}
    values |= {"pit_low": low, "pit_high": high}
    table = pd.DataFrame(named | {name: array.ravel() for name, array in values.items()})
    assert set(table["area_level"]) <= set(LEVELS)
    return table

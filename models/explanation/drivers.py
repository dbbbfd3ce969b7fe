"""What drives demand, for every area and crime type at once: tables of the steps from one year to another.

Walk in: a forecast, the panel it was made from, and exposures. Walk out: the `drivers` table (why each year ahead
differs from the last recorded one) and the demand waterfall (from an earlier recorded year over the last one to the
last year ahead). The steps of a cell add up, and add up over both trees.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import xarray as xr

from features.history import YEAR
from features.panel import Panel
from models.explanation.explain import (
    LEVEL_AND_CHANCE,
    change_between,
    explain,
    factors_at_the_origin,
    factors_of_year,
    last_year,
    log_mean_parts,
)
from models.forecast.crime_sums import CrimeSums
from models.forecast.forecast import FACTORS, Forecast
from models.forecast.hierarchy import AreaTree
from models.forecast.years import whole_years
from sources.files.errors import InputError

AREA_AND_CRIME = ["area_level", "area_code", "crime_level", "crime_type"]
SIZE, MIX, RATE, SEASON, SCENARIO = "population size", "age mix", "rate", "season", "scenario"


def drivers_table(
    forecast: Forecast, panel: Panel, past: xr.DataArray | None = None, sums: CrimeSums | None = None
) -> pd.DataFrame:
    """Return why each year ahead differs from the last recorded one, for every area and crime type.

    Columns: area_level, area_code, crime_level, crime_type, month (first of the year ahead), step (`before`, parts as
    in `explain.Change`, `after`), offences: a total for `before` and `after`, else a change. `past`: see
    `explain.explain`; `sums`: further sums of crime types to tell, see `models.forecast.crime_sums`.
    """
    tables = []
    for year in range(1, whole_years(len(forecast.months)) + 1):
        change = explain(forecast, panel, year=year, past=past)
        steps = {"before": change.before}
        steps |= {part: change.parts.sel(part=part) for part in [LEVEL_AND_CHANCE, *FACTORS[1:]]}
        steps["after"] = change.after
        table = _every_area_and_type(steps, panel, lowest="ward", sums=sums)
        tables.append(table.assign(month=forecast.months[(year - 1) * YEAR]))
    order = [*AREA_AND_CRIME, "month", "step", "offences"]
    return pd.concat(tables, ignore_index=True)[order] if tables else pd.DataFrame(columns=order)


def demand_waterfall(
    forecasts: Sequence[Forecast],
    panel: Panel,
    exposure: xr.DataArray,
    residents: xr.DataArray,
    *,
    years_back: int = 6,
    sums: CrimeSums | None = None,
) -> pd.DataFrame:
    """Return how demand came from a recorded year to the last recorded one, and goes from there to the last year ahead.

    forecasts : under each scenario, the first is the one that the others differ from.
    exposure : (ward, [crime_type,] month) population's part in the first scenario's demand, relative to the origin, for
        the recorded years of the waterfall; made as the forecast's own.
    residents : (ward, month) the same of residents of all ages alike, for these years and those ahead.
    years_back : how many years before the last recorded one it begins.

    Columns: area_level (borough and above), area_code, crime_level, crime_type, scenario, month_before, month_after
    (first months of the two years), step, offences. The steps are `before`, `population size` (as many more people of
    the same ages), `age mix` (what is left of the population factor), `rate` (everything else that changes, chance
    included), `season`, `scenario` (what a scenario's population adds to the first scenario's) and `after`. Each leg's
    parts are log-mean Divisia (see `explain.log_mean_parts`) by ward and minor type and add up. Raises InputError where
    the history or the forecast holds too few years.
    """
    first = forecasts[0]
    years = whole_years(len(first.months))
    recorded = panel.offences.sel(month=slice(None, first.origin))
    if years < 1 or recorded.sizes["month"] < YEAR * (years_back + 1):
        raise InputError(
            f"A demand waterfall from {years_back} years back needs {years_back + 1} recorded years and one year ahead",
            value=f"{recorded.sizes['month']} months of history, {len(first.months)} ahead",
            remedy="Begin fewer years back, or forecast at least twelve months.",
        )
    began = recorded.isel(month=slice(-YEAR * (years_back + 1), -YEAR * years_back))
    ended = last_year(panel, first.origin)
    starts = [pd.Timestamp(year["month"].to_numpy()[0]) for year in (began, ended)]
    starts.append(first.months[(years - 1) * YEAR])
    past = _recorded_steps(began, ended, exposure, residents, first.strength)
    ahead = _steps_ahead(first, panel, exposure, residents, years)
    first_after = ahead.pop("after")
    tables = []
    for forecast in forecasts:
        scenario = forecast.mean.isel(month=slice((years - 1) * YEAR, years * YEAR)).sum("month")
        onward = {**ahead, SCENARIO: scenario - first_after, "after": scenario}
        for leg, (before, after) in ((past, starts[:2]), (onward, starts[1:])):
            table = _every_area_and_type(leg, panel, lowest="borough", sums=sums)
            tables.append(table.assign(scenario=forecast.scenario, month_before=before, month_after=after))
    order = [*AREA_AND_CRIME, "scenario", "month_before", "month_after", "step", "offences"]
    return pd.concat(tables, ignore_index=True)[order]


def _recorded_steps(
    began: xr.DataArray, ended: xr.DataArray, exposure: xr.DataArray, residents: xr.DataArray, strength: float
) -> dict[str, xr.DataArray]:
    """Return the steps between two recorded years, by ward and minor type."""
    before, after = (year.sum("month").transpose("ward", "crime_type").astype(float) for year in (began, ended))

    def factors(counts: xr.DataArray, year: xr.DataArray) -> list[np.ndarray]:
        population, size = (factor.sel(month=year["month"]).mean("month") for factor in (exposure, residents))
        size, population = (
            part.broadcast_like(counts).transpose(*counts.dims) ** strength for part in (size, population)
        )
        return [part.to_numpy() for part in (size, (population / size).fillna(1.0), counts / population)]

    parts = log_mean_parts(np.stack(factors(before, began)), np.stack(factors(after, ended)))
    changes = {name: before.copy(data=part) for name, part in zip((SIZE, MIX, RATE), parts, strict=True)}
    return {"before": before, **changes, "after": after}


def _steps_ahead(
    forecast: Forecast, panel: Panel, exposure: xr.DataArray, residents: xr.DataArray, year: int
) -> dict[str, xr.DataArray]:
    """Return the steps from the last recorded year to a year ahead, by ward and minor type."""
    months = slice((year - 1) * YEAR, year * YEAR)
    recorded = last_year(panel, forecast.origin)
    both = (
        (factors_at_the_origin(forecast, panel, exposure), recorded["month"]),
        (factors_of_year(forecast, year), forecast.months[months]),
    )
    taken_apart: list[Mapping[str, xr.DataArray]] = []
    for factors, when in both:
        size = residents.sel(month=when).assign_coords(month=np.arange(YEAR)) ** forecast.strength
        rest = {name: factor for name, factor in factors.items() if name != "population"}
        population = factors.get("population", xr.ones_like(size))
        taken_apart.append({**rest, SIZE: size, MIX: (population / size).fillna(1.0)})
    names = [SIZE, MIX, *(name for name in FACTORS if name != "population")]
    change = change_between(taken_apart[0], taken_apart[1], names)
    before = recorded.sum("month").astype(float).reindex_like(change.before)
    part = {name: change.parts.sel(part=name) for name in names}
    # The last recorded year differs from what the level now would have given, which is no one's doing but the rate's.
    rate = part["level"] + part["trend"] + part["judgement"] + change.before - before
    return {
        "before": before,
        SIZE: part[SIZE],
        MIX: part[MIX],
        RATE: rate,
        SEASON: part["season"],
        "after": change.after,
    }


def _every_area_and_type(
    steps: Mapping[str, xr.DataArray], panel: Panel, lowest: str, sums: CrimeSums | None
) -> pd.DataFrame:
    """Return steps, (ward, crime_type) each, summed up both trees: a row an area, crime type and step."""
    tree = AreaTree.of(panel.areas)
    minors = panel.crime_types
    like = {"ward": panel.areas["ward_code"].to_numpy(), "crime_type": minors["crime_type"].to_numpy()}
    values = np.stack([step.sel(like).transpose("ward", "crime_type").to_numpy() for step in steps.values()], axis=-1)
    members = {("major", str(major)): frozenset(of) for major, of in minors.groupby("major_type")["crime_type"]}
    members |= {("all", "all"): frozenset(minors["crime_type"])} | dict(sums or {})
    types = [*(("minor", minor) for minor in minors["crime_type"]), *members]
    of_sum = np.stack([minors["crime_type"].isin(list(one)) for one in members.values()], axis=1).astype(float)
    areas, by_area = tree.table, tree.sum_up(values)
    if lowest != "ward":
        areas, by_area = areas.iloc[tree.wards :], by_area[tree.wards :]
    figures = np.concatenate([by_area, np.einsum("acs,cm->ams", by_area, of_sum)], axis=1)
    area, crime, step = (place.ravel() for place in np.indices(figures.shape))

    def labels(values: Sequence[str] | pd.Series, codes: np.ndarray) -> pd.Categorical:
        own, kinds = pd.factorize(pd.Series(values, dtype=str))
        return pd.Categorical.from_codes(own[codes], categories=pd.Index(kinds))

    return pd.DataFrame(
        {
            "area_level": labels(areas["area_level"], area),
            "area_code": labels(areas["area_code"], area),
            "crime_level": labels([level for level, _ in types], crime),
            "crime_type": labels([crime_type for _, crime_type in types], crime),
            "step": labels(list(steps), step),
            "offences": figures.ravel(),
        }
    )

"""What a plan's own draws make of wards and boroughs: counts, harm and hours, judgements and errors of hours included.

Walk in: kept draws and a plan. Walk out: labelled arrays by measure, (draw, year, ward) and (draw, year, area).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from models.draws.kept import KeptDraws
from models.forecast.years import MONTHS_A_YEAR, whole_years
from planning.areas import PlanAreas
from planning.assumed import Errors
from planning.demand.judgement import factor_of, ward_multipliers
from planning.demand.plan_demand import PlanDemand, plan_demand
from planning.demand.standing import standing_judgements
from planning.folder.check import Ground
from planning.folder.read import PlanFolder
from planning.folder.vocabulary import FUNCTIONS
from planning.scenario_work import Maker
from planning.work.totals import hours_of, ward_hours

CRIME, HARM, HOURS = "crime", "harm", "hours"


@dataclass(frozen=True, eq=False)
class PlaceDraws:
    """Draws of the central scenario of a plan.

    wards : of the types that earn posts: `crime`, `harm` where weights are known, and `hours` of the neighbourhood
    function, (draw, year, ward). boroughs : of all recorded offences `crime` and `harm`, and `hours` of all functions,
    streams apart, (draw, year, area). Years are whole ones ahead, the first of them 1.
    """

    wards: Mapping[str, xr.DataArray]
    boroughs: Mapping[str, xr.DataArray]


def place_draws(
    kept: KeptDraws, plan: PlanFolder, ground: Ground, types_with_posts: Sequence[str], seed: int
) -> PlaceDraws:
    """Return the draws of a plan by ward and borough.

    types_with_posts : minor crime types that may earn posts, and be told of wards. seed : of the plan, so that errors
    of hours are the plan's.
    """
    errors = Errors(kept.by_month.sizes["draw"], seed)
    effects, _ = standing_judgements(plan.judgements, kept, ground.areas, ground.majors, errors, seed)
    multipliers = ward_multipliers(effects, kept)
    forecast = plan_demand(kept, plan.discovered)
    demand = forecast.times(factor_of(effects, kept, multipliers)) if effects else forecast
    areas, years = PlanAreas.of(kept, ground.areas), min(plan.head.years, whole_years(kept.by_month.sizes["month"]))
    of_a_case = Maker(plan, areas, ground.majors, years).of_a_case(demand, plan.levers, errors)
    keep = np.isin(demand.types, list(types_with_posts))
    harm = np.array([ground.harm.get(name, 0.0) for name in demand.types])
    counted = _counting(demand, harm if harm.any() else None, years)
    function = FUNCTIONS.index("neighbourhood")
    worked = np.stack([of_a_case[:, function], of_a_case.sum(axis=1)], axis=1)
    wards: dict[str, xr.DataArray] = {}
    boroughs: dict[str, xr.DataArray] = {}
    # What is recorded of types whose work is a budget counts as recorded; their hours stay as they were.
    as_recorded = replace(demand, budgeted=np.zeros_like(demand.budgeted))
    for names, of_demand, weights in (
        ([CRIME, HARM][: counted.shape[1]], as_recorded, counted),
        ([HOURS, HOURS], demand, worked),
    ):
        by_type = hours_of(of_demand, weights, years, by_type=True).by_type
        assert by_type is not None
        of_wards = ward_hours(of_demand, by_type, areas.borough_of_ward, keep, multipliers)
        of_areas = areas.sums(by_type.sum(axis=1))[: len(_boroughs(areas))]
        for at, name in enumerate(names):
            if name not in wards:
                wards[name] = _labelled(of_wards[:, at], "ward", kept.by_year["ward"].to_numpy(), name)
            boroughs[name] = _labelled(of_areas[:, at], "area", _boroughs(areas), name)
    return PlaceDraws(wards, boroughs)


def _counting(demand: PlanDemand, harm: np.ndarray | None, years: int) -> np.ndarray:
    """Return what an offence counts for, (crime type, measure, 1 + month, draw): one, and its harm where known."""
    weights = [np.ones(len(demand.types)), *([] if harm is None else [harm])]
    shape = (len(demand.types), len(weights), 1 + years * MONTHS_A_YEAR, 1)
    return np.broadcast_to(np.stack(weights, axis=1)[:, :, np.newaxis, np.newaxis], shape)


def _boroughs(areas: PlanAreas) -> list[str]:
    return areas.table.loc[areas.table["area_level"] == "borough", "area_code"].tolist()


def _labelled(values: np.ndarray, dimension: str, labels: Sequence[str] | np.ndarray, name: str) -> xr.DataArray:
    """Return (area, year, draw) as (draw, year, area)."""
    coordinates = {dimension: list(labels), "year": np.arange(1, values.shape[1] + 1)}
    found = xr.DataArray(values, dims=(dimension, "year", "draw"), coords=coordinates, name=name)
    return found.transpose("draw", "year", dimension)

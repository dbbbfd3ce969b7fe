"""A plan's draws by ward and borough: the kept ones where nothing is judged, and hours with their errors."""

from __future__ import annotations

import numpy as np
import pytest

from models.draws.kept import KeptDraws
from planning.folder.check import Ground
from planning.folder.read import read_plan
from planning.folder.vocabulary import FUNCTIONS
from planning.make import make_plan
from planning.places.hours_of_types import hours_of_types
from planning.places.kept_draws import kept_by_borough, kept_by_ward
from planning.places.plan_draws import place_draws
from tests.planning.conftest import areas, ground, kept, plan_folder  # noqa: F401  (fixtures)

pytestmark = pytest.mark.unit


def test_counts_are_the_kept_draws_and_hours_those_of_the_plan(kept: KeptDraws, ground: Ground) -> None:  # noqa: F811
    plan = read_plan(None, ground)
    types = [name for name in map(str, kept.by_year["crime_type"].to_numpy()) if name not in plan.discovered]
    found = place_draws(kept, plan, ground, types, seed=1)
    years = found.wards["crime"].sizes["year"]
    by_ward = kept_by_ward(kept, types).isel(year=slice(0, years))
    np.testing.assert_allclose(found.wards["crime"].to_numpy(), by_ward.to_numpy())
    by_borough = kept_by_borough(kept, ground.areas).isel(year=slice(0, years))
    np.testing.assert_allclose(found.boroughs["crime"].to_numpy(), by_borough.to_numpy())
    work = make_plan(kept, plan, ground, seed=1).tables["work"]
    told = work[(work["area_level"] == "borough") & (work["function"] == "all") & (work["what"] == "all")]
    told = told[told["scenario"] == "central"].pivot(index="area_code", columns="year", values="mean")
    ours = found.boroughs["hours"].mean("draw").transpose("area", "year")
    np.testing.assert_allclose(told.loc[list(ours["area"].to_numpy())].to_numpy(), ours.to_numpy())


def test_hours_of_a_case_leave_out_what_policing_discovers(ground: Ground) -> None:  # noqa: F811
    plan = read_plan(None, ground)
    first = next(iter(ground.majors))
    table = hours_of_types(plan.tables, ground.majors, ground.months[0], (first,))
    assert list(table) == list(FUNCTIONS)
    assert first not in table.index
    assert (table.to_numpy() >= 0).all()
    assert table.to_numpy().any()

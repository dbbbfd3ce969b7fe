"""A country of simulated forces: sizes add up, and nothing of one force is taken for another's."""

from __future__ import annotations

import itertools

import pytest

from sources.simulated.city import boroughs_of
from sources.simulated.country import plan_country

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(("forces", "wards"), [(43, 7_500), (2, 24), (5, 61), (43, 600)])
def test_wards_add_up_and_no_force_is_too_small(forces: int, wards: int) -> None:
    sizes = [force.wards for force in plan_country(forces, wards, seed=1)]
    assert len(sizes) == forces
    assert sum(sizes) == wards
    assert min(sizes) >= 12
    assert sizes[0] == max(sizes)


def test_england_and_wales_have_one_london_and_many_small_forces() -> None:
    sizes = [force.wards for force in plan_country(43, 7_500, seed=1)]
    assert sizes[0] == pytest.approx(679, abs=2)
    assert 300 < sizes[1] < 400
    assert 55 < sizes[-1] < 65


def test_names_and_codes_are_of_one_force_alone() -> None:
    planned = plan_country(43, 7_500, seed=1)
    assert len({force.folder for force in planned}) == len({force.identity.code for force in planned}) == 43
    for one, following in itertools.pairwise(planned):
        assert following.identity.first_ward == one.identity.first_ward + one.wards
        assert following.identity.first_borough == one.identity.first_borough + boroughs_of(one.wards)
    last = planned[-1]
    assert last.identity.first_ward + last.wards - 1 == 7_500


@pytest.mark.parametrize(("forces", "wards"), [(1, 100), (43, 515)])
def test_too_few_are_refused(forces: int, wards: int) -> None:
    with pytest.raises(ValueError, match="A country has two forces or more"):
        plan_country(forces, wards, seed=1)

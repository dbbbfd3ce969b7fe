"""A fictional city: wards with a part to play, boroughs, command units, and polygons that tile it.

Walks in: the number of wards, a random generator. Walks out: a `City`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from sources.simulated.names import CITY_NAME, place_names

WARDS_IN_A_BOROUGH = 20
BOROUGHS_IN_A_UNIT = 2.7
RESIDENTS_IN_A_WARD = 13_000
RESIDENTS_OF_THE_DOCKS = 40

_CENTRE = (2.3, 54.6)  # longitude and latitude: the city lies in the open North Sea
_WARD_WIDTH = 0.02  # degrees of latitude, in the middle between centre and edge
_DECIMALS = 5  # as the publisher's boundaries


@dataclass(frozen=True)
class City:
    """`wards`: ward_code, ward_name, borough_code, borough_name, bcu_name, role and three numbers.

    `role` is one of airport, docks, city centre, town centre, station, residential. `deprivation` is a
    standard normal score; `residents` are those of mid-2021; `growth` is the yearly growth of their
    logarithm. `borough` gives each ward's position in `boroughs` (borough_code, borough_name). `polygons`
    are in degrees.
    """

    name: str
    wards: pd.DataFrame
    boroughs: pd.DataFrame
    borough: np.ndarray
    polygons: np.ndarray

    def sum_by_borough(self, values: np.ndarray, axis: int = 0) -> np.ndarray:
        """Return the sums over the dimension of wards, by borough."""
        # Wards are listed borough by borough, so each borough is one run of rows.
        return np.add.reduceat(values, np.searchsorted(self.borough, np.arange(len(self.boroughs))), axis=axis)


@dataclass(frozen=True)
class Identity:
    """What tells one fictional force from another: its name, its number, and the numbers of its first areas.

    Each of the numbers, from 1 up, ends a code.
    """

    name: str = CITY_NAME
    number: int = 1
    first_ward: int = 1
    first_borough: int = 1

    @property
    def code(self) -> str:
        """The code of the force."""
        return f"E2399{self.number:04d}"


QUELLMOUTH = Identity()


def boroughs_of(number_of_wards: int) -> int:
    """Return how many boroughs a city of that many wards has."""
    return max(3, round(number_of_wards / WARDS_IN_A_BOROUGH))


def build_city(number_of_wards: int, generator: np.random.Generator, identity: Identity = QUELLMOUTH) -> City:
    """Return a city of that many wards in at least three boroughs and two command units."""
    points, polygons = _mesh(number_of_wards, generator)
    number_of_boroughs = boroughs_of(number_of_wards)
    borough = _districts(points, number_of_boroughs)
    order = np.argsort(borough, kind="stable")
    points, polygons, borough = points[order], polygons[order], borough[order]

    middles = np.stack([points[borough == each].mean(axis=0) for each in range(number_of_boroughs)])
    units = _districts(middles, max(2, round(number_of_boroughs / BOROUGHS_IN_A_UNIT)))
    names = place_names(number_of_wards + number_of_boroughs + units.max() + 1, generator)
    borough_names, unit_names, ward_names = np.split(
        np.array(names, dtype=object), [number_of_boroughs, number_of_boroughs + units.max() + 1]
    )
    boroughs = pd.DataFrame(
        {
            "borough_code": _codes("E0999", identity.first_borough, number_of_boroughs),
            "borough_name": borough_names,
        }
    )
    role = _roles(points, borough, middles)
    wards = pd.DataFrame(
        {
            "ward_code": _codes("E0599", identity.first_ward, number_of_wards),
            "ward_name": _awkward_names(ward_names),
            "borough_code": boroughs["borough_code"].to_numpy()[borough],
            "borough_name": borough_names[borough],
            "bcu_name": (unit_names + " Command")[units[borough]],
            "role": role,
            "deprivation": _deprivation(points, generator),
            "residents": _residents(role, generator),
            "growth": generator.normal(0.004, 0.008, number_of_wards),
        }
    )
    return City(identity.name, wards, boroughs, borough, polygons)


def _codes(beginning: str, first: int, how_many: int) -> list[str]:
    return [f"{beginning}{number:04d}" for number in range(first, first + how_many)]


def _mesh(number: int, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    # Cells around jittered points of a hexagonal grid. The grid is larger than the city: the points beyond
    # its edge bound the cells of those within, so that the city needs no outline of its own.
    reach = int(np.ceil(np.sqrt(number) / 1.5)) + 5
    column, row = np.meshgrid(np.arange(-reach, reach + 1), np.arange(-reach, reach + 1))
    grid = np.column_stack([(column + row % 2 / 2).ravel(), (row * np.sqrt(3) / 2).ravel()])
    grid += generator.uniform(-0.28, 0.28, grid.shape)
    distance = np.hypot(grid[:, 0], grid[:, 1])
    within = np.argsort(distance)[:number]
    crowding = 0.5 + distance / distance[within].max() / 2  # wards are smaller towards the middle
    stretch = _WARD_WIDTH / np.array([np.cos(np.radians(_CENTRE[1])), 1.0])
    points = grid * crowding[:, np.newaxis] * stretch + _CENTRE
    cells = shapely.voronoi_polygons(shapely.multipoints(points), ordered=True)
    corners = shapely.transform(shapely.get_parts(cells)[within], lambda place: place.round(_DECIMALS))
    return points[within], corners


def _districts(points: np.ndarray, number: int) -> np.ndarray:
    # Halve the longer side again and again: districts of nearly equal size whose wards lie together.
    district = np.zeros(len(points), dtype=int)
    if number > 1:
        first = number // 2
        order = np.argsort(points[:, np.argmax(np.ptp(points, axis=0))], kind="stable")
        lower, upper = np.split(order, [round(len(points) * first / number)])
        district[lower] = _districts(points[lower], first)
        district[upper] = first + _districts(points[upper], number - first)
    return district


def _roles(points: np.ndarray, borough: np.ndarray, middles: np.ndarray) -> np.ndarray:
    role = np.full(len(points), "residential", dtype=object)
    from_centre = np.hypot(*(points - points.mean(axis=0)).T)
    outwards = np.argsort(from_centre)
    for each, middle in enumerate(middles):
        members = np.flatnonzero(borough == each)
        role[members[np.argmin(np.hypot(*(points[members] - middle).T))]] = "town centre"
    for name, order, number in (
        ("city centre", outwards, 1),
        ("station", outwards, 1 + len(points) // 60),
        ("airport", outwards[::-1], 1),
        ("docks", outwards[::-1], 1),
    ):
        free = order[role[order] == "residential"]
        role[free[:number]] = name
    return role


def _awkward_names(names: np.ndarray) -> list[str]:
    # Real names hold commas and ampersands, and two boroughs may each have a ward of the same name.
    names = names.copy()
    names[1] = f"{names[1]}, {names[2]} & {names[3]}"
    names[-2] = f"{names[-2]} & {names[-3]}"
    names[-1] = names[0]
    return names.tolist()


def _deprivation(points: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    # Neighbouring wards resemble each other: noise smoothed over about two wards' width.
    scaled = (points - points.mean(axis=0)) / _WARD_WIDTH * [np.cos(np.radians(_CENTRE[1])), 1.0]
    waves = generator.normal(0, 0.6, (2, 40))
    smooth = np.cos(scaled @ waves + generator.uniform(0, 2 * np.pi, 40)).sum(axis=1) / np.sqrt(20)
    score = 0.8 * smooth + 0.6 * generator.normal(size=len(points))
    return (score - score.mean()) / score.std()


def _residents(role: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    residents = RESIDENTS_IN_A_WARD * np.exp(generator.normal(0, 0.25, len(role)))
    residents = residents.clip(5_000, 23_000)
    residents[role == "docks"] = RESIDENTS_OF_THE_DOCKS
    residents[role == "airport"] /= 2
    return residents

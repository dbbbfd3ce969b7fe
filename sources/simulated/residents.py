"""Who lives in the fictional city, by ward, single year of age and year: the truth.

Walks in: a `City`, a random generator. Walks out: `Residents`, which gives the persons of any year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sources.simulated.city import City
from sources.tables.contracts import OLDEST_AGE

AGES = np.arange(OLDEST_AGE + 1)
BASE_YEAR = 2021

_BOOM = (2008.0, 4.0, 0.30)  # middle and spread of the birth years of a baby boom, its height
_FEWER_BIRTHS = (2019.0, 0.15)  # from about this year of birth on cohorts are smaller by this share


@dataclass(frozen=True)
class Residents:
    """Persons = size of the ward x age profile x size of the birth cohort x growth of the ward.

    `profile` is (ward, age 0..90) and, times the cohorts of the base year, sums to one over ages; `size`
    and `growth` are by ward. A cohort keeps its size as it grows older, so that one year's profile moved on
    by a year, times a ratio by ward and age that never changes, is the next year's.
    """

    size: np.ndarray
    growth: np.ndarray
    profile: np.ndarray

    def persons(self, year: int) -> np.ndarray:
        """Return the residents on 30 June of a year, (ward, age 0..90)."""
        size = self.size * np.exp(self.growth * (year - BASE_YEAR))
        return size[:, np.newaxis] * self.profile * cohort_size(year - AGES)


def cohort_size(birth_year: np.ndarray) -> np.ndarray:
    """Return the size of birth cohorts relative to the long run."""
    middle, spread, height = _BOOM
    boom = height * np.exp(-(((birth_year - middle) / spread) ** 2))
    start, share = _FEWER_BIRTHS
    return 1 + boom - share / (1 + np.exp(-(birth_year - start)))


def settle(city: City, generator: np.random.Generator) -> Residents:
    """Return the residents of a big city: wards younger and older, and some with students."""
    number = len(city.wards)
    youth, students = generator.normal(0, 0.25, number), generator.gamma(0.4, 0.5, number)
    central = city.wards["role"].isin(["city centre", "station"]).to_numpy()
    tilt = -(youth + 0.5 * central)[:, np.newaxis] * (AGES - 38) / 25
    profile = _city_profile() * np.exp(tilt) + 0.015 * students[:, np.newaxis] * _bump(20.5, 1.8)
    profile /= (profile * cohort_size(BASE_YEAR - AGES)).sum(axis=1, keepdims=True)
    return Residents(city.wards["residents"].to_numpy(float), city.wards["growth"].to_numpy(float), profile)


def _city_profile() -> np.ndarray:
    # Children level, young adults drawn to the city, then fewer and fewer.
    ageing = 1 / (1 + np.exp((AGES - 72) / 8.5))
    profile = 0.0118 * ageing * (1 + 0.65 * _bump(29, 8) + 0.15 * _bump(44, 8))
    profile[OLDEST_AGE] *= 4  # 90 stands for all ages from 90
    return profile


def _bump(middle: float, spread: float) -> np.ndarray:
    return np.exp(-(((AGES - middle) / spread) ** 2) / 2)

"""The posts of a force along its paths, and what they are held against.

Walk in: a plan and the force it is for. Walk out: tables of people and of break-even, and the quality of hours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from planning.areas import PlanAreas
from planning.folder.check import Ground
from planning.folder.read import PlanFolder
from planning.people.gaps import break_even_table, people_table
from planning.people.posts import FORCE, paths, posts_held, posts_of_areas
from planning.people.ranks import ranks_table
from planning.scenario_work import Work
from planning.work.quality import quality_by_function


@dataclass(frozen=True, eq=False)
class ForcePosts:
    """Posts of a plan; `years` are the first months of its years, `months` all of its months."""

    plan: PlanFolder
    ground: Ground
    areas: PlanAreas
    months: pd.DatetimeIndex
    years: list[pd.Timestamp]

    @property
    def _names(self) -> set[str]:
        return {FORCE, *self.ground.areas["force_code"], *self.ground.areas["force_name"]}

    @cached_property
    def held(self) -> dict[str, float]:
        """People held by function, national posts among them."""
        return posts_held(self.plan.tables["people"], self._names)

    @cached_property
    def there(self) -> Mapping[str, np.ndarray]:
        """People there along each path, (function, month)."""
        return paths(self.plan.tables["people"], self.held, self.months)

    @cached_property
    def quality(self) -> dict[str, str]:
        """The worst quality of the hours of each function."""
        return quality_by_function(self.plan.tables, self.ground.majors)

    def people(self, pair: Sequence[Work]) -> pd.DataFrame:
        """Return needed, there and gap of the force and of areas whose posts are known."""
        of_areas = posts_of_areas(self.plan.tables["people"], self._names)
        return people_table(pair, self.areas, self.held, of_areas, self.there, self.years, self.quality)

    def ranks(self) -> pd.DataFrame:
        """Return people of each rank along each path, and spans."""
        return ranks_table(self.plan.tables["people"], self._names, self.years, self.plan.head.staff_a_manager)

    def break_even(self, pair: Sequence[Work]) -> pd.DataFrame:
        """Return when people no longer suffice."""
        return break_even_table(pair, self.held, self.there, self.months)

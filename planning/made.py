"""A plan half made: its scenarios and their work, from which each of its tables is worked out.

Walk in: kept draws, a checked plan and the ground it stands on. Walks out: a `Made`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from models.draws.kept import KeptDraws
from planning.assumed import Errors
from planning.folder.check import Ground
from planning.folder.read import PlanFolder
from planning.people.force_posts import ForcePosts
from planning.people.productive import productive_of_areas
from planning.scenario_work import Maker, Work
from planning.scenarios import PlanScenario


@dataclass(frozen=True, eq=False)
class Made:
    """What tables of a plan are worked out from.

    scenarios : the central one first; pairs : the work of each, from demand alone and with assumptions. judged : what
    became of each judgement. multipliers : of judgements on wards alone, (ward, crime type, year, draw).
    told_of_wards : minor types that tables by ward may count; all if None.
    """

    kept: KeptDraws
    plan: PlanFolder
    ground: Ground
    maker: Maker
    posts: ForcePosts
    errors: Errors
    scenarios: Sequence[PlanScenario]
    pairs: Sequence[Sequence[Work]]
    judged: pd.DataFrame
    multipliers: np.ndarray | None
    told_of_wards: Sequence[str] | None

    @property
    def central(self) -> PlanScenario:
        """The central scenario."""
        return self.scenarios[0]

    @property
    def pair(self) -> Sequence[Work]:
        """The work of the central scenario, from demand alone and with assumptions."""
        return self.pairs[0]

    @property
    def years(self) -> list[pd.Timestamp]:
        """The first months of the plan's years."""
        return self.posts.years

    @cached_property
    def productive_of_areas(self) -> np.ndarray:
        """Productive hours of one person a year, (area of the plan, function, draw)."""
        return productive_of_areas(self.plan.tables["time"], self.maker.areas, self.errors)

    @property
    def productive(self) -> np.ndarray:
        """Productive hours of one person a year of the force, (function, draw)."""
        return self.productive_of_areas[self.maker.areas.force]

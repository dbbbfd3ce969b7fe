"""What a plan's page and manifest say of it.

Walks in: who planned what, on which release. Walks out: `PlanFacts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from sources.tables.force_tables import Force


@dataclass(frozen=True, eq=False)
class PlanFacts:
    """Whose plan it is and what it rests on.

    plan : its name. release : the release whose draws it ran through; run_id : the run that made that. digest : of the
    plan folder and the defaults that stand in for what it lacks. draws_digest : of the draws. created_at : when the
    release was made, which pages tell, so that a plan made twice has one page; planned_at : when the plan was.
    """

    plan: str
    who: str
    why: str
    release: str
    run_id: str
    force: Force
    origin: pd.Timestamp
    digest: str
    draws_digest: str
    seed: int
    code_version: str
    created_at: datetime
    planned_at: datetime
    audience: str
    signed_off_by: str = ""
    signed_off_on: str = ""
    contact: str = ""
    next_due: date | None = None

    @property
    def name(self) -> str:
        """The release, as the foot of every page names it."""
        return self.release

    @property
    def data_to(self) -> date:
        """The last day of the data."""
        return (self.origin + pd.offsets.MonthEnd(0)).date()

    @property
    def age_of_data(self) -> int:
        """How many days old the newest data were when the release was made."""
        return (self.created_at.date() - self.data_to).days

    @property
    def folder(self) -> str:
        """The name of the result's folder: the release and what the plan was."""
        return f"{self.release}-{self.digest[:8]}"

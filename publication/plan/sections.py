"""The sections of a plan's page that follow hours and people, in order.

Walk in: a plan's tables. Walk out: functions that make a section, or none where a plan has nothing for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from publication.plan.harm_section import harm_section
from publication.plan.hidden_section import hidden_section
from publication.plan.money_section import money_section
from publication.plan.places import place_section
from publication.plan.risk_section import risk_section
from publication.plan.section import Section
from publication.plan.targets_section import targets_section

SECTIONS: tuple[Callable[[Mapping[str, pd.DataFrame]], Section | None], ...] = (
    harm_section,
    risk_section,
    hidden_section,
    money_section,
    targets_section,
    place_section,
)

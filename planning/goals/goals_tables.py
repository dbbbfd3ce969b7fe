"""Tables of a plan on goals.

Walks in: a plan half made. Walk out: tables by name, and notes.
"""

from __future__ import annotations

import pandas as pd

from planning.goals.counts import Past
from planning.goals.targets_table import GoalGround, targets_tables
from planning.made import Made


def goals_tables(made: Made) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Return the tables of targets, and what is to be said of them."""
    central, tables = made.central, made.plan.tables
    ground = GoalGround(
        central.demand,
        central.forecast,
        Past.of(central.demand, made.ground.history),
        made.maker.areas,
        made.ground.majors,
        made.ground.residents,
        tables["priorities"],
    )
    return targets_tables(tables["targets"], ground)

"""Tables of a plan on what is at stake: harm.

Walk in: the central scenario of a plan and its ground. Walk out: tables by name, and notes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from planning.assumed import Errors
from planning.folder.check import Ground
from planning.folder.vocabulary import ALL, ALL_TOLD
from planning.scenario_work import Maker
from planning.scenarios import PlanScenario
from planning.stakes.harm_tables import (
    HarmGround,
    harm_agreement_table,
    harm_ranks_table,
    harm_table,
    harm_types_table,
)
from planning.stakes.weights import harm_weights


def stakes_tables(
    maker: Maker,
    scenario: PlanScenario,
    ground: Ground,
    years: Sequence[pd.Timestamp],
    errors: Errors,
    told_of_wards: Sequence[str] | None,
    multipliers: np.ndarray | None,
) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Return the tables of harm of the central scenario, and what is to be said of them."""
    demand, areas = scenario.demand, maker.areas
    told = np.isin(demand.types, list(demand.types if told_of_wards is None else told_of_wards))
    wards = ground.areas.set_index("ward_code").loc[demand.kept.by_year["ward"].to_numpy()].reset_index()
    name = ALL if told.all() else ALL_TOLD
    offences = HarmGround.of(demand, areas, wards, told, name, years, multipliers)
    scales = harm_weights(maker.plan.tables["harm_weights"], demand.types, ground.majors, errors)
    harm = harm_table(offences, scales)
    tables = {
        "harm": harm,
        "harm_types": harm_types_table(offences, scales),
        "harm_ranks": harm_ranks_table(offences, scales),
        "harm_agreement": harm_agreement_table(harm),
    }
    notes = [
        f"Harm by {scale.name} weights leaves out {', '.join(scale.lacking)}: they have no weight."
        for scale in scales
        if scale.lacking
    ]
    return tables, notes

"""Tables of a plan on what is at stake: harm, the risk register, hidden demand.

Walk in: the central scenario of a plan and its ground. Walk out: tables by name, and notes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planning.assumed import Errors
from planning.demand.plan_demand import PlanDemand
from planning.folder.check import Ground
from planning.folder.vocabulary import ALL, ALL_TOLD
from planning.scenario_work import Maker
from planning.stakes.harm import recorded_by_year
from planning.stakes.harm_tables import (
    HarmGround,
    harm_agreement_table,
    harm_ranks_table,
    harm_table,
    harm_types_table,
)
from planning.stakes.hidden_table import hidden_table
from planning.stakes.register_tables import Counts, register_tables
from planning.stakes.weights import harm_weights


@dataclass(frozen=True, eq=False)
class Stakes:
    """What the tables are made from; yearly : `recorded_by_year` of the demand."""

    maker: Maker
    demand: PlanDemand
    ground: Ground
    years: Sequence[pd.Timestamp]
    errors: Errors
    yearly: np.ndarray

    @classmethod
    def of(
        cls, maker: Maker, demand: PlanDemand, ground: Ground, years: Sequence[pd.Timestamp], errors: Errors
    ) -> Stakes:
        """Sum up offences a year once."""
        return cls(maker, demand, ground, years, errors, recorded_by_year(demand, len(years)))

    def tables(
        self, told_of_wards: Sequence[str] | None, multipliers: np.ndarray | None
    ) -> tuple[dict[str, pd.DataFrame], list[str]]:
        """Return every table by name, and what is to be said of them."""
        harm, notes = self._harm(told_of_wards, multipliers)
        return {**harm, **self._register(), "hidden": self._hidden()}, notes

    def _harm(
        self, told_of_wards: Sequence[str] | None, multipliers: np.ndarray | None
    ) -> tuple[dict[str, pd.DataFrame], list[str]]:
        demand = self.demand
        told = np.isin(demand.types, list(demand.types if told_of_wards is None else told_of_wards))
        wards = self.ground.areas.set_index("ward_code").loc[demand.kept.by_year["ward"].to_numpy()].reset_index()
        name = ALL if told.all() else ALL_TOLD
        offences = HarmGround(demand, self.maker.areas, wards, told, name, self.years, multipliers, self.yearly)
        weights = self.maker.plan.tables["harm_weights"]
        scales = harm_weights(weights, demand.types, self.ground.majors, self.errors)
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

    def _register(self) -> dict[str, pd.DataFrame]:
        plan, demand = self.maker.plan, self.demand
        first, base = self.yearly[:, :, 0].sum(axis=0), demand.base.sum(axis=0)
        counts = Counts(first, base, demand.types, self.ground.majors, plan.tables["streams"])
        before = plan.tables["risk_before"]
        return register_tables(plan.tables["risk"], before, plan.scales, counts, self.errors, self.ground.release)

    def _hidden(self) -> pd.DataFrame:
        plan, types = self.maker.plan, self.demand.types
        return hidden_table(
            self.yearly,
            types,
            self.maker.areas,
            plan.tables["reporting"],
            plan.no_basis,
            self.ground.majors,
            self.years,
            self.errors,
        )

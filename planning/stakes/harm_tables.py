"""Tables of harm: by area and year, by crime type, how ranks hang on types, and how far the scales agree.

Walk in: demand of a plan, weights and areas. Walk out: rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.stats import kendalltau

from planning.areas import PlanAreas
from planning.demand.plan_demand import PlanDemand
from planning.folder.vocabulary import ALL
from planning.stakes.harm import (
    DISCOVERED,
    REPORTED,
    chance_of_top,
    harm_of_areas,
    places_of_top,
    rank_hangs_on,
    ranks,
    ward_offences,
)
from planning.stakes.weights import HarmWeights

ORDERED = "borough"  # the level whose areas are ranked: a BCU's rank says little but how large it was made


@dataclass(frozen=True, eq=False)
class HarmGround:
    """What harm is worked out from.

    wards : table of areas in the order of the kept draws' wards. told : (crime type) which may be told of wards;
    told_name : what they are called together. yearly : `recorded_by_year`.
    """

    demand: PlanDemand
    areas: PlanAreas
    wards: pd.DataFrame
    told: np.ndarray
    told_name: str
    years: Sequence[pd.Timestamp]
    multipliers: np.ndarray | None
    yearly: np.ndarray

    @property
    def counted(self) -> dict[str, np.ndarray]:
        """Which crime types are reported by the public, and which policing itself discovers."""
        return {REPORTED: ~self.demand.budgeted, DISCOVERED: self.demand.budgeted}

    @property
    def of_wards(self) -> np.ndarray:
        """Which crime types count for wards: those that may be told of them and are reported by the public."""
        return self.told & ~self.demand.budgeted


def harm_table(ground: HarmGround, scales: Sequence[HarmWeights]) -> pd.DataFrame:
    """Return harm of boroughs, BCUs, the force and wards by scale, kind and year, with intervals told twice."""
    parts = [
        _of_areas(ground, scale, kind, counted)
        for scale in scales
        for kind, counted in ground.counted.items()
        if counted.any()
    ]
    if ground.of_wards.any():
        parts += _of_wards(ground, scales)
    return pd.concat(parts, ignore_index=True)


def _of_areas(ground: HarmGround, scale: HarmWeights, kind: str, counted: np.ndarray) -> pd.DataFrame:
    areas, years = ground.areas, ground.years
    drawn, known = (
        areas.sums(harm_of_areas(ground.yearly, weights, counted)) for weights in (scale.drawn, scale.known[:, None])
    )
    weight = scale.drawn.mean(axis=-1) * counted
    expected = areas.sums(ground.yearly.mean(axis=-1)) * weight[None, :, None]  # area, crime type, year
    base = areas.sums(ground.demand.base) @ weight
    rows = _rows(drawn, known, expected, base, ground.demand.types, years)
    named = areas.table.loc[areas.table.index.repeat(len(years))].reset_index(drop=True)
    return pd.concat([named, rows], axis=1).assign(weights=scale.name, kind=kind, what=ALL, quality=scale.quality)


def _of_wards(ground: HarmGround, scales: Sequence[HarmWeights]) -> list[pd.DataFrame]:
    demand, years = ground.demand, ground.years
    wards, draws = len(ground.wards), demand.draws
    drawn = np.zeros((len(scales), wards, len(years), draws))
    known = np.zeros_like(drawn)
    expected = np.zeros((wards, len(demand.types), len(years)))
    for place in np.flatnonzero(ground.of_wards):
        cases = ward_offences(demand, ground.yearly, int(place), ground.areas.borough_of_ward, ground.multipliers)
        expected[:, place] = cases.mean(axis=-1)
        for scale, with_errors, median in zip(scales, drawn, known, strict=True):
            with_errors += cases * scale.drawn[place]
            median += cases * scale.known[place]
    base = demand.kept.base_by_ward.to_numpy()
    named = pd.DataFrame(
        {"area_level": "ward", "area_code": ground.wards["ward_code"], "area_name": ground.wards["ward_name"]}
    )
    named = named.loc[named.index.repeat(len(years))].reset_index(drop=True)
    parts = []
    for scale, with_errors, median in zip(scales, drawn, known, strict=True):
        weight = scale.drawn.mean(axis=-1) * ground.of_wards
        rows = _rows(with_errors, median, expected * weight[None, :, None], base @ weight, demand.types, years)
        chances = {"chance_top_tenth": with_errors, "chance_top_tenth_demand_alone": median}
        rows = rows.assign(**{name: chance_of_top(values).ravel() for name, values in chances.items()})
        parts.append(
            pd.concat([named, rows], axis=1).assign(
                weights=scale.name, kind=REPORTED, what=ground.told_name, quality=scale.quality
            )
        )
    return parts


def _rows(
    drawn: np.ndarray,
    known: np.ndarray,
    expected: np.ndarray,
    base: np.ndarray,
    types: Sequence[str],
    years: Sequence[pd.Timestamp],
) -> pd.DataFrame:
    """Return a row an area and year; drawn, known : (area, year, draw); expected : (area, crime type, year)."""
    low, middle, high = np.quantile(drawn, [0.1, 0.5, 0.9], axis=-1)
    alone = np.quantile(known, [0.1, 0.9], axis=-1)
    mean = expected.sum(axis=1)
    largest = expected.argmax(axis=1)
    return pd.DataFrame(
        {
            "year": np.tile(pd.DatetimeIndex(list(years)), len(drawn)),
            "base": np.repeat(base, len(years)),
            "mean": drawn.mean(axis=-1).ravel(),
            "q10": low.ravel(),
            "q50": middle.ravel(),
            "q90": high.ravel(),
            "q10_demand_alone": alone[0].ravel(),
            "q90_demand_alone": alone[1].ravel(),
            "largest_type": np.where(mean > 0, np.array(types, dtype=object)[largest], "").ravel(),
            "largest_share": (expected.max(axis=1) / np.maximum(mean, 1e-12)).ravel(),
        }
    )


def harm_types_table(ground: HarmGround, scales: Sequence[HarmWeights]) -> pd.DataFrame:
    """Return harm of each crime type of the force by scale and year, its share and place in its kind."""
    force = ground.areas.sums(ground.yearly)[-1]  # crime type, year, draw
    discovered = ground.demand.budgeted
    named = ground.areas.table.iloc[ground.areas.force]
    parts = []
    for scale in scales:
        harm = force * scale.drawn[:, None]
        low, high = np.quantile(harm, [0.1, 0.9], axis=-1)
        mean = harm.mean(axis=-1)
        share, place = np.zeros_like(mean), np.zeros(mean.shape, dtype=int)
        for of_kind in (discovered, ~discovered):
            share[of_kind] = mean[of_kind] / np.maximum(mean[of_kind].sum(axis=0), 1e-12)
            place[of_kind] = ranks(mean[of_kind])
        index = pd.MultiIndex.from_product([ground.demand.types, ground.years], names=["what", "year"])
        columns = {"offences": force.mean(axis=-1), "mean": mean, "q10": low, "q90": high, "share": share}
        rows = index.to_frame(index=False).assign(**{name: values.ravel() for name, values in columns.items()})
        kind = np.repeat(np.where(discovered, DISCOVERED, REPORTED), len(ground.years))
        parts.append(rows.assign(rank=place.ravel(), kind=kind, weights=scale.name, quality=scale.quality))
    table = pd.concat(parts, ignore_index=True)
    return table.assign(**{name: named[name] for name in ("area_level", "area_code", "area_name")})


def harm_ranks_table(ground: HarmGround, scales: Sequence[HarmWeights]) -> pd.DataFrame:
    """Return the rank of each borough by scale and year, its interval over weights and draws, the crime type that it
    hangs on, and the rank without that type. Discovered types do not count.
    """
    table = ground.areas.table
    places = np.flatnonzero(table["area_level"] == ORDERED)
    counted = ground.counted[REPORTED]
    parts = []
    for scale in scales:
        harm = ground.areas.sums(harm_of_areas(ground.yearly, scale.drawn, counted))[places]
        weight = scale.drawn.mean(axis=-1) * counted
        expected = ground.areas.sums(ground.yearly.mean(axis=-1))[places] * weight[None, :, None]
        low, high = np.quantile(ranks(harm), [0.1, 0.9], axis=-1, method="inverted_cdf")
        for year, first_month in enumerate(ground.years):
            hangs = rank_hangs_on(expected[:, :, year], ground.demand.types)
            rows = table.iloc[places].reset_index(drop=True)
            parts.append(
                rows.assign(
                    what=ALL,
                    weights=scale.name,
                    year=first_month,
                    rank=ranks(expected[:, :, year].sum(axis=1)),
                    rank_q10=low[:, year],
                    rank_q90=high[:, year],
                    hangs_on=[name for name, _ in hangs],
                    rank_without=[rank for _, rank in hangs],
                )
            )
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def harm_agreement_table(harm: pd.DataFrame) -> pd.DataFrame:
    """Return how far scales agree, by level and year: the share of pairs of areas that two scales order alike, and the
    share of one's top tenth that is also in the other's.
    """
    rows = []
    of_kind = harm[(harm["kind"] == REPORTED) & harm["area_level"].isin(["ward", ORDERED])]
    for (level, year), held in of_kind.groupby(["area_level", "year"], sort=False):
        wide = held.pivot(index="area_code", columns="weights", values="mean")
        if len(wide) < 2:
            continue
        top = places_of_top(len(wide))
        for one, other in combinations(list(dict.fromkeys(held["weights"])), 2):
            alike = (kendalltau(wide[one], wide[other]).statistic + 1) / 2
            both = set(wide[one].nlargest(top).index) & set(wide[other].nlargest(top).index)
            rows.append((level, year, one, other, alike, len(both) / top))
    return pd.DataFrame(rows, columns=["area_level", "year", "weights", "other", "pairs_alike", "top_shared"])

"""Draws by age group: one split of each crime type's draws, by the basis of victims and of suspects.

Walk in: draws of one crime type. Walk out: draws of its age groups of wards by year, and of boroughs and offences with
no known ward by month, with their expectations. Groups, "not known or not applicable" included, add up to the total in
every draw; the months' and the wards' splits have the same years.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from features.area_counts import sum_groups
from models.draws.age_split import split_by_shares, split_months
from models.draws.distribution import Drawer
from models.draws.scenario_draws import ScenarioDraws
from models.forecast.forecast import Forecast
from models.forecast.hierarchy import AreaTree
from models.forecast.years import block_starts, sum_blocks, sum_years
from models.people.age_shares import AgeShares


@dataclass(frozen=True)
class Split:
    """Figures of one crime type by age group, draws or their expectation.

    wards : (group, ward, block, ...), blocks being years ahead and the months left over. above : (group, borough then
        unlocated area, month, ...).
    """

    wards: np.ndarray
    above: np.ndarray


class AgeDrawer:
    """Splits draws of a scenario by age; a split does not depend on the order or the thread in which it is asked."""

    def __init__(self, drawer: Drawer, forecast: Forecast, ages: AgeShares) -> None:
        self.drawer, self.forecast, self.ages = drawer, forecast, ages
        self.tree: AreaTree = drawer.tree
        codes = self.tree.table.loc[self.tree.table["area_level"] == "borough", "area_code"].tolist()
        # Offences with no known borough are shared out as those of the whole force.
        self._borough_of_unlocated = [
            codes.index(code) if code in codes else None for code in forecast.unlocated["area"].to_numpy()
        ]

    def split(self, crime_type: str, basis: str, counts: np.ndarray) -> tuple[Split, Split]:
        """Return the split of draws, (ward then unlocated area, month, draw), and its expectation."""
        generator = self.drawer.generator(f"{crime_type}, {basis}")
        shares = self.ages.of(crime_type, basis, counts.shape[-1])
        unlocated_shares = self._unlocated_shares(crime_type, shares)
        expected = self._expectation(crime_type, shares.mean(axis=-1), unlocated_shares.mean(axis=-1))
        by_block = sum_blocks(counts)
        wards = split_by_shares(generator, by_block[: self.tree.wards], shares)
        unlocated = split_by_shares(generator, by_block[self.tree.wards :], unlocated_shares)
        years = np.concatenate([self._to_boroughs(wards), unlocated], axis=1)
        by_month = self._above(counts)
        above = [
            split_months(generator, years[:, :, block], months)
            for block, months in enumerate(np.split(by_month, block_starts(counts.shape[1])[1:], axis=1))
        ]
        return Split(wards, np.concatenate(above, axis=2)), expected

    def split_scenario(self, crime_type: str, basis: str, drawn: ScenarioDraws) -> tuple[np.ndarray, np.ndarray]:
        """Return the split of a scenario's years of boroughs and unlocated areas, (group, area, year, draw), and its
        expectation, (group, area, year).

        Given the rates of its wards, a borough's offences are of a group with a chance that is the mean of its wards'
        shares, weighted by their rates: that is exact, and needs no split of wards.
        """
        generator = self.drawer.generator(f"{crime_type}, {basis}, scenario {self.forecast.scenario}")
        shares = self.ages.of(crime_type, basis, drawn.counts.shape[-1])
        unlocated_shares = self._unlocated_shares(crime_type, shares)
        expected = self._expectation(crime_type, shares.mean(axis=-1), unlocated_shares.mean(axis=-1))
        years = drawn.counts.shape[1]
        rates = self._to_boroughs(shares[:, :, :years] * drawn.rates[: self.tree.wards])
        total = np.maximum(rates.sum(axis=0), np.finfo(np.float32).tiny)
        split_shares = np.concatenate([rates / total, unlocated_shares[:, :, :years]], axis=1)
        counts = split_by_shares(generator, self._above(drawn.counts), split_shares)
        return counts, np.stack([sum_years(group) for group in expected.above])

    def _expectation(self, crime_type: str, shares: np.ndarray, unlocated_shares: np.ndarray) -> Split:
        """Return the expected offences of each group, from mean shares; months take the shares of their year."""
        located, unlocated = self._expected(crime_type)
        wards = shares * sum_blocks(located)
        years = np.concatenate([self._to_boroughs(wards), unlocated_shares * sum_blocks(unlocated)], axis=1)
        total = years.sum(axis=0)
        year_shares = np.divide(years, total, out=np.zeros_like(years), where=total > 0)
        by_month = self._above(np.concatenate([located, unlocated]))
        lengths = np.diff([*block_starts(by_month.shape[1]), by_month.shape[1]])
        return Split(wards, np.repeat(year_shares, lengths, axis=2) * by_month)

    def _expected(self, crime_type: str) -> tuple[np.ndarray, np.ndarray]:
        of_type = {"crime_type": crime_type}
        located = self.forecast.mean.sel(of_type).transpose("ward", "month").to_numpy()
        return located, self.forecast.unlocated.sel(of_type).transpose("area", "month").to_numpy()

    def _unlocated_shares(self, crime_type: str, shares: np.ndarray) -> np.ndarray:
        """Return shares, (group, unlocated area, block, draw): those of all wards around, weighted by offences."""
        weight = sum_blocks(self._expected(crime_type)[0]).astype(np.float32)[:, :, None]
        # A borough where none are expected takes its wards alike.
        weight = np.maximum(weight, 1e-6)
        boroughs = self._to_boroughs(shares * weight)
        force = boroughs.sum(axis=1, keepdims=True)
        around = np.concatenate([boroughs, force], axis=1)
        around /= around.sum(axis=0)
        return around[:, [-1 if place is None else place for place in self._borough_of_unlocated]]

    def _above(self, base: np.ndarray) -> np.ndarray:
        """Return values of boroughs, then unlocated areas, from values of wards, then unlocated areas."""
        wards = self.tree.wards
        return np.concatenate([sum_groups(base[:wards], self.tree.borough_of_ward), base[wards:]])

    def _to_boroughs(self, by_ward: np.ndarray) -> np.ndarray:
        return np.stack([sum_groups(group, self.tree.borough_of_ward) for group in by_ward])

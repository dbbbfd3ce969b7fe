"""The boosted model: three speeds, then ward shares corrected by boosted trees.

Walks in: a panel as known at the origin. Walks out: factors. One booster for all wards and crime types learns, from
past years, by what factor a ward's offences differ from its blended share of the borough: shares far from the ward's
share of all crime draw back towards it, more so where offences are few. Boroughs and the force are left alone.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import lightgbm
import numpy as np
import pandas as pd

from features.history import YEAR
from features.panel import Panel
from features.rolling_origin import RollingOrigin
from models.forecast.hierarchy import borough_of_ward, sum_groups
from models.recipes.parameters import parameter
from models.recipes.shares import recent_sum, split, within
from models.recipes.three_speed import Memory, ThreeSpeed, by_major, counts_of, seasonal

HALF_LIVES = (1.0, 3.0, 6.0, 12.0, 24.0)  # months; windows over which recent offences are compared with shares
WIDER_HALF_LIVES = (3.0, 12.0)  # and those of which other crime types are looked at as well
FIRST_YEAR = 36  # months of history before the first year learnt from
SPACING = 6  # months between the years learnt from
TREES = {
    "objective": "poisson",
    "bagging_freq": 1,
    "max_bin": 63,
    "seed": 1,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbose": -1,
}


@dataclass(kw_only=True, eq=False, repr=False)
class Boosted(ThreeSpeed):
    """Three speeds, with ward shares corrected by boosted trees (LightGBM: Ke et al. 2017)."""

    name = "boosted"
    trees: int = parameter(120, "trees, one after another", 1)
    learning_rate: float = parameter(0.06, "part of what a tree finds that is taken up", 0, 1, above=True)
    leaves: int = parameter(15, "leaves of a tree, at most", 2)
    fewest_in_leaf: int = parameter(2000, "wards and types of past years in a leaf, at least", 1)
    ridge: float = parameter(50.0, "pull of leaves towards no correction")
    feature_fraction: float = parameter(0.6, "part of the features that a tree may use", 0, 1, above=True)
    row_fraction: float = parameter(0.6, "part of the wards and types that a tree learns from", 0, 1, above=True)
    fewest_expected: float = parameter(0.3, "offences in a year, below which a ward and type teaches nothing")
    dispersion: float = parameter(0.05, "relative variance that limits the weight of large counts")

    @property
    def judged_by(self) -> ThreeSpeed:
        """Three speeds, whose errors are as large within half a per cent."""
        return ThreeSpeed(**{one.name: getattr(self, one.name) for one in fields(ThreeSpeed)})

    def ward_share(self, known: Panel, memory: Memory) -> tuple[np.ndarray, np.ndarray]:
        """Return ward shares of boroughs, (ward, crime type), and their season, (ward, crime type, calendar month)."""
        share, season = super().ward_share(known, memory)
        booster = self._learn(known, memory)
        if booster is None:
            return share, season
        factor = np.asarray(booster.predict(features_of_shares(known, share, season))).reshape(share.shape)
        return share * factor, season

    def _learn(self, known: Panel, memory: Memory) -> lightgbm.Booster | None:
        splitter = RollingOrigin(YEAR, SPACING, shortest=FIRST_YEAR, breaks=known.breaks)
        years = [self._past_year(known, len(seen), memory) for seen, _ in splitter.split(known.months)]
        if not years:
            return None
        years.reverse()  # newest first
        features, came, expected = (np.concatenate(parts) for parts in zip(*years, strict=True))
        learnable = expected > self.fewest_expected
        features, came, expected = features[learnable], came[learnable], expected[learnable]
        data = lightgbm.Dataset(
            features,
            label=came / expected,
            weight=expected / (1 + self.dispersion * expected),
            categorical_feature=[features.shape[1] - 1],
        )
        own = {
            "learning_rate": self.learning_rate,
            "num_leaves": self.leaves,
            "min_data_in_leaf": self.fewest_in_leaf,
            "lambda_l2": self.ridge,
            "feature_fraction": self.feature_fraction,
            "bagging_fraction": self.row_fraction,
        }
        return lightgbm.train(TREES | own, data, self.trees)

    def _past_year(self, known: Panel, start: int, memory: Memory) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return features, offences that came and offences that shares gave, had the borough been known."""
        then = known.as_known_at(known.months[start - 1])
        borough = borough_of_ward(known.areas)
        share, season = super().ward_share(then, memory)
        came = counts_of(known)[:, :, start : start + YEAR]
        shares = split(share, season, borough)[:, :, np.arange(start, start + YEAR) % YEAR]
        expected = shares * sum_groups(came, borough)[borough]
        return features_of_shares(then, share, season), came.sum(axis=2).ravel(), expected.sum(axis=2).ravel()


def features_of_shares(known: Panel, share: np.ndarray, season: np.ndarray) -> np.ndarray:
    """Return the learning table's features, (ward x crime type, feature) float32; the last is the crime type's number.

    Log ratios of recent offences to those that the shares give: of the type, of the ward's other types and of the
    other types of the major type; the volume at stake; how far the ward's share of the type is from its share of all
    crime; its size and its mix of major types.
    """
    borough = borough_of_ward(known.areas)
    major = pd.factorize(known.offences["major_type"].to_numpy())[0]
    counts = counts_of(known)
    of_borough = seasonal(sum_groups(counts, borough)[borough], season)
    columns = []
    for half_life in HALF_LIVES:
        came = recent_sum(counts, half_life)
        expected = recent_sum(of_borough, half_life) * share
        expected = expected * within(came, borough) / np.maximum(within(expected, borough), 1e-9)
        columns += [_log_ratio(came, expected, 5), np.log1p(expected)]
        if half_life in WIDER_HALF_LIVES:
            all_came, all_expected = came.sum(axis=1, keepdims=True), expected.sum(axis=1, keepdims=True)
            columns.append(_log_ratio(all_came - came, all_expected - expected, 20))
            major_came, major_expected = by_major(came, major)[:, major], by_major(expected, major)[:, major]
            columns.append(_log_ratio(major_came - came, major_expected - expected, 10))
    for years_ago in range(3):
        months = slice(counts.shape[2] - YEAR * (years_ago + 1), counts.shape[2] - YEAR * years_ago)
        columns.append(_log_ratio(counts[:, :, months].sum(axis=2), of_borough[:, :, months].sum(axis=2) * share, 5))
    recent = recent_sum(counts, HALF_LIVES[-1])
    size = recent.sum(axis=1, keepdims=True)
    at_the_ward_mean = within(recent, borough) * size / np.maximum(within(recent, borough).sum(1, keepdims=True), 1e-9)
    columns += [_log_ratio(recent, at_the_ward_mean, 2), np.log1p(size)]
    columns += list((by_major(recent, major) / np.maximum(size, 1e-9)).T[:, :, None])
    columns.append(np.arange(share.shape[1])[None])
    table = np.stack([np.broadcast_to(column, share.shape) for column in columns], axis=-1)
    return table.reshape(-1, len(columns)).astype(np.float32)


def _log_ratio(came: np.ndarray, expected: np.ndarray, prior: float) -> np.ndarray:
    return np.log((came + prior) / (expected + prior))

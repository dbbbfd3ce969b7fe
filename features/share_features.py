"""The learning table of ward shares: what is known of a ward and crime type that its share does not say.

Walk in: a panel as known at an origin, with the shares and seasons learnt from it. Walks out: a table with a row a ward
and crime type, by a transformer of scikit-learn that names its columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

from features.area_counts import (
    borough_of_ward,
    by_major,
    counts_of,
    recent_sum,
    seasonal,
    sum_groups,
    within,
)
from features.history import YEAR
from features.panel import Panel

HALF_LIVES = (1.0, 3.0, 6.0, 12.0, 24.0)  # months; windows over which recent offences are compared with shares
WIDER_HALF_LIVES = (3.0, 12.0)  # and those of which other crime types are looked at as well
YEARS = 3  # single years that are compared


@dataclass(frozen=True)
class Shares:
    """What was known at an origin, and what shares were learnt from it.

    known : the panel, cut at the origin. share : (ward, crime type), of the borough. season : (ward, crime type,
    calendar month counted from the first month), mean one.
    """

    known: Panel
    share: np.ndarray
    season: np.ndarray


class ShareFeatures(TransformerMixin, BaseEstimator):
    """Features by which a ward's offences may come to differ from its share of the borough.

    Log ratios of recent offences to those that the share gives: of the type, of the ward's other types and of the other
    types of the major type; the volume at stake; how far the ward's share of the type is from its share of all crime;
    its size and its mix of major types; the crime type's number, the last column and the only one that is a category.
    """

    def fit(self, X: Shares, y: object = None) -> ShareFeatures:  # noqa: N803, scikit-learn's name
        """Learn which major types there are, whose order names columns."""
        self.major_types_ = pd.unique(pd.Series(X.known.offences["major_type"].to_numpy())).tolist()
        return self

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray:
        """Return the names of the columns of `transform`, (feature) text."""
        names = []
        for half_life in HALF_LIVES:
            names += [f"type_against_share_{half_life:g}m", f"volume_{half_life:g}m"]
            if half_life in WIDER_HALF_LIVES:
                names += [f"other_types_against_share_{half_life:g}m", f"same_major_against_share_{half_life:g}m"]
        names += [f"type_against_share_year_{ago + 1}_ago" for ago in range(YEARS)]
        names += ["share_against_all_crime", "ward_volume", *(f"mix_{major}" for major in self.major_types_)]
        return np.array([*names, "crime_type"], dtype=object)

    def transform(self, X: Shares) -> np.ndarray:  # noqa: N803, scikit-learn's name
        """Return the table, (ward x crime type, feature) float32, rows by ward, then crime type."""
        borough = borough_of_ward(X.known.areas)
        major = pd.factorize(X.known.offences["major_type"].to_numpy())[0]
        counts = counts_of(X.known)
        of_borough = seasonal(sum_groups(counts, borough)[borough], X.season)
        columns = []
        for half_life in HALF_LIVES:
            came = recent_sum(counts, half_life)
            expected = recent_sum(of_borough, half_life) * X.share
            expected = expected * within(came, borough) / np.maximum(within(expected, borough), 1e-9)
            columns += [_log_ratio(came, expected, 5), np.log1p(expected)]
            if half_life in WIDER_HALF_LIVES:
                columns += _of_other_types(came, expected, major)
        for years_ago in range(YEARS):
            months = slice(counts.shape[2] - YEAR * (years_ago + 1), counts.shape[2] - YEAR * years_ago)
            given = of_borough[:, :, months].sum(axis=2) * X.share
            columns.append(_log_ratio(counts[:, :, months].sum(axis=2), given, 5))
        columns += _of_the_ward(recent_sum(counts, HALF_LIVES[-1]), borough, major)
        columns.append(np.arange(X.share.shape[1])[None])
        table = np.stack([np.broadcast_to(column, X.share.shape) for column in columns], axis=-1)
        return table.reshape(-1, len(columns)).astype(np.float32)


def _of_other_types(came: np.ndarray, expected: np.ndarray, major: np.ndarray) -> list[np.ndarray]:
    """Return log ratios of the ward's other types, and of the other types of the major type."""
    all_came, all_expected = came.sum(axis=1, keepdims=True), expected.sum(axis=1, keepdims=True)
    major_came, major_expected = by_major(came, major)[:, major], by_major(expected, major)[:, major]
    return [
        _log_ratio(all_came - came, all_expected - expected, 20),
        _log_ratio(major_came - came, major_expected - expected, 10),
    ]


def _of_the_ward(recent: np.ndarray, borough: np.ndarray, major: np.ndarray) -> list[np.ndarray]:
    """Return how far shares are from the ward's share of all crime, the ward's size, and its mix of major types."""
    size = recent.sum(axis=1, keepdims=True)
    at_the_ward_mean = within(recent, borough) * size / np.maximum(within(recent, borough).sum(1, keepdims=True), 1e-9)
    mix = list((by_major(recent, major) / np.maximum(size, 1e-9)).T[:, :, None])
    return [_log_ratio(recent, at_the_ward_mean, 2), np.log1p(size), *mix]


def _log_ratio(came: np.ndarray, expected: np.ndarray, prior: float) -> np.ndarray:
    return np.log((came + prior) / (expected + prior))

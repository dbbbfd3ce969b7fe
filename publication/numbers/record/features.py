"""What the features of the learning table are worth, in words for readers.

Walks in: `Contents`. Walk out: the features that count most.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from publication.release.contents import TrackRecord
from publication.words import sentence_case

MOST = 8  # features that are told
LEAST = 0.0005  # growth of the error, below which a feature counts for nothing
WORDS = (
    (r"type_against_share_(\d+)m", "What came of the type in recent months (half-life {0}), against the ward's share"),
    (r"other_types_against_share_(\d+)m", "What came of the ward's other types (half-life {0} months), against shares"),
    (r"same_major_against_share_(\d+)m", "What came of related types (half-life {0} months), against shares"),
    (r"volume_(\d+)m", "How many offences of the type are at stake (half-life {0} months)"),
    (r"type_against_share_year_(\d)_ago", "What came of the type, years ago ({0}), against the ward's share"),
    (r"share_against_all_crime", "How far the ward's share of the type is from its share of all crime"),
    (r"ward_volume", "How much crime the ward has"),
    (r"crime_type", "Which crime type it is"),
)


@dataclass(frozen=True)
class FeatureTold:
    """A feature in words, and by what share the error grows when it is shuffled."""

    words: str
    importance: float


def features_that_count(record: TrackRecord) -> list[FeatureTold]:
    """Return the features without which the correction errs most, the largest first."""
    rows = record.importance.head(MOST).to_dict("records") if len(record.importance) else []
    return [
        FeatureTold(in_words(str(row["feature"])), float(row["importance"]))
        for row in rows
        if row["importance"] >= LEAST
    ]


def in_words(feature: str) -> str:
    """Return a feature of `features.share_features` in words; ValueError for one that has none."""
    if feature.startswith("mix_"):
        return f"How much of the ward's crime is {sentence_case(feature.removeprefix('mix_')).lower()}"
    for pattern, words in WORDS:
        if found := re.fullmatch(pattern, feature):
            return words.format(*found.groups())
    raise ValueError(f"The feature {feature} has no words")

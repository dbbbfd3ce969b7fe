"""How good forecasts of shares of ages were, beside last year's and three years' shares unchanged.

Walks in: a table of shares, ours or another's, and the evidence of ages. Walks out: a row for each origin, series and
year that came, and their sums with how sure they are. The number of people is given: only their ages are judged.

    error = half the sum over bands of |share forecast - share recorded|: the share of people in a wrong band
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import binom

from models.scoring.ages.share_table import KEYS, checked_shares
from models.scoring.interval_coverage import covered_by_pit

PEERS = {"last_year": 12, "three_years": 36}  # months whose shares are taken unchanged
COVERAGE = 0.8
SCORES = [*KEYS, "year", "quality", "people", "error", *PEERS, "coverage_80"]
RESAMPLES = 2000


def score_shares(table: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """Return `SCORES`, one row an origin, series and year ahead whose people have all been counted.

    evidence : `age_evidence`, with what has come since. Peers take what was public at the origin. coverage_80 : mean
    over bands of the chance that the count recorded, all people being given, lies in the 80 % interval (randomised
    PIT); missing where the table has no draws.

    Raises
    ------
    InputError
        What `checked_shares` refuses.
    """
    rows = []
    for key, cell in checked_shares(table).groupby(KEYS, sort=False):
        basis, source, series = cell[["basis", "source", "series"]].iloc[0]
        origin, first, last = (pd.Timestamp(cell[name].iloc[0]) for name in ("origin", "first_month", "last_month"))
        same = (evidence["basis"] == basis) & (evidence["source"] == source) & (evidence["crime_type"] == series)
        scored = _scored(cell.sort_values("age_low"), evidence[same], origin, first, last)
        if scored is not None:
            year = 1 + (12 * (first.year - origin.year) + first.month - origin.month - 1) // 12
            rows.append((*key, year, *scored))
    return pd.DataFrame(rows, columns=SCORES)


def score_sums(scores: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return errors of each group of `by`, pooled: of all people, the share in a wrong band.

    Columns: by, series, origins, people, error, last_year, three_years, better_peer, from, to, coverage_80.
    better_peer : error less that of the peer that is better over the whole group, with its 90 % interval. Origins and
    series are resampled independently of each other, since errors of one of either go together (Owen 2007,
    doi:10.1214/07-AOAS122).
    """
    rows = []
    for key, part in scores.groupby(by, sort=False):
        pooled = {name: np.average(part[name], weights=part["people"]) for name in ("error", *PEERS)}
        better = min(PEERS, key=lambda name: pooled[name])
        low, high = _interval(part, better)
        counts = (part["series"].nunique(), part["origin"].nunique(), int(part["people"].sum()))
        difference = pooled["error"] - pooled[better]
        rows.append((*key, *counts, *pooled.values(), difference, low, high, part["coverage_80"].mean()))
    columns = [*by, "series", "origins", "people", "error", *PEERS, "better_peer", "from", "to", "coverage_80"]
    return pd.DataFrame(rows, columns=columns)


def _interval(part: pd.DataFrame, peer: str) -> tuple[float, float]:
    generator = np.random.default_rng(1)
    weight = np.ones((RESAMPLES, len(part)))
    for labels in (part["origin"], part["basis"] + part["source"] + part["series"]):
        places, names = pd.factorize(labels)
        drawn = generator.multinomial(len(names), np.full(len(names), 1 / len(names)), size=RESAMPLES)
        weight *= drawn[:, places]
    weight *= part["people"].to_numpy()
    whole = weight.sum(axis=1)
    differences = (weight @ (part["error"] - part[peer]).to_numpy())[whole > 0] / whole[whole > 0]
    low, high = np.quantile(differences, [0.05, 0.95])
    return float(low), float(high)


def _scored(
    cell: pd.DataFrame, evidence: pd.DataFrame, origin: pd.Timestamp, first: pd.Timestamp, last: pd.Timestamp
) -> tuple[object, ...] | None:
    """Return quality, people, error, those of the peers and coverage; None where not all people have been counted."""
    bands = cell[["age_low", "age_high"]].to_numpy()
    came = evidence[(evidence["first_month"] >= first) & (evidence["last_month"] <= last)]
    actual = _in_bands(came, bands)
    people = int(actual.sum())
    if not _whole(came, first, last) or people == 0:
        return None
    known = evidence[evidence["known_from"] <= origin + pd.offsets.MonthEnd(0)]
    ended = known["last_month"].max()
    errors = [_error(cell["share"].to_numpy(), actual)]
    for months in PEERS.values():
        newest = _in_bands(known[known["last_month"] > ended - pd.DateOffset(months=months)], bands)
        # Nobody was recorded in so short a time: then in all the time known, or else alike in every band.
        counts = newest if newest.sum() else _in_bands(known, bands)
        errors.append(_error(counts / counts.sum() if counts.sum() else np.full(len(bands), 1 / len(bands)), actual))
    covered = _covered(np.stack(cell["draws"].to_list()), actual) if "draws" in cell else np.nan
    return str(cell["quality"].iloc[0]) if "quality" in cell else "", people, *errors, covered


def _whole(came: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> bool:
    """Return whether periods with people reach from the first month to the last; between them one may have nobody."""
    return len(came) > 0 and came["first_month"].min() == first and came["last_month"].max() == last


def _in_bands(rows: pd.DataFrame, bands: np.ndarray) -> np.ndarray:
    low, high, count = (rows[name].to_numpy() for name in ("age_low", "age_high", "count"))
    return np.array([count[(low >= first) & (high <= last)].sum() for first, last in bands], dtype=float)


def _error(shares: np.ndarray, actual: np.ndarray) -> float:
    return float(np.abs(shares - actual / actual.sum()).sum() / 2)


def _covered(draws: np.ndarray, actual: np.ndarray) -> float:
    """Return the chance, mean over bands, that a count lies in its 80 % interval: draws are (band, draw) shares."""
    people, count = actual.sum(), actual[:, np.newaxis]
    shares = np.clip(draws, 0, 1)
    upper = binom.cdf(count, people, shares).mean(axis=1)
    lower = binom.cdf(count - 1, people, shares).mean(axis=1)
    return float(covered_by_pit(lower, np.maximum(upper, lower + 1e-12), COVERAGE).mean())

"""The standings: what the tables and plots of the leaderboard show.

Walks in: the scores of all entrants. Walk out: means over origins by entrant and level, and how sure a lead is.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.scoring.bootstrap import gain_interval

KEYS = ["entrant", "variant", "area_level", "crime_level"]
COVERAGES = (50, 80, 90, 95)


def with_all_origins(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the scores of entrants at the levels at which they have every origin, fit to be drawn beside others."""
    origins = scores.groupby(KEYS)["origin"].transform("nunique")
    return scores[origins == scores["origin"].nunique()]


def by_level(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the mean over origins of whole levels: origins, floor, naive_wape, wape, wis, bias and coverages."""
    overall = scores[scores["group"] == "overall"]
    columns = ["floor", "naive_wape", "wape", "wis", "bias", *(f"coverage_{share}" for share in COVERAGES)]
    means = overall.groupby(KEYS, sort=False)[columns].mean()
    return means.assign(origins=overall.groupby(KEYS, sort=False)["origin"].nunique()).reset_index()


def by_horizon(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the mean over origins by months ahead: `KEYS`, ahead, wis, wape, naive_wape."""
    rows = scores[scores["group"] == "horizon"].assign(ahead=lambda all_rows: all_rows["group_value"].astype(int))
    return rows.groupby([*KEYS, "ahead"])[["wis", "wape", "naive_wape"]].mean().reset_index()


def by_volume(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the mean over origins by crime type: `KEYS`, crime_type, volume (offences a month), wape, floor."""
    rows = scores[(scores["group"] == "crime_type") & (scores["offences"] > 0)]
    rows = rows.assign(volume=rows["offences"] / rows["cells"])
    keys = [*KEYS, "group_value"]
    return rows.groupby(keys)[["volume", "wape", "floor"]].mean().reset_index()


def leads(scores: pd.DataFrame, ours: str) -> pd.DataFrame:
    """Return our gain in WIS over each peer, 1 - ours / peer's, and its 95 % interval, by level.

    Columns: `KEYS` of the peer, months (compared), wis, our_wis, gain, lower, upper. Whole months are resampled,
    jointly over areas and crime types, the same months of both (`models.scoring.bootstrap`).
    """
    rows = scores[scores["group"] == "horizon"]
    losses = rows.assign(loss=rows["wis"] * rows["offences"], ahead=rows["group_value"].astype(int))
    losses = losses.set_index([*KEYS, "origin", "ahead"])[["loss", "offences"]].sort_index()
    found = []
    own = losses.loc[ours, "own"]
    for (entrant, variant, *level), theirs in losses.groupby(level=KEYS):
        if variant == "own":
            continue
        pairs = theirs.droplevel(KEYS).join(own.loc[tuple(level)], rsuffix="_own", how="inner")
        lower, upper = gain_interval(pairs["loss_own"].to_numpy(), pairs["loss"].to_numpy(), np.random.default_rng(1))
        totals = pairs.groupby("origin").sum()
        wis, our_wis = ((totals[column] / totals["offences"]).mean() for column in ("loss", "loss_own"))
        found.append(
            {
                **dict(zip(KEYS, (entrant, variant, *level), strict=True)),
                "months": len(pairs),
                "wis": wis,
                "our_wis": our_wis,
                "gain": 1 - pairs["loss_own"].sum() / pairs["loss"].sum(),
                "lower": lower,
                "upper": upper,
            }
        )
    return pd.DataFrame(found)

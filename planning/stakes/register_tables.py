"""Tables of the risk register: risks in order, what moved since the last register, and the control strategy.

Walk in: a plan's register and scales, and counts of crime types and streams. Walk out: tables by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planning.assumed import Errors, positive
from planning.folder.stakes.check_risk import NOBODY, parts_of
from planning.folder.stakes.risk_scales import RiskScales
from planning.folder.vocabulary import ALL
from planning.stakes.register import Scored, score

FIRM, CONTENDER = 0.8, 0.2  # chances of a place: above the first it is sure enough, below the second of no interest
_OBJECTIVES = ["lead", "prevention", "intelligence", "enforcement"]


@dataclass(frozen=True, eq=False)
class Counts:
    """Counts of the force: `first`, (crime type, draw), of the first year; `base`, (crime type), of the last one."""

    first: np.ndarray
    base: np.ndarray
    types: Sequence[str]
    majors: Mapping[str, str]
    streams: pd.DataFrame

    def of(self, what: str, errors: Errors) -> tuple[np.ndarray, np.ndarray | float] | None:
        """Return counts of a crime type or stream, (draw), and of the last recorded year; None if it is not known."""
        if what in set(self.streams["stream"]):
            return self._of_stream(self.streams[self.streams["stream"] == what], errors)
        chosen = np.array([what in (one, self.majors.get(one), ALL) for one in self.types])
        return (self.first[chosen].sum(axis=0), float(self.base[chosen].sum())) if chosen.any() else None

    def _of_stream(self, row: pd.DataFrame, errors: Errors) -> tuple[np.ndarray, np.ndarray | float] | None:
        amount = positive(row, errors)[0]
        if row["projected_by"].iloc[0] == "fixed":
            return np.broadcast_to(amount, self.first.shape[-1:]), amount
        crimes = self.of(str(row["of"].iloc[0]), errors)
        return None if crimes is None else (crimes[0] * amount, crimes[1] * amount)


def register_tables(
    register: pd.DataFrame, before: pd.DataFrame, scales: RiskScales, counts: Counts, errors: Errors, release: str
) -> dict[str, pd.DataFrame]:
    """Return `risks`, `risk_moves`, `control_strategy` and `risk_to_keep`; nothing where no threat can be scored.

    before : the register of half a year ago, as `risk_to_keep` gave it.
    """
    numbers, base, known = _counts(register, counts, errors)
    register = register[known].reset_index(drop=True)
    if register.empty:
        return {}
    draws = counts.first.shape[-1]
    exact = Errors(draws, errors.seed, known=True)
    scored, alone = (score(register, numbers, base, scales, of, draws) for of in (errors, exact))
    risks = _risks(register, numbers, base, scales, scored, alone)
    order = risks["rank"].to_numpy().argsort()
    risks = risks.iloc[order].reset_index(drop=True)
    kept = risks[["threat", "rank", "likelihood"]].assign(score=risks["score"], release=release or "not published")
    tables = {
        "risks": risks,
        "risk_moves": _moves(risks, scored.rank[order], before),
        "control_strategy": _strategy(risks, register.iloc[order].reset_index(drop=True), scales.top),
        "risk_to_keep": kept[["threat", "rank", "score", "likelihood", "release"]],
    }
    return {name: table for name, table in tables.items() if len(table)}


def _counts(
    register: pd.DataFrame, counts: Counts, errors: Errors
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray | float], list[bool]]:
    numbers: dict[str, np.ndarray] = {}
    base: dict[str, np.ndarray | float] = {}
    known = []
    for threat, crimes in zip(register["threat"], register["crimes"], strict=True):
        found = [held for part in parts_of(crimes) if (held := counts.of(part, errors)) is not None]
        known.append(bool(found) or not crimes)
        if found:
            numbers[threat] = np.sum([first for first, _ in found], axis=0)
            base[threat] = sum(last for _, last in found)
    return numbers, base, known


def _risks(
    register: pd.DataFrame,
    numbers: Mapping[str, np.ndarray],
    base: Mapping[str, np.ndarray | float],
    scales: RiskScales,
    scored: Scored,
    alone: Scored,
) -> pd.DataFrame:
    """Return a row a threat, in the order of the register."""
    words, trends = scales.words("likelihood"), [one.word for one in scales.trend]
    likely = [np.bincount(row, minlength=len(words)) / row.size for row in scored.likelihood]
    moving = [np.bincount(row, minlength=len(trends)) / row.size if row[0] >= 0 else None for row in scored.trend]
    counted = [numbers.get(threat) for threat in register["threat"]]
    last = [np.mean(base.get(threat, np.nan)) for threat in register["threat"]]
    rank, top = scored.rank, scales.top
    low, high = np.quantile(rank, [0.1, 0.9], axis=1, method="inverted_cdf")
    risk = scored.risk.mean(axis=1)
    return pd.DataFrame(
        {
            "threat": register["threat"],
            "crimes": register["crimes"],
            "rank": (-risk).argsort(kind="stable").argsort(kind="stable") + 1,
            "rank_q10": low,
            "rank_q90": high,
            "chance_top": (rank <= top).mean(axis=1),
            "chance_top_demand_alone": (alone.rank <= top).mean(axis=1),
            "score": risk,
            "score_q10": np.quantile(scored.risk, 0.1, axis=1),
            "score_q90": np.quantile(scored.risk, 0.9, axis=1),
            "impact": scored.impact.mean(axis=1),
            "position": scored.position.mean(axis=1),
            "likelihood": [words[int(share.argmax())] for share in likely],
            "likelihood_chance": [float(share.max()) for share in likely],
            "a_year": [np.nan if one is None else float(one.mean()) for one in counted],
            "a_year_q10": [np.nan if one is None else float(np.quantile(one, 0.1)) for one in counted],
            "a_year_q90": [np.nan if one is None else float(np.quantile(one, 0.9)) for one in counted],
            "last_year": last,
            "trend": ["not told" if share is None else trends[int(share.argmax())] for share in moving],
            "trend_chance": [np.nan if share is None else float(share.max()) for share in moving],
            "confidence": register["confidence"],
            "scored_by": register["scored_by"],
            "scored_on": register["scored_on"],
            "quality": register["quality"],
            "of_force": register["of_force"].astype(bool) & (register["scored_by"] != NOBODY),
        }
    )


def _moves(risks: pd.DataFrame, rank: np.ndarray, before: pd.DataFrame) -> pd.DataFrame:
    """Return how ranks moved since an earlier register, and how sure that is; rank : (threat, draw) in their order."""
    if before.empty:
        return pd.DataFrame()
    then = before.set_index("threat")
    rows = []
    for place, row in risks.iterrows():
        threat = row["threat"]
        if threat not in then.index:
            rows.append((threat, np.nan, row["rank"], "new", np.nan, "", row["likelihood"], ""))
            continue
        old = then.loc[threat]
        chance = (
            float((rank[int(str(place))] < old["rank"]).mean()),
            float((rank[int(str(place))] > old["rank"]).mean()),
        )
        moved = "up" if row["rank"] < old["rank"] else "down" if row["rank"] > old["rank"] else "same"
        sure = chance[0] if moved == "up" else chance[1] if moved == "down" else 1 - sum(chance)
        rows.append(
            (threat, old["rank"], row["rank"], moved, sure, old["likelihood"], row["likelihood"], old["release"])
        )
    for threat in [one for one in then.index if one not in set(risks["threat"])]:
        old = then.loc[threat]
        rows.append((threat, old["rank"], np.nan, "gone", np.nan, old["likelihood"], "", old["release"]))
    columns = ["threat", "rank_before", "rank", "moved", "chance", "likelihood_before", "likelihood", "release_before"]
    return pd.DataFrame(rows, columns=columns)


def _strategy(risks: pd.DataFrame, register: pd.DataFrame, top: int) -> pd.DataFrame:
    """Return the control strategy: threats of the first places, and those that may well belong among them."""
    chance = risks["chance_top"]
    standing = np.where(risks["rank"] > top, "contender", np.where(chance >= FIRM, "firm", "probable"))
    table = pd.concat(
        [risks[["rank", "threat", "chance_top", "likelihood", "trend", "of_force"]], register[_OBJECTIVES]], axis=1
    )
    return table.assign(standing=standing)[(risks["rank"] <= top) | (chance >= CONTENDER)].reset_index(drop=True)

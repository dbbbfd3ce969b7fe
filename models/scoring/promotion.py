"""Champion and challenger: whether a newly trained model may take the place of the one in use.

Walk in: scores of both, on the same origins and data. Walks out: a `Decision` with its reason and numbers. A refit of
the champion's recipe must not be much worse, a new recipe must be better beyond chance and its intervals as honest, and
the first champion must beat seasonal naive.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from features.panel import Panel
from features.rolling_origin import RollingOrigin
from models.scoring.comparison import LEVEL, compare, gain_over_levels, monthly_losses
from models.uncertainty.past_errors import FIRST_ORIGIN, WARD_SPACING
from sources.files.errors import InputError

WORSE_BY = 0.01  # of WIS, that a refit may be
FURTHER_FROM_NOMINAL = 0.02  # that the coverage of a new recipe's 80 % intervals may be
NOMINAL = 0.8
JUDGED_MONTHS = 12
SHORTEST_HISTORY = 48  # months up to an origin that is judged on, so that a model can learn how far it errs
# A run forecasts a past year first, from the year before, when enough must be known to learn how far forecasts err.
FEWEST_MONTHS = FIRST_ORIGIN + WARD_SPACING + JUDGED_MONTHS
CELLS_TO_JUDGE_COVERAGE = 500  # coverage of fewer cells is mostly chance


@dataclass(frozen=True)
class Decision:
    """Whether to promote, by which rule (`first`, `refit` or `new recipe`), why in words, and the numbers behind it.

    `by_level`: the comparison with the champion (`models.scoring.comparison.compare`), empty for the first.
    """

    promote: bool
    rule: str
    reason: str
    numbers: dict[str, float] = field(default_factory=dict)
    by_level: pd.DataFrame = field(default_factory=pd.DataFrame)


def refuse_short_history(months: int) -> None:
    """Refuse a history of fewer than `FEWEST_MONTHS` months: `InputError` says how many there are and are needed."""
    if said := short_history(months):
        raise InputError(said, remedy="Supply older months too; docs/bring-your-own-force.md says where they are.")


def short_history(months: int) -> str:
    """Return in a sentence that a history is too short to be forecast from, or nothing."""
    if months >= FEWEST_MONTHS:
        return ""
    parts = f"{FEWEST_MONTHS - JUDGED_MONTHS} to learn from, and {JUDGED_MONTHS} to judge by"
    return f"The history holds {months} months; {FEWEST_MONTHS} are needed: {parts}"


def judged_origins(panel: Panel, count: int) -> list[pd.Timestamp]:
    """Return the origins to judge on, newest first: up to `count`, each a year before the next, the year ahead known.

    Origins whose year touches a disruption are passed over, unless there is no other.
    """
    newest = len(panel.months) - JUDGED_MONTHS  # months seen at the newest origin whose year ahead is known
    splitter = RollingOrigin(
        horizon=JUDGED_MONTHS,
        spacing=JUDGED_MONTHS,
        shortest=min(SHORTEST_HISTORY, newest),
        n_splits=count,
        breaks=panel.breaks,
    )
    lengths = [len(seen) for seen, _ in splitter.split(panel.months)] or [newest]
    return [panel.months[length - 1] for length in reversed(lengths)]


def decide(challenger: pd.DataFrame, champion: pd.DataFrame | None, *, same_recipe: bool = False) -> Decision:
    """Return whether the challenger is promoted over the champion, or, without one, as the first.

    Both are tables of `models.scoring.scores.score` of the same origins, with draws, so that coverage is randomised.
    """
    if champion is None:
        return _first(monthly_losses(challenger))
    losses, reference = monthly_losses(challenger)["wis"], monthly_losses(champion)["wis"]
    shared = losses.index.intersection(reference.index)
    gain, low, high = gain_over_levels(losses.loc[shared], reference.loc[shared])
    numbers = {"gain": gain, "gain_low": low, "gain_high": high}
    by_level = compare(challenger, champion)
    against = _against(gain, "the champion's")
    said = f"its WIS is {against} (95 % interval of the gain {100 * low:.1f} to {100 * high:.1f} %)"
    if same_recipe:
        limit = f"a refit may be up to {100 * WORSE_BY:.0f} % worse"
        return Decision(gain >= -WORSE_BY, "refit", f"{said}; {limit}", numbers, by_level)
    drift = _coverage_drift(challenger, champion)
    numbers["coverage_drift"] = float(drift.max())
    reasons = [f"{said}; a new recipe's whole interval must lie above zero"]
    if drift.max() > FURTHER_FROM_NOMINAL:
        worst = " x ".join(drift.index.tolist()[int(drift.to_numpy().argmax())])
        reasons.append(
            f"its 80 % intervals cover {100 * drift.max():.1f} points further from nominal at {worst}; "
            f"{100 * FURTHER_FROM_NOMINAL:.0f} are allowed"
        )
    promote = low > 0 and not drift.max() > FURTHER_FROM_NOMINAL
    return Decision(promote, "new recipe", "; ".join(reasons), numbers, by_level)


def _first(losses: pd.DataFrame) -> Decision:
    # The naive forecast is a point: its WIS is its absolute error. A wide interval must not win, so WAPE counts too.
    gains = {name: gain_over_levels(losses[name], losses["naive_wape"])[0] for name in ("wis", "wape")}
    said = " and ".join(f"its {name.upper()} is {_against(gain, 'the naive one')}" for name, gain in gains.items())
    return Decision(
        promote=min(gains.values()) > 0,
        rule="first",
        reason=f"there is no champion yet, so seasonal naive must be beaten: {said}",
        numbers={f"{name}_gain_over_naive": gain for name, gain in gains.items()},
    )


def _coverage_drift(challenger: pd.DataFrame, champion: pd.DataFrame) -> pd.Series:
    """Return by level how much further the challenger's coverage lies from nominal, where cells are enough."""
    off = [_coverage(scores).sub(NOMINAL).abs() for scores in (challenger, champion)]
    return (off[0] - off[1]).dropna()


def _coverage(scores: pd.DataFrame) -> pd.Series:
    overall = scores[(scores["group"] == "overall") & (scores["period"] == "month")]
    levels = overall.groupby(LEVEL, observed=True).agg(
        cells=("cells", "sum"), coverage=("coverage_80_randomised", "mean")
    )
    return levels.loc[levels["cells"] >= CELLS_TO_JUDGE_COVERAGE, "coverage"]


def _against(gain: float, other: str) -> str:
    if abs(gain) < 0.0005:
        return f"the same as {other}"
    return f"{100 * abs(gain):.1f} % {'lower' if gain > 0 else 'higher'} than {other}"

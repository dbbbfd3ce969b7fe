"""Which judgements act on a forecast: those that are large enough to matter and not yet in the level.

Walk in: judgements and the forecast. Walk out: the effects that act, and what became of each judgement, in words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from models.draws.kept import KeptDraws
from planning.assumed import Errors
from planning.demand.judgement import Effect, effect_of, expected
from planning.folder.entries import Judgement
from planning.folder.toml_file import month_of
from sources.files.errors import InputError

SMALLEST = 0.5  # standard deviations of the forecast: smaller adjustments do harm (Fildes and others 2009)
COLUMNS = ["id", "kind", "area", "crime", "status", "reason", "first_month", "review_on", "effect", "forecast_sd"]


def standing_judgements(
    judgements: Sequence[Judgement],
    kept: KeptDraws,
    areas: pd.DataFrame,
    majors: Mapping[str, str],
    errors: Errors,
    seed: int,
    file: Path | str = "judgements.toml",
) -> tuple[list[Effect], pd.DataFrame]:
    """Return the effects that act, and of every judgement its status and the reason.

    A judgement is suspended once the level of the forecast may have absorbed it: when its first month was recorded
    before the forecast was made, until someone confirms after that month's end that it still holds; and once its day of
    review has passed. Superseded and withdrawn ones do not act.

    Raises
    ------
    InputError
        Where a judgement is too small to matter, and nobody insists on it.
    """
    superseded = {one.supersedes for one in judgements if one.supersedes and one.status == "active"}
    origin = pd.Timestamp(kept.origin)
    effects, rows = [], []
    for one in judgements:
        effect = effect_of(one, kept, areas, majors, errors, seed)
        size, sd = _size(effect, kept)
        status, reason = _status(one, superseded, origin)
        if status == "acts":
            if size < SMALLEST * sd and not one.insisted and not one.hindsight:
                raise InputError(
                    f"A judgement is too small to matter: it moves a year by {size:,.1f}, and the forecast errs by "
                    f"{sd:,.1f} (one standard deviation)",
                    file=file,
                    row=one.id,
                    column="multiplier",
                    value=one.multiplier.p50,
                    remedy="Leave it out: small adjustments do more harm than good. Or set insisted = true.",
                )
            effects.append(effect)
        rows.append((one.id, one.kind, one.area, one.crime, status, reason, one.first_month, one.review_on, size, sd))
    table = pd.DataFrame(rows, columns=COLUMNS)
    return effects, table.assign(
        first_month=pd.to_datetime(table["first_month"]), review_on=pd.to_datetime(table["review_on"])
    )


def _status(one: Judgement, superseded: set[str], origin: pd.Timestamp) -> tuple[str, str]:
    end = origin + pd.offsets.MonthEnd(0)
    if one.status != "active":
        return one.status, "as its file says"
    if one.id in superseded:
        return "superseded", "another takes its place"
    confirmed = bool(one.confirmed_on) and pd.Timestamp(one.confirmed_on) > end
    if pd.Timestamp(one.review_on) <= end and not confirmed:
        return "suspended", "its day of review has passed: confirm that it still holds, or withdraw it"
    if month_of(one.first_month) <= origin and not confirmed:
        return "suspended", "the level may have absorbed it: confirm that it still holds, or withdraw it"
    return "acts", "in hindsight: what it tells was known only later" if one.hindsight else ""


def _size(effect: Effect, kept: KeptDraws) -> tuple[float, float]:
    """Return by how many offences a judgement moves a full year on average, and the forecast's standard deviation."""
    ahead = expected(kept, effect)
    first_year = ahead[0].to_numpy() if effect.wards.any() else ahead[:12].sum("month").to_numpy()
    return float(np.abs((effect.multiplier - 1).mean()) * first_year.mean()), float(first_year.std())

"""Options that are nearly best, ranked over the draws: the best on paper need not be the best to come.

Walks in: a `CommandQuestion`, its best `Answer`, draws of measures. Walks out: the table `command_near`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
import pandera.pandas as pa
import xarray as xr

from planning.places.command_units.command_rules import CommandQuestion
from planning.places.command_units.command_sets import members_of
from planning.places.command_units.connected_sets import TooManySetsError
from planning.places.command_units.front import pairs_parted
from planning.places.command_units.near_optima import NearOptima, options_within
from planning.places.command_units.partition import Answer, ratio_of

NEAR = 1.05  # options up to five per cent above the best ratio are listed
FAR_APART = 2.0  # a largest command of twice the smallest

_TEXT = pa.Column(str, coerce=True)
_WHOLE = pa.Column("int64", pa.Check.ge(0), coerce=True)
_NUMBER = pa.Column("float64", nullable=True, coerce=True)
COMMAND_NEAR = pa.DataFrameSchema(
    {
        "count": _WHOLE,
        "rank": _WHOLE,
        "period": _TEXT,
        "ratio": _NUMBER,
        "mean": _NUMBER,
        "q10": _NUMBER,
        "q90": _NUMBER,
        "chance_above_2": _NUMBER,
        "pairs_parted": _WHOLE,
        "commands": _TEXT,
        "complete": pa.Column(bool, coerce=True),
    },
    unique=["count", "rank", "period"],
    strict=True,
    name="command_near",
    description="Every option within five per cent of the best ratio of its number, by the mean ratio over draws and "
    "years where the measure is drawn, else by the ratio on what was recorded. `complete`: whether these are all.",
)

Ranked = tuple[NearOptima, "xr.DataArray | None"]


def in_order(question: CommandQuestion, draws: Mapping[str, xr.DataArray]) -> dict[str, xr.DataArray]:
    """Return draws with their areas in the order of the question's; sets of areas are places in that order.

    Draws without labels of areas are taken to be in it.
    """
    codes = list(question.areas.codes)
    return {measure: drawn.sel(area=codes) if "area" in drawn.coords else drawn for measure, drawn in draws.items()}


def ratios_on_draws(groups: Sequence[int], draws: xr.DataArray, dimension: str = "area") -> xr.DataArray:
    """Return the ratio of largest to smallest command in each draw; other dimensions as those of `draws`.

    groups : sets of places along `dimension`; see `in_order`.
    """
    members = xr.DataArray(members_of(groups, draws.sizes[dimension]), dims=("command", dimension))
    held = members.dot(draws.drop_vars(dimension, errors="ignore"), dim=dimension)
    return held.max("command") / held.min("command")


def ranked_near(question: CommandQuestion, answer: Answer, draws: Mapping[str, xr.DataArray]) -> Ranked | None:
    """Return the options nearly as good as a proved one, best first, and the ratios of each, (option, draw, year).

    draws : (draw, year, area) by measure. Where no balanced measure is drawn, options go by their ratio on paper and
    there are no ratios of draws. A balanced measure without draws stays as it is. None where the answer is not proved,
    or the options are too many to be listed.
    """
    if not answer.proved or not answer.groups:
        return None
    draws = in_order(question, draws)
    try:
        near = options_within(question, answer.count, answer.ratio * NEAR)
    except TooManySetsError:
        return None
    if not near.options or not any(measure in draws for measure in question.balanced):
        return near, None
    ratios = _worst_ratios(question, near.options, draws)
    order = np.argsort(ratios.mean(("draw", "year")).to_numpy(), kind="stable")
    options, on_paper = tuple(near.options[at] for at in order), tuple(near.ratios[at] for at in order)
    return NearOptima(options, on_paper, near.complete), ratios.isel(option=order)


def near_table(
    question: CommandQuestion, answers: Iterable[Answer], draws: Mapping[str, xr.DataArray] | None = None
) -> pd.DataFrame:
    """Return the options nearly as good as each proved answer, contract `COMMAND_NEAR`."""
    rows = []
    for answer in answers:
        found = ranked_near(question, answer, draws or {})
        if found is None:
            continue
        near, ratios = found
        for place, (groups, ratio) in enumerate(zip(near.options, near.ratios, strict=True)):
            shared = {
                "count": answer.count,
                "rank": place + 1,
                "ratio": ratio,
                "pairs_parted": pairs_parted(question, groups),
                "commands": "; ".join(question.areas.named(group) for group in groups),
                "complete": near.complete,
            }
            rows += [shared | each for each in _of_years(None if ratios is None else ratios.isel(option=place))]
    return COMMAND_NEAR.validate(pd.DataFrame(rows, columns=list(COMMAND_NEAR.columns)))


def _worst_ratios(
    question: CommandQuestion, options: Sequence[Sequence[int]], draws: Mapping[str, xr.DataArray]
) -> xr.DataArray:
    """Return the ratio of the worst balanced measure, (option, draw, year)."""
    drawn = [draws[measure].transpose("draw", "year", "area") for measure in question.balanced if measure in draws]
    still = question.measures[[measure for measure in question.balanced if measure not in draws]].to_numpy(float).T
    found = []
    for groups in options:  # thousands: labels would cost more than the sums
        members = members_of(groups, len(question.areas.codes)).T
        held = [each.to_numpy() @ members for each in drawn]
        worst = np.max([each.max(axis=-1) / each.min(axis=-1) for each in held], axis=0)
        found.append(np.maximum(worst, ratio_of(still @ members)) if len(still) else worst)
    return xr.DataArray(np.stack(found), dims=("option", "draw", "year"), coords={"year": drawn[0]["year"].to_numpy()})


def _of_years(ratios: xr.DataArray | None) -> list[dict[str, object]]:
    if ratios is None:
        return [{"period": "recorded"}]
    return [
        {
            "period": f"year {year} ahead",
            "mean": float(of_year.mean()),
            "q10": float(of_year.quantile(0.1)),
            "q90": float(of_year.quantile(0.9)),
            "chance_above_2": float((of_year > FAR_APART).mean()),
        }
        for year, of_year in ratios.groupby("year")
    ]

"""The leaderboard of years as a page.

Walks in: cells of all entrants. Walks out: the text of docs/leaderboard_years.md.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from page import markdown
from tables import BY, gains, table

YEARS = (1, 2, 3)
LEVEL_NAMES = {
    ("force", "all"): "force, all crime",
    ("force", "major"): "force x major",
    ("force", "minor"): "force x minor",
    ("bcu", "all"): "BCU, all crime",
    ("borough", "all"): "borough, all crime",
}
OURS = "Wardcast"
WORDS = """# The leaderboard of years

{finding}

Sums of years of located offences, one to three years ahead, beside the libraries of [the leaderboard](leaderboard.md).
Origins from {origins}; those of the pandemic and years that hold a month of it are left out, so that
{counts} origins judge years one to three. Areas and crime types of 20 offences and more in the year before.
Made by one command, with the force's files in `DATA`:

    benchmarks/leaderboard/run years --data DATA

Weighted interval score (WIS) relative to what was recorded: lower is better, the best of a level and year is bold. In
brackets, and for gains, 95 % intervals from resampled blocks of a year of origins: few turns of crime are independent,
so they are wide. Peers are fitted at each level by itself, with their libraries' defaults (statsforecast 2.0.3). They
give intervals of months: a year's quantile is the sum of its months' ones, as if these erred together. Ours are sums of
joint draws.

## Weighted interval score

{wis}

## Our lead over the best peer

{leads}

## Coverage of 80 % intervals of years, %

{covered_80}

## Coverage of 95 % intervals of years, %

{covered_95}

## Recorded above the median, %

Fifty is right.

{above_median}

## Bias of the mean, %

{bias_mean}
"""


def page(cells: pd.DataFrame, levels: Sequence[tuple[str, str]], origins: Sequence[pd.Timestamp]) -> str:
    """Return the whole page."""
    cells = cells[cells["year"].isin(YEARS)]
    chosen = pd.MultiIndex.from_frame(cells[["area_level", "crime_level"]].astype(str)).isin(levels)
    cells = cells[chosen]
    by_entrant = cells.groupby("entrant", sort=False)
    figures = pd.concat([table(part).assign(entrant=entrant) for entrant, part in by_entrant], ignore_index=True)
    leads = _leads(cells, figures, levels)
    places = {name: _table(figures, name, levels) for name in ("covered_80", "covered_95", "above_median", "bias_mean")}
    return WORDS.format(
        finding=_finding(leads),
        origins=f"{origins[0]:%B %Y} to {origins[-1]:%B %Y}",
        counts=", ".join(str(cells.loc[cells["year"] == year, "origin"].nunique()) for year in YEARS),
        wis=_scores(figures, levels),
        leads=markdown([row[:-1] for row in leads], ["", "best peer", "its WIS", "our WIS", "gain", "95 % interval"]),
        **places,
    )


def _of(figures: pd.DataFrame, entrant: str, level: tuple[str, str], year: int) -> pd.Series:
    return figures[figures["entrant"] == entrant].set_index(list(BY)).loc[(*level, year)]


def _scores(figures: pd.DataFrame, levels: Sequence[tuple[str, str]]) -> str:
    rows = []
    for level in levels:
        for year in YEARS:
            scores = [_of(figures, entrant, level, year)["wis"] for entrant in _entrants(figures)]
            texts = [f"{score:.4f}".lstrip("0") for score in scores]
            best = [f"**{text}**" if score == min(scores) else text for text, score in zip(texts, scores, strict=True)]
            rows.append([f"{LEVEL_NAMES[level]}, year {year}", *best])
    return markdown(rows, ["", *_entrants(figures)])


def _table(figures: pd.DataFrame, name: str, levels: Sequence[tuple[str, str]]) -> str:
    rows = []
    for level in levels:
        for year in YEARS:
            row = [f"{LEVEL_NAMES[level]}, year {year}"]
            for entrant in _entrants(figures):
                one = _of(figures, entrant, level, year)
                low, high = one[f"{name}_low"], one[f"{name}_high"]
                row.append(f"{100 * one[name]:.0f} ({100 * low:.0f} to {100 * high:.0f})")
            rows.append(row)
    return markdown(rows, ["", *_entrants(figures)])


def _entrants(figures: pd.DataFrame) -> list[str]:
    return [str(entrant) for entrant in dict.fromkeys(figures["entrant"])]


def _leads(cells: pd.DataFrame, figures: pd.DataFrame, levels: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Return a row a level and year: its name, the best peer, both scores, our gain, its interval, and a verdict."""
    ours = cells[cells["entrant"] == OURS]
    peers = figures[figures["entrant"] != OURS]
    rows = []
    for level in levels:
        for year in YEARS:
            at = peers[(peers["area_level"] == level[0]) & (peers["crime_level"] == level[1]) & (peers["year"] == year)]
            best = at.loc[at["wis"].idxmin()]
            theirs = cells[cells["entrant"] == best["entrant"]]
            gain = gains(ours, theirs).set_index(list(BY)).loc[(*level, year)]
            verdict = "ahead" if gain["gain_low"] > 0 else "behind" if gain["gain_high"] < 0 else "not told apart"
            rows.append(
                [
                    f"{LEVEL_NAMES[level]}, year {year}",
                    str(best["entrant"]),
                    f"{best['wis']:.4f}".lstrip("0"),
                    f"{_of(figures, OURS, level, year)['wis']:.4f}".lstrip("0"),
                    f"{100 * gain['gain']:+.0f} %",
                    f"{100 * gain['gain_low']:+.0f} to {100 * gain['gain_high']:+.0f}",
                    verdict,
                ]
            )
    return rows


def _finding(leads: Sequence[Sequence[str]]) -> str:
    verdicts = [row[-1] for row in leads]
    ahead, behind = verdicts.count("ahead"), verdicts.count("behind")
    return (
        f"Of {len(verdicts)} levels and years ahead, Wardcast's sums of years are ahead of the best peer's at {ahead}, "
        f"behind at {behind}, and not told apart at {len(verdicts) - ahead - behind}."
    )

"""Tables on the terminal: findings of a check and scores, for people.

Walks in: tables. Walks out: text on standard output, as wide as needed when it is not a terminal.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

from features.breaks import load_breaks
from models.scoring.ages.share_scores import PEERS, score_sums
from models.scoring.promotion import short_history
from models.scoring.scores import apart_from_disruption, score_summary
from pipelines.places.command_units import CommandUnits, option_rows
from pipelines.places.ward_posts import WardPosts
from pipelines.running.many_forces import ForceRun
from planning.places.ward_posts.post_rules import SHORTFALL
from sources import findings
from sources.doubts import doubts
from sources.missing import what_is_missing
from sources.tables.force_tables import ForceTables

MOST_SHOWN = 12  # wards
MOST_NEAR = 3  # options nearly as good, of each number of commands
WIDE = 200  # columns when output goes to a file or another program


def show_findings(tables: ForceTables, data: Path, *, by_month: bool = False) -> None:
    """Print what was found in a data folder, what is doubtful first; `by_month`: coverage of each month, too."""
    simulated = " (SIMULATED)" if tables.force.simulated else ""
    console = _console()
    console.print(f"{tables.force.name}{simulated}: {len(tables.areas)} wards, {len(tables.crime_types)} crime types")
    said = short_history(tables.offences["month"].nunique())
    too_short = [f"{said}. Such a folder can be looked at and not be forecast."] if said else []
    _show(console, "Doubtful", pd.DataFrame({"what to look at": [*too_short, *doubts(tables, data)]}))
    _show(console, "What to know of these data", pd.DataFrame({"finding": what_is_missing(tables)}))
    _show(console, "Files", findings.files_found(tables).drop(columns=["bytes", "sha256"]))
    _show(console, "Files that no reader asked for", pd.DataFrame({"file": findings.files_not_read(tables, data)}))
    _show(console, "Offences by financial year", findings.totals_by_financial_year(tables))
    _show(console, "Offences by month", findings.offences_by_year_and_month(tables))
    if by_month:
        _show(console, "Share of offences with a known ward, by month", findings.coverage_by_month(tables))
    _show(console, "Editions compared over the months they share", findings.overlaps_summary(tables))
    _show(console, "Streams of other demand, apart from offences", findings.streams_found(tables))
    _show(console, "Set aside", findings.quarantine_summary(tables))


def show_scores(scores: pd.DataFrame) -> None:
    """Print the scores of months, then of years, by level; or say that nothing could be scored."""
    console = _console()
    if scores.empty:
        console.print("None of these months has been recorded yet, so there is nothing to score.")
        return
    ordinary, disrupted = apart_from_disruption(scores, load_breaks())
    for part, when in ((ordinary, ""), (disrupted, " whose months ahead a disruption hit")):
        for period, title in (("month", "Single months"), ("year", "Sums of twelve months")):
            if (part["period"] == period).any():
                _show(console, f"{title}, mean over origins{when}", score_summary(part, period))


def show_stream_scores(scores: pd.DataFrame) -> None:
    """Print the scores of a stream's past forecasts, months first, finest areas first, the best of each group first."""
    order = {"ward": 0, "borough": 1, "bcu": 2, "force": 3}
    place = scores["area_level"].map(order)
    table = scores.assign(place=place).sort_values(["period", "place", "series", "wis"], kind="stable")
    _show(_console(), "Past forecasts of the stream", table.drop(columns=["place", "stream"]))


def show_age_scores(scores: pd.DataFrame) -> None:
    """Print the scores of shares of ages by year ahead, by basis and source, then by quality; errors in % of people."""
    console = _console()
    if scores.empty:
        console.print(
            "Nobody's age has been counted for a whole year ahead of these origins, so there is nothing to score. "
            "An origin must end where a year of the counts ends: for an extract, whole years before its last month."
        )
        return
    for by, title in ((["year", "basis", "source"], "by source"), (["year", "basis", "quality"], "by quality")):
        table = score_sums(scores, by)
        told = ["error", *PEERS, "better_peer", "from", "to", "coverage_80"]
        table[told] = 100 * table[told]
        named = table.rename(columns={"better_peer": "less the better one", "coverage_80": "80 % holds"})
        _show(console, f"People put in a wrong age group, %, beside shares unchanged, {title}", named.round(1))


def show_comparison(comparison: pd.DataFrame, names: tuple[str, str], unlike: pd.DataFrame | None = None) -> None:
    """Print the gain of one forecast over another by level, with 95 % intervals, and in what two runs are unlike."""
    console = _console()
    _show(console, f"WIS of single months: {names[0]} against the reference {names[1]}", comparison)
    if unlike is not None:
        _show(console, "In what the runs differ", unlike)


def show_differences(differing: pd.DataFrame) -> None:
    """Print what differs between a run and the same made again, the first twenty rows."""
    _show(_console(), f"{len(differing):,} numbers differ; the first", differing.head(20).astype(str))


def show_force_runs(runs: Sequence[ForceRun]) -> None:
    """Print what each force's job came to: seconds, processor seconds and largest memory, GiB."""
    rows = [
        (run.force, "failed" if run.exit_code else "released", run.seconds, run.processor_seconds, run.peak_gib)
        for run in sorted(runs, key=lambda run: run.force)
    ]
    columns = ["force", "outcome", "seconds", "processor seconds", "peak GiB"]
    _show(_console(), "Forces", pd.DataFrame(rows, columns=columns).round(1))


def show_command_units(found: CommandUnits) -> None:
    """Print options of command units, how they fare on other measures, what rules cost, and the front."""
    console = _console()
    if found.said:
        console.print(found.said)
        return
    for note in found.notes:
        console.print(note)
    _show(console, f"Largest command over smallest, on {', '.join(found.question.balanced)}", option_rows(found))
    wide = found.ratios[found.ratios["q10"].isna()]
    _show(console, "On other measures", wide.pivot(index="option", columns="measure", values="ratio").reset_index())
    _show(console, "In the years to come, over the draws", found.ratios[found.ratios["q10"].notna()])
    if not found.near.empty:
        short = found.near[(found.near["rank"] <= MOST_NEAR) & (found.near["period"] == found.near["period"].iloc[0])]
        _show(
            console,
            "Options nearly as good, the first of each number",
            short.drop(columns=["period", "commands", "complete"]),
        )
    _show(console, "What each rule costs", found.costs)
    _show(console, "Pairs of today's commands parted, and the best ratio for so many", found.front)
    for option in found.options:
        if option.name != "today" and option.answer.groups and not option.barred:
            groups = [found.question.areas.named(group) for group in option.answer.groups]
            _show(console, option.name, pd.DataFrame({"command": groups}))


def show_ward_posts(found: WardPosts) -> None:
    """Print what each rule comes to, the wards that have most, who gains, and wards that would flip."""
    console = _console()
    tables = found.tables
    for note in found.notes:
        console.print(note)
    _show(console, "Posts by three rules", tables["post_rules"])
    recommended = tables["posts"][tables["posts"]["rule"] == SHORTFALL]
    most = recommended.sort_values("posts", ascending=False, kind="stable").groupby("role", sort=False).head(MOST_SHOWN)
    _show(console, f"Wards with most posts, by {SHORTFALL}", most.drop(columns=["rule", "floor"]))
    if "post_fifths" in tables:
        fifths = tables["post_fifths"][tables["post_fifths"]["rule"] == SHORTFALL].drop(columns="rule")
        _show(console, f"Posts by fifth of wards, the first having least, by {SHORTFALL}", fifths)
    if "post_flips" in tables:
        flipped = tables["post_flips"].groupby(["role", "supposition"]).size().rename("wards that flip").reset_index()
        _show(console, "Were reporting not alike everywhere", flipped)
    _show(console, "Moves that are sure, in years to come", tables.get("post_moves", pd.DataFrame()).head(MOST_SHOWN))
    _show(console, "Posts to come, the first of them", tables.get("post_growth", pd.DataFrame()).head(MOST_SHOWN))


def show_settings(rows: list[tuple[str, str, str, str]]) -> None:
    """Print settings: name, value, where the value came from, meaning."""
    _show(_console(), "Settings in force", pd.DataFrame(rows, columns=["setting", "value", "from", "meaning"]))


def show_parameters(rows: list[tuple[str, str, str, str, str]]) -> None:
    """Print parameters of recipes: recipe and name, value in force, default, what is allowed, meaning."""
    columns = ["parameter", "value", "default", "allowed", "meaning"]
    _show(_console(), "Recipes and their parameters", pd.DataFrame(rows, columns=columns))


def _console() -> Console:
    # Notebooks ask for colours, and are as wide as a file, not as a terminal.
    return Console() if sys.stdout.isatty() else Console(width=WIDE)


def show_table(title: str, table: pd.DataFrame) -> None:
    """Print one table under its title."""
    _show(_console(), title, table)


def _show(console: Console, title: str, table: pd.DataFrame) -> None:
    if table.empty:
        return
    shown = Table(title=title, title_justify="left")
    for name in table.columns:
        numeric = pd.api.types.is_numeric_dtype(table[name])
        shown.add_column(name.replace("_", " "), justify="right" if numeric else "left", overflow="fold")
    for row in table.itertuples(index=False):
        shown.add_row(*(_text(value) for value in row))
    console.print(shown)


def _text(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m}"
    if pd.isna(value):  # type: ignore[call-overload]
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, float):
        return f"{value:.3f}"
    return f"{value:,}" if isinstance(value, int | np.integer) else str(value)

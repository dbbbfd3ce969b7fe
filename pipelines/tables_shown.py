"""Tables on the terminal: findings of a check and scores, for people.

Walks in: tables. Walks out: text on standard output, as wide as needed when it is not a terminal.
"""

from __future__ import annotations

import pandas as pd
from rich.console import Console
from rich.table import Table

from models.scores import score_summary
from sources import findings
from sources.force import ForceTables

WIDE = 200  # columns when output goes to a file or another program


def show_findings(tables: ForceTables) -> None:
    """Print what was found in a data folder."""
    simulated = " (SIMULATED)" if tables.force.simulated else ""
    console = _console()
    console.print(f"{tables.force.name}{simulated}: {len(tables.areas)} wards, {len(tables.crime_types)} crime types")
    coverage = findings.coverage_by_month(tables)
    _show(console, "Files", findings.files_found(tables).drop(columns=["bytes", "sha256"]))
    _show(console, "Offences by financial year", findings.totals_by_financial_year(tables))
    _show(console, "Share of offences with a known ward, by month", coverage)
    _show(console, "Editions compared over the months they share", findings.overlaps_summary(tables))
    _show(console, "Set aside", findings.quarantine_summary(tables))


def show_scores(scores: pd.DataFrame) -> None:
    """Print the scores of months, then of years, by level; or say that nothing could be scored."""
    console = _console()
    if scores.empty:
        console.print("None of these months has been recorded yet, so there is nothing to score.")
        return
    for period, title in (("month", "Single months"), ("year", "Sums of twelve months")):
        if (scores["period"] == period).any():
            _show(console, f"{title}, mean over origins", score_summary(scores, period))


def _console() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=WIDE)


def _show(console: Console, title: str, table: pd.DataFrame) -> None:
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
    return f"{value:,}" if isinstance(value, int) else str(value)

"""The workbook: a spreadsheet by UK government guidance on accessible tables, for those who work in one.

Walks in: `Contents`. Walks out: `workbook.xlsx` with a cover, a table of contents, notes and one table a sheet: the
force and its boroughs by crime type and year, scenarios, ages, the busiest wards, and how past forecasts did. It is of
summaries: wards in full are in the CSV and Parquet files.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd
from gptables import Cover, GPTable, GPWorkbook, produce_workbook  # type: ignore[import-untyped]

from publication.numbers.age_quality import age_caveats
from publication.numbers.recorded import shown_scenario
from publication.release.contents import Contents
from publication.release.manifest import ReleaseFacts
from publication.tables.stream_sheet import stream_sheet
from publication.tables.workbook_tables import (
    CONFIDENTIAL,
    NOT_AVAILABLE,
    Sheet,
    accuracy_sheet,
    age_sheets,
    bcu_sheet,
    borough_sheet,
    force_sheet,
    month_sheet,
    scenario_sheet,
    ward_sheet,
)
from publication.words import NOT_FOR, day_name, marks

NOTES = {
    "recorded": "Offences that the police recorded, which are not all offences that happened. Numbers follow how "
    "offences are reported and recorded as well as how many occur. Fraud is left out, since it is recorded nationally.",
    "ward": "Wards count offences whose ward is known. Offences with no known ward are counted with their borough.",
    "counted": "All recorded offences, whether their ward is known or not.",
    "median": "Half of the possible futures lie above the median and half below. It leads, since it says which way a "
    "number is likely to go. Medians cannot be added up.",
    "mean": "The average of all possible futures. Means add up over areas, months and crime types. Where few futures "
    "are far above the others, the mean lies above the median.",
    "interval": "The chance is 8 in 10 that the number will lie between these two. Each interval is that of its own "
    "row and cannot be added up.",
    "chance": "The chance that more will be recorded in the first year than in the last twelve months. Between about "
    "25 % and 75 % it could go either way.",
    "later years": "Later years are checked by fewer past forecasts: the sheet Record says how many, and how they did.",
    "scenario": "Scenarios are variants of the population ahead. They are no forecast of their own, and no interval of "
    "the first scenario.",
    "age": "Ages of suspects and ages of victims each split the same offences. They are never added up or compared.",
    "quality": "Measured: ages recorded with such offences. Proxy: ages of something near, such as arrests by group of "
    "offences or of another place, which give the shape only. None: nothing is known.",
    "error": "All differences between forecast and recorded numbers, counted as positive, as a share of the offences "
    "recorded. Where numbers are small, chance alone makes most of it.",
}
LEGEND = [f"{NOT_AVAILABLE} is not available", f"{CONFIDENTIAL} is left out, so that no person can be told from it"]
A4 = 9  # the number of that size of paper
LINE = 16.0  # points, of a row of 12 point text
CHARACTERS = {"cover": 80, "notes": 100, "narrowest": 13, "widest": 52}  # widths of columns


def write_workbook(folder: Path, contents: Contents) -> None:
    """Write `workbook.xlsx` (its name marked where simulated or internal) into a release's folder."""
    made = [
        force_sheet(contents),
        bcu_sheet(contents),
        borough_sheet(contents),
        scenario_sheet(contents),
        *age_sheets(contents),
        ward_sheet(contents),
        month_sheet(contents),
        stream_sheet(contents.other_demand),
        accuracy_sheet(contents.track_record),
    ]
    sheets = {sheet.label: sheet for sheet in made if sheet is not None}
    used = {note for sheet in sheets.values() for note in sheet.notes.values()}
    texts = NOTES | {"age": " ".join([NOTES["age"], *map(_plain, age_caveats(contents.ages))])}
    notes = pd.DataFrame([(name, text) for name, text in texts.items() if name in used], columns=["Note", "Note text"])
    tables = {label: _gptable(sheet, contents) for label, sheet in sheets.items()}
    cover = _cover(contents)
    workbook = produce_workbook(
        (folder / f"workbook{contents.facts.mark}.xlsx").as_posix(),
        tables,
        cover=cover,
        contentsheet_options={
            "instructions": "This worksheet contains one table, with a link to each sheet of figures."
        },
        notes_table=notes,
        notesheet_options={"instructions": "This worksheet contains one table. Column headings refer to its notes."},
        workbook_options=dict.fromkeys(["strings_to_formulas", "strings_to_urls", "strings_to_numbers"], False),
    )
    workbook.set_properties(_properties(contents))
    _lay_out_texts(workbook, cover, workbook.make_notesheet(notes))
    for label, sheet in sheets.items():
        _lay_out(workbook.get_worksheet_by_name(label), sheet, tables[label].data_range[0])
    workbook.close()


def _gptable(sheet: Sheet, contents: Contents) -> GPTable:
    columns = list(sheet.table)
    found = {
        mark for name in sheet.table for mark in (NOT_AVAILABLE, CONFIDENTIAL) if (sheet.table[name] == mark).any()
    }
    return GPTable(
        table=sheet.table.map(_plain),
        table_name=sheet.label.lower().replace(" ", "_"),
        title=sheet.title,
        subtitles=marks(contents),
        instructions="This worksheet contains one table. Some column headings refer to notes, on the worksheet Notes.",
        source=_plain(
            f"Source: {contents.facts.force.name}, offences recorded to {contents.facts.origin:%B %Y}. "
            f"Release {contents.facts.name}."
        ),
        legend=[line for line in LEGEND if line[:3] in found],
        table_notes={name: f"$${note}$$" for name, note in sheet.notes.items()},
        index_columns={2: 0},
        additional_formatting=[
            {"column": {"columns": [columns.index(name)], "include_names": with_heading, "format": form}}
            for name, number in sheet.formats.items()
            for with_heading, form in ((True, {"align": "right"}), (False, {"num_format": number}))
        ],
    )


def _cover(contents: Contents) -> Cover:
    facts = contents.facts
    last = shown_scenario(contents)["month"].max()
    whom = _plain(facts.contact) or "those who gave you this workbook"
    return Cover(
        title=_plain(f"Police demand forecast: {facts.force.name}"),
        intro=[
            *marks(contents),
            _plain(
                f"Recorded crime by area, crime type and year, expected until {last:%B %Y}, with how sure it is. "
                f"Made from offences recorded up to the end of {facts.origin:%B %Y}."
            ),
            "The sheets Contents and Notes come first. Every other sheet holds one table.",
        ],
        about=[
            f"Release: {facts.name}. Run: {facts.run_id}. Code version: {_plain(facts.code_version)}.",
            _plain(f"Data: {facts.data_vintage}."),
            f"Scenario shown unless a sheet says otherwise: {facts.scenarios[0]}.",
            "These figures must not be used for the following.",
            *NOT_FOR,
            "Wards in full, every month and all quantiles are in the Parquet and CSV files of the release; methods, "
            "quality and fairness are in its documents.",
        ],
        contact=[f"Questions go to {whom}; name the release, {facts.name}.", _dates(facts)],
        width=CHARACTERS["cover"],
    )


def _dates(facts: ReleaseFacts) -> str:
    text = f"Data to {day_name(facts.data_to)}."
    if facts.next_due is None:
        return text
    return f"{text} Next release due {day_name(facts.next_due)}; after that day look for a newer one."


def _properties(contents: Contents) -> dict[str, Any]:
    """Return the document's properties; it is dated by its data, so that the same contents give the same bytes."""
    facts = contents.facts
    return {
        "title": f"Police demand forecast: {facts.force.name}, from {facts.origin:%B %Y}",
        "subject": "Recorded crime by area, crime type, age and year, with 80 % intervals",
        "author": facts.force.name,
        "keywords": "police, demand, forecast, recorded crime",
        "comments": " ".join([*marks(contents), f"Release {facts.name}, run {facts.run_id}"]),
        "created": (facts.origin + pd.offsets.MonthEnd(0)).to_pydatetime(),
    }


def _lay_out_texts(workbook: GPWorkbook, cover: Cover, notes: GPTable) -> None:
    """Give rows of wrapped text the height that they need, which not every program finds by itself."""
    page = workbook.get_worksheet_by_name("Cover")
    parts = [part for part in (cover.intro, cover.about, cover.contact) if part]
    texts = ["", *(text for part in parts for text in ("", *part))]
    for row, text in enumerate(texts):
        page.set_row(row, LINE * _lines(text, CHARACTERS["cover"]) if text else 2 * LINE)
    widths_of = {
        "Cover": [CHARACTERS["cover"]],
        "Contents": [24, CHARACTERS["notes"]],
        "Notes": [14, CHARACTERS["notes"]],
    }
    for label, widths in widths_of.items():
        page = workbook.get_worksheet_by_name(label)
        for column, width in enumerate(widths):
            page.set_column(column, column, width)
        page.set_landscape()
        page.set_paper(A4)
        page.fit_to_pages(1, 0)
    for row, text in enumerate(notes.table["Note text"]):
        page.set_row(notes.data_range[0] + 1 + row, LINE * _lines(text, CHARACTERS["notes"]))


def _lay_out(sheet: Any, content: Sheet, heading: int) -> None:
    """Set widths, heights and what stays in view of a sheet whose table begins at row `heading`, from 0."""
    widths = [_width(content, str(name)) for name in content.table]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    noted = [f"{name} " + ("[note 1]" if name in content.notes else "") for name in content.table]
    sheet.set_row(heading, LINE * max(_lines(*pair) + ("[note" in pair[0]) for pair in zip(noted, widths, strict=True)))
    texts = [place for place, name in enumerate(content.table) if name not in content.formats]
    for row, cells in enumerate(content.table.itertuples(index=False)):
        lines = max(_lines(str(cells[place]), widths[place]) for place in texts)
        if lines > 1:
            sheet.set_row(heading + 1 + row, LINE * lines)
    sheet.freeze_panes(heading + 1, content.fixed)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(heading)
    sheet.set_footer("&L&A&RPage &P of &N")


def _width(content: Sheet, name: str) -> float:
    if name in content.formats:
        return CHARACTERS["narrowest"]
    longest = max(len(str(cell)) for cell in content.table[name])
    return min(max(longest + 2, CHARACTERS["narrowest"]), CHARACTERS["widest"])


def _lines(text: str, width: float) -> int:
    return max(1, math.ceil(len(text) * 1.02 / width))


def _plain(cell: Any) -> Any:
    """A text without what the writer of tables takes for a note (`$$`) or a link (`[text](address)`)."""
    return cell.replace("$$", "$ $").replace("](", "] (") if isinstance(cell, str) else cell

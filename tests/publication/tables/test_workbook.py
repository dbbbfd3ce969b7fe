"""The workbook holds the figures of the run, is laid out to be read, and takes odd names as names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook

from publication.release.contents import Contents
from publication.tables.workbook import write_workbook

pytestmark = pytest.mark.integration

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "[click](http://example.org)",
    "$$note$$ <script>",
    "شارع",
    '@SUM(1+1), "quoted"',
    "w" * 120,
]


def written(folder: Path, contents: Contents) -> Workbook:
    write_workbook(folder, contents)
    (file,) = folder.glob("workbook*.xlsx")
    return load_workbook(file)


def rows(workbook: Workbook, sheet: str) -> pd.DataFrame:
    cells = list(workbook[sheet].iter_rows(values_only=True))
    heading = next(number for number, row in enumerate(cells) if row[1] is not None)
    names = [str(name).split("\n")[0] for name in cells[heading]]
    return pd.DataFrame(cells[heading + 1 :], columns=names)


@pytest.fixture(scope="module")
def workbook(publication: Any, reported: Callable[..., Contents], tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    return written(tmp_path_factory.mktemp("workbook"), reported(publication))


def test_the_sheets_are_cover_contents_notes_and_figures(workbook: Workbook) -> None:
    assert workbook.sheetnames == [
        "Cover",
        "Contents",
        "Notes",
        "Force",
        "BCUs",
        "Boroughs",
        "Ages of suspects",
        "Ages of victims",
        "Wards",
        "Months",
        "Accuracy",
    ]


def test_figures_are_those_of_the_forecast(workbook: Workbook, publication: Any) -> None:
    table = rows(workbook, "Boroughs")
    cells = publication.all_recorded[publication.all_recorded["area_level"] == "borough"]
    cells = cells[(cells["period"] == "year") & (cells["crime_level"] == "all")]
    total = table[table["Level"] == "All"]
    assert len(table) == 3 * 8
    for column, value, month in (("2025/26 mean", "mean", "2025-04-01"), ("2026/27 80 % to", "q90", "2026-04-01")):
        assert total[column].sum() == pytest.approx(cells[cells["month"] == pd.Timestamp(month)][value].sum())
    recent = publication.offences[publication.offences["month"] >= pd.Timestamp("2024-04-01")]["count"].sum()
    lost = publication.unlocated_offences
    lost = lost[(lost["month"] >= pd.Timestamp("2024-04-01")) & (lost["area_code"] != "E23000099")]["count"].sum()
    assert total["2024/25 recorded"].sum() == recent + lost


def test_age_groups_add_up_and_say_how_good_they_are(workbook: Workbook, publication: Any) -> None:
    table = rows(workbook, "Ages of suspects")
    cells = publication.forecast[publication.forecast["area_level"] == "force"]
    cells = cells[(cells["period"] == "year") & (cells["crime_level"] == "all")]
    force = table[(table["Area"] == "Fictional Police") & table["Crime type"].str.startswith("All recorded")]
    assert force["2025/26 mean"].sum() == pytest.approx(cells[cells["month"] == "2025-04-01"]["mean"].sum())
    assert set(table["Quality of ages"]) == {"Proxy"}
    assert set(rows(workbook, "Ages of victims")["Quality of ages"]) == {"[x]"}


def test_sheets_are_laid_out_to_be_read(workbook: Workbook, publication: Any) -> None:
    for name in workbook.sheetnames[3:]:
        sheet = workbook[name]
        (table,) = sheet.tables.values()
        heading = int(table.ref.split(":")[0].lstrip("A"))
        assert sheet.freeze_panes.lstrip("ABCDEF") == str(heading + 1)
        assert sheet.freeze_panes[0] > "A"
        assert sheet.row_dimensions[heading].height >= 32
        assert "SIMULATED" in sheet["A2"].value
    properties = workbook.properties
    assert "Fictional Police" in properties.title
    assert (properties.created.year, properties.created.month) == (2025, 3)
    notes = [row[1] for row in workbook["Notes"].iter_rows(values_only=True) if row[1]]
    assert any("8 in 10" in note for note in notes)


def test_the_same_contents_give_the_same_bytes_whenever_they_are_published(
    publication: Any, reported: Callable[..., Contents], tmp_path: Path
) -> None:
    contents = reported(publication)
    later = replace(contents, facts=replace(contents.facts, created_at=contents.facts.created_at.replace(year=2030)))
    for name, each in (("first", contents), ("second", later)):
        (tmp_path / name).mkdir()
        write_workbook(tmp_path / name, each)
    files = [next((tmp_path / name).iterdir()).read_bytes() for name in ("first", "second")]
    assert files[0] == files[1]


def test_odd_names_stay_names(make: Callable[..., Any], reported: Callable[..., Contents], tmp_path: Path) -> None:
    made = make(wards=6, boroughs=6)
    names = dict(zip(sorted(made.areas["borough_code"].unique()), HOSTILE, strict=True))
    codes = made.forecast["area_code"]
    forecast = made.forecast.assign(area_name=codes.map(names).fillna(made.forecast["area_name"]))
    every = made.all_recorded
    every = every.assign(area_name=every["area_code"].map(names).fillna(every["area_name"]))
    areas = made.areas.assign(borough_name=made.areas["borough_code"].map(names), ward_name=HOSTILE[0])
    force = replace(made.facts.force, name=HOSTILE[0])
    made = replace(made, areas=areas, forecast=forecast, all_recorded=every, facts=replace(made.facts, force=force))
    book = written(tmp_path, reported(made))
    shown = set(rows(book, "Boroughs")["Borough"])
    assert {HOSTILE[0], HOSTILE[4], HOSTILE[5]} < shown
    assert any(name.startswith("شارع (E09") for name in shown)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    links = [cell.hyperlink.target for cell in cells if cell.hyperlink and cell.hyperlink.target]
    assert not [link for link in links if "example.org" in link]


def test_a_run_with_nothing_but_months_has_a_workbook(make: Callable[..., Any], tmp_path: Path) -> None:
    made = make(horizon=6, simulated=False)
    book = written(tmp_path, made.contents(accuracy=made.accuracy.iloc[:0]))
    assert book.sheetnames == ["Cover", "Contents", "Notes", "Months"]


def test_scenarios_stand_beside_each_other(make: Callable[..., Any], tmp_path: Path) -> None:
    made = make()
    yearly = made.forecast[made.forecast["period"] == "year"]
    both = pd.concat([made.forecast, yearly.assign(scenario="high", mean=2 * yearly["mean"])], ignore_index=True)
    every = made.all_recorded[made.all_recorded["period"] == "year"]
    all_both = pd.concat([made.all_recorded, every.assign(scenario="high", mean=2 * every["mean"])], ignore_index=True)
    facts = replace(made.facts, scenarios=("central", "high"))
    made = replace(made, forecast=both, all_recorded=all_both, facts=facts)
    table = rows(written(tmp_path, made.contents()), "Scenarios")
    sums = table.groupby("Scenario")["2025/26 mean"].sum()
    assert sums["High population"] == pytest.approx(2 * sums["Central"])

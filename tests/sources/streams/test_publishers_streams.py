"""Streams in their publishers' own layouts, on the real files and on small damaged ones."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from sources.catalogue.catalogue import load_catalogue, read_force_entry
from sources.catalogue.data_folder import DataFolder
from sources.files.errors import InputError
from sources.findings import streams_found
from sources.places.geography import read_areas
from sources.read_force import read_force
from sources.streams.entries import StreamEntry, read_entries
from sources.streams.read_streams import KNOWN_STREAMS, load_stream, read_stream, read_streams
from sources.streams.tables import stream_named
from sources.tables.force_tables import Force, ForceTables

pytestmark = pytest.mark.integration

AREAS = pd.DataFrame(
    {
        "ward_code": ["E05000001", "E05000002"],
        "borough_code": ["E09000001", "E09000002"],
        "borough_name": ["Eastham", "Westham"],
        "force_code": "E23000001",
    }
)
KNOWN = {entry.name: entry for entry in read_entries(KNOWN_STREAMS)}
JANUARY = pd.Timestamp("2024-01-01")


def dashboard(folder: Path, counts: list[int], area: str = "E09000001 ") -> Path:
    """A file of one month: knife crime of a borough and of its team."""
    rows = [
        (kind, code, subtype, count)
        for (kind, code), count in zip(
            [("Borough", area), ("Safer Neighbourhood Teams", "E05000001")], counts, strict=True
        )
        for subtype in ["Knife Crime", *KNOWN["knife_crime"].within]
    ]
    table = pd.DataFrame(rows, columns=["area_type", "area_code", "crime_subtype", "count"])
    table = table.assign(month_year=JANUARY, crime_type="Knife Crime", measure="Offences")
    table.to_parquet(folder / "knife.parquet")
    return folder / "knife.parquet"


def test_stray_spaces_are_no_other_borough_and_team_rows_repeat_it(tmp_path: Path) -> None:
    stream, _ = read_stream(dashboard(tmp_path, [5, 5]), KNOWN["knife_crime"], AREAS)
    assert set(stream.table["area_code"]) == {"E09000001"}
    assert stream.total == 5
    by_team, _ = read_stream(
        tmp_path / "knife.parquet", KNOWN["knife_crime"].model_copy(update={"areas": "ward"}), AREAS
    )
    assert set(by_team.table["area_code"]) == {"E05000001"}


def test_the_unknown_stand_under_the_force_and_disagreement_is_refused(tmp_path: Path) -> None:
    stream, _ = read_stream(dashboard(tmp_path, [5, 5], area="N/K"), KNOWN["knife_crime"], AREAS)
    assert set(stream.table["area_code"]) == {"E23000001"}
    with pytest.raises(InputError, match="do not agree"):
        read_stream(dashboard(tmp_path, [5, 4]), KNOWN["knife_crime"], AREAS)


def vawg(folder: Path, rows: list[tuple[str, str | None, str | None, int]]) -> Path:
    table = pd.DataFrame(rows, columns=["sheet", "borough_name", "crimsec_group", "count"])
    table.assign(recorded_date_months=JANUARY).to_parquet(folder / "vawg.parquet")
    return folder / "vawg.parquet"


def test_sheets_of_violence_against_women_are_never_added(tmp_path: Path) -> None:
    place, kind = "Offence count location", "Offence count classification"
    rows = [(place, "Eastham", None, 3), (place, "Other", None, 1), (kind, None, "Rape", 4)]
    file = vawg(tmp_path, rows)
    by_borough, _ = read_stream(file, KNOWN["violence_against_women"], AREAS)
    by_group, _ = read_stream(file, KNOWN["violence_against_women_by_group"], AREAS)
    assert by_borough.total == by_group.total == 4
    assert set(by_borough.table["area_code"]) == {"E09000001", "E23000001"}
    for damaged, problem in (
        ([*rows, (place, "Eastham", None, 1)], "do not agree"),
        ([*rows, (place, "Northham", None, 0)], "borough that is not known"),
        ([*rows, ("Victims", "Eastham", None, 1)], "sheet that is not known"),
    ):
        with pytest.raises(InputError, match=problem):
            read_stream(vawg(tmp_path, damaged), KNOWN["violence_against_women"], AREAS)


def test_a_borough_that_has_not_joined_is_unknown_and_a_use_without_row_is_zero(tmp_path: Path) -> None:
    uses = KNOWN["minutes_taken_from_wards"].keep
    rows = [("2024-01", "Eastham", use, 60) for use in uses] + [("2024-02", "Eastham", "Aid", 30)]
    rows += [("2024-02", "Westham", "Aid", 90)]
    pd.DataFrame(rows, columns=["month", "borough", "abstraction_type", "minutes"]).to_csv(
        tmp_path / "m.csv", index=False
    )
    stream, _ = read_stream(tmp_path / "m.csv", KNOWN["minutes_taken_from_wards"], AREAS)
    counted = stream.table.set_index(["area_code", "start", "series"])["value"]
    assert counted["E09000001", pd.Timestamp("2024-02-01"), "Court"] == 0
    assert ("E09000002", JANUARY, "Aid") not in counted.index


def chicago(**changes: object) -> StreamEntry:
    fields = {
        "name": "assaults",
        "title": "Assaults",
        "category": "public",
        "unit": "offences",
        "kind": "count",
        "areas": "own",
        "period": "day",
        "layout": "chicago_days",
        "file": "a.csv",
        "publisher": "City of Chicago",
        "licence": "Terms of use",
        "finest_open_level": "ward",
        "sensitive": False,
    }
    return StreamEntry.model_validate(fields | changes)


def test_ten_years_of_days_in_chicago(london: Path) -> None:
    file = london / "planning/chicago_aggravated_assault_daily_by_district.csv.gz"
    stream, _ = read_stream(file, chicago())
    assert stream.table["area_code"].nunique() == 22, "the stray district is left out"
    assert len(stream.periods) == 3652
    assert stream.total == pd.read_csv(file)["n"].sum() - 1


def test_london_has_its_streams_and_their_totals(london: Path) -> None:
    catalogue = load_catalogue()
    folder = DataFolder(london, catalogue, read_force_entry(london, catalogue))
    areas = read_areas(folder.one("areas"), Force(catalogue.force.name, catalogue.force.code, simulated=False))
    streams = read_streams(folder, areas, [])
    found = streams.streams.set_index("stream")
    assert (found.loc[["violence_against_women", "violence_against_women_by_group"], "total"] == 1_488_598).all()
    assert found.loc["knife_crime", "total"] == 45_313
    assert found.loc["minutes_taken_from_wards", "set_aside"] == 130_560
    taken = stream_named(streams.streams, streams.stream_values, "minutes_taken_from_wards")
    assert taken.table.groupby("start")["area_code"].nunique().iloc[0] == 9, "boroughs join over a year"
    old_wards = stream_named(streams.streams, streams.stream_values, "antisocial_behaviour_by_old_ward")
    assert not old_wards.about.forecast


def test_the_simulated_force_has_a_stream_of_each_category(
    simulated_tables: ForceTables, simulated_force: Path
) -> None:
    found = streams_found(simulated_tables)
    assert set(found["category"]) == {"public", "protective", "internal"}
    calls = load_stream(simulated_force / "streams" / "streams.toml", "calls_999", simulated_tables.areas)
    assert calls.total == found.set_index("stream").loc["calls_999", "total"]
    truth = pd.read_parquet(simulated_force / "truth" / "streams.parquet")
    expected = truth.loc[truth["stream"] == "calls_999", "expected"].sum()
    assert abs(calls.total / expected - 1) < 0.02


def test_a_file_that_no_stream_names_is_refused(simulated_force: Path, tmp_path: Path) -> None:
    copy = tmp_path / "force"
    shutil.copytree(simulated_force, copy)
    (copy / "streams" / "forgotten.csv").write_text("area_code,month,value\n")
    with pytest.raises(InputError, match="No stream names this file"):
        read_force(copy)

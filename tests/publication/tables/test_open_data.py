"""What machines read of a release: a data package that holds what it says, and changes that are the true ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import frictionless
import pandas as pd
import pytest

from publication.release.contents import Contents
from publication.release.licence import attributions, terms
from publication.release.manifest import ReleaseError, write_manifest
from publication.tables.open_data import write_open_data
from publication.tables.tables import write_tables
from sources.tables.force_tables import Force

pytestmark = pytest.mark.unit


def write(folder: Path, contents: Contents) -> Path:
    folder.mkdir(parents=True)
    write_tables(folder, contents)
    write_open_data(folder, contents)
    write_manifest(folder, contents.facts)
    return folder


@pytest.fixture(scope="module")
def folder(publication: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("open") / "release", publication.contents_in_full())


def valid(folder: Path) -> list[list[str]]:
    report = frictionless.validate(str(folder / "datapackage.json"))
    return report.flatten(["type", "message"])


def test_the_data_package_is_valid_and_lists_every_data_file(folder: Path) -> None:
    assert valid(folder) == []
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.suffix in (".csv", ".parquet")}
    assert {one["path"] for one in package["resources"]} == files
    assert all(one["description"] for one in package["resources"])
    tables = [one for one in package["resources"] if one["type"] == "table"]
    assert all("schema" in one for one in tables)
    assert all(one["columns"] for one in package["resources"] if one["type"] == "file")


def test_a_data_package_whose_files_are_not_as_described_is_not_valid(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in folder.rglob("*"):
        if path.is_file():
            (copy / path.relative_to(folder)).parent.mkdir(parents=True, exist_ok=True)
            (copy / path.relative_to(folder)).write_bytes(path.read_bytes())
    areas = (copy / "areas.csv").read_text(encoding="utf-8")
    (copy / "areas.csv").write_text(areas + areas.splitlines()[1] + "\n", encoding="utf-8")
    types = {kind for kind, _ in valid(copy)}
    assert types >= {"hash-count", "primary-key"}


def test_hostile_names_stay_names(publication: Any, tmp_path: Path) -> None:
    name = '=HYPERLINK("http://x","a, b")\r\n<script>alert(1)</script> \u202eمدينة' + "x" * 120
    areas = publication.areas.assign(ward_name=name, borough_name=f"../../{name}")
    folder = write(tmp_path / "release", publication.contents_in_full(areas=areas))
    assert valid(folder) == []
    assert [path for path in tmp_path.iterdir() if path != folder] == []
    assert all(len(path.name) < 120 for path in folder.rglob("*"))


def test_a_single_borough_and_no_ages(make: Callable[..., Any], tmp_path: Path) -> None:
    made = make(wards=2, boroughs=1, horizon=6, history=14)
    folder = write(tmp_path / "release", made.contents(unlocated_offences=made.unlocated_offences.iloc[:0]))
    assert valid(folder) == []
    assert not (folder / "csv_by_age").exists()


def test_the_same_run_gives_the_same_files(folder: Path, publication: Any, tmp_path: Path) -> None:
    again = write(tmp_path / "release", publication.contents_in_full())
    names = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    assert all((again / name).read_bytes() == (folder / name).read_bytes() for name in names)


# Terms


def test_terms_say_whom_a_release_is_for(publication: Any) -> None:
    facts = publication.facts
    real = replace(facts, force=Force("Metropolitan Police", "E23000001", False))
    assert "SIMULATED" in terms(facts)
    assert attributions(facts) == []
    assert "UK Open Government Licence (OGL v3)" in terms(real)
    assert "Not for publication" in terms(replace(real, audience="internal"))


def test_every_publisher_whose_data_was_read_is_named(publication: Any) -> None:
    inputs = pd.DataFrame({"dataset": ["ward_crime_historical", "ward_boundaries", "incidents"]})
    facts = replace(publication.facts, force=Force("Metropolitan Police", "E23000001", False), inputs=inputs)
    said = attributions(facts)
    assert any("Metropolitan Police Service, London Datastore" in one for one in said)
    assert any("OS data" in one for one in said)
    assert not any("The force itself" in one for one in said)


def test_a_real_open_release_has_its_licence_and_sources(publication: Any, tmp_path: Path) -> None:
    inputs = pd.DataFrame({"dataset": ["ward_crime_historical"]})
    facts = replace(publication.facts, force=Force("Metropolitan Police", "E23000001", False), inputs=inputs)
    folder = write(tmp_path / "release", publication.contents(facts=facts))
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert package["licenses"][0]["name"] == "OGL-UK-3.0"
    assert package["sources"][0]["path"].startswith("https://data.london.gov.uk/")
    assert valid(folder) == []


# Changes


def changes(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "changes.json").read_text(encoding="utf-8"))


def test_without_a_release_before_there_is_a_reason(folder: Path) -> None:
    assert changes(folder) == {"since": None, "reason": "There is no release before this one."}


def test_the_same_again_has_no_changes(folder: Path, publication: Any, tmp_path: Path) -> None:
    found = changes(write(tmp_path / "next", publication.contents_in_full(previous=folder)))
    assert found["since"] == publication.facts.name
    assert found["files"] == []
    assert found["months_recorded"] == {"added": [], "removed": []}
    assert found["revisions"] == {"by_type": [], "by_month": []}
    assert all(one["mean_absolute_change"] == 0 for one in found["expectations"])


def test_revisions_new_months_and_expectations_are_found(folder: Path, publication: Any, tmp_path: Path) -> None:
    offences, next_month = publication.offences, pd.Timestamp("2025-04-01")
    newest = offences[offences["month"] == offences["month"].max()]
    one = newest.index[newest["crime_type"] == "ARSON"][0]
    revised = offences.assign(count=offences["count"].mask(offences.index == one, offences["count"] + 2))
    forecast = publication.forecast
    raised = forecast["mean"].where(forecast["crime_type"] != "ARSON", forecast["mean"] * 1.1)
    contents = publication.contents_in_full(
        previous=folder,
        offences=pd.concat([revised, newest.assign(month=next_month)], ignore_index=True),
        forecast=forecast.assign(mean=raised),
    )
    found = changes(write(tmp_path / "next", contents))
    assert found["months_recorded"]["added"] == ["2025-04"]
    arson = [row for row in found["revisions"]["by_type"] if row["crime_type"] == "ARSON"]
    assert [(row["area_level"], row["cells_revised"], row["after"] - row["before"]) for row in arson] == [
        ("ward", 1, 2)
    ]
    assert [row["month"] for row in found["revisions"]["by_month"]] == ["2025-03"]
    of_force = {row["crime_type"]: row for row in found["expectations"] if row["area_level"] == "force"}
    assert of_force["ARSON"]["mean_absolute_change"] == pytest.approx(0.1, abs=1e-4)
    assert of_force["RESIDENTIAL BURGLARY"]["mean_absolute_change"] == 0
    history = next(row for row in found["files"] if row["path"] == "history.parquet")
    assert history["change"] == "changed"
    assert history["rows_after"] - history["rows_before"] == 6 * 4


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"force": Force("Another", "E23000002", True)}, "is of another force"),
        ({"audience": "internal"}, "is for another audience"),
    ],
)
def test_what_cannot_be_compared_has_a_reason(
    folder: Path, publication: Any, tmp_path: Path, other: dict[str, Any], reason: str
) -> None:
    facts = replace(publication.facts, **other)
    contents = publication.contents_in_full(facts=facts, previous=folder)
    assert reason in changes(write(tmp_path / "next", contents))["reason"]


def test_a_release_before_that_cannot_be_read_is_one_clear_error(publication: Any, tmp_path: Path) -> None:
    (tmp_path / "before").mkdir()
    (tmp_path / "before" / "manifest.json").write_text("{")
    with pytest.raises(ReleaseError, match=r"manifest\.json of release before cannot be read"):
        write(tmp_path / "next", publication.contents(previous=tmp_path / "before"))

"""A new force gets a folder to fill: settings that load, an entry that is read, a checker that says what is missing."""

from __future__ import annotations

import os
import subprocess
import tomllib
from pathlib import Path

import pytest

from pipelines.data.new_force import AREAS, DATA, commented_settings, write_new_force
from pipelines.settings import SETTINGS_FILE, Settings, load_settings
from sources.catalogue.catalogue import load_catalogue, read_force_entry
from sources.catalogue.police_forces import police_force_named
from sources.files.errors import InputError
from sources.streams.entries import read_entries
from tests.conftest import PROJECT
from tests.running.places import WARDCAST

pytestmark = pytest.mark.integration

KENT = police_force_named("Kent")


@pytest.mark.parametrize("areas", AREAS)
def test_the_folder_is_complete_and_empty(tmp_path: Path, areas: str) -> None:
    folder = write_new_force(tmp_path / "kent", KENT, areas)
    entry = read_force_entry(folder / DATA, load_catalogue())
    assert (entry.name, entry.code, entry.street_force) == ("Kent Police", "E23000032", "kent")
    assert set(entry.without) == {each.id for each in load_catalogue().dataset if each.dispensable}
    assert [file.name for file in sorted((folder / DATA).rglob("*")) if file.is_file()] == [
        "force.toml",
        "streams.example.toml",
    ]
    assert read_entries(folder / DATA / "streams" / "streams.example.toml")[0].name == "calls_999"
    said = (folder / "README.md").read_text()
    assert ("lsoa21_borough_bcu" in said) == (areas == "lsoa")
    assert ("population_weights" in said) == (areas == "ward")


def test_every_setting_is_shown_with_its_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = commented_settings(KENT.name, DATA)
    shown = [line[2:] for line in text.splitlines() if line.startswith("# ") and " = " in line]
    uncommented = tomllib.loads("\n".join(line for line in shown if not line.endswith("= ...")))
    assert set(uncommented) | {"data", "disclosure_rules", "workers"} == set(Settings.model_fields)
    assert "Months to forecast. Allowed: 1 to 60." in text
    assert "Allowed: open or internal." in text
    (tmp_path / SETTINGS_FILE).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert load_settings().data == tmp_path / "data"


def test_the_projects_own_file_of_settings_is_the_same() -> None:
    assert (PROJECT / SETTINGS_FILE).read_text() == commented_settings("a force")


def test_the_checker_names_all_that_is_missing(tmp_path: Path) -> None:
    folder = write_new_force(tmp_path / "kent", KENT, "lsoa")
    path = f"{WARDCAST.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [folder / "check.sh"],
        cwd="/",
        env=os.environ | {"PATH": path, "FORCE_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "street_archive" in done.stderr
    assert "lsoa_areas" in done.stderr
    assert "boundaries" not in done.stderr
    assert "Traceback" not in done.stderr
    assert "\x1b[2K" not in done.stderr  # no bar that moves, though a notebook asks for colours


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="not empty"):
        write_new_force(tmp_path, KENT, "lsoa")
    with pytest.raises(InputError, match="LSOAs or wards"):
        write_new_force(tmp_path / "kent", KENT, "parish")
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]


def test_any_name_starts_a_force(tmp_path: Path) -> None:
    scotland = police_force_named("Police Scotland / Poileas Alba")
    assert (scotland.code, scotland.street_force) == ("POLICE-SCOTLAND-POILEAS-ALBA", "police-scotland-poileas-alba")
    folder = write_new_force(tmp_path / "scotland", scotland, "ward")
    entry = read_force_entry(folder / DATA, load_catalogue())
    assert (entry.name, entry.street_force) == ("Police Scotland / Poileas Alba", None)
    said = (folder / "README.md").read_text()
    assert "incidents/record_level_extract" in said
    assert "crime_types.csv" in said
    assert "street_crime" not in said
    with pytest.raises(InputError, match="needs a name"):
        police_force_named("43")

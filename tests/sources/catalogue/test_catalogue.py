"""The catalogue, and the files of a data folder that it finds."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from sources.catalogue.catalogue import (
    CATALOGUE_FILE,
    check_complete,
    find,
    find_one,
    known_from,
    load_catalogue,
    read_force_entry,
)
from sources.catalogue.entries import Catalogue
from sources.files.errors import InputError

pytestmark = pytest.mark.unit

MINIMAL = """
[force]
name = "A force"
code = "E23000099"
simulated = true

[[dataset]]
id = "areas"
title = "Areas"
publisher = "A publisher"
licence = "Open"
page = "https://example.org"
path = "lookups/areas_*.csv*"
reader = "geography"
"""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def written(folder: Path, text: str) -> Path:
    file = folder / "catalogue.toml"
    file.write_text(text)
    return file


def test_the_catalogue_names_london(catalogue: Catalogue) -> None:
    assert (catalogue.force.name, catalogue.force.code) == ("Metropolitan Police", "E23000001")
    assert catalogue.force.borough_aliases["London Heathrow and London City Airports"] == "Hillingdon"


def test_the_documentation_shows_where_every_file_lies(catalogue: Catalogue) -> None:
    layout = (CATALOGUE_FILE.parents[2] / "docs/data.md").read_text()
    layout = layout[layout.index("```") : layout.index("A star stands")]
    names = {dataset.id: re.split(r"[*\[]", Path(dataset.path).name)[0] for dataset in catalogue.dataset}
    assert not {dataset for dataset, name in names.items() if name not in layout}
    extract = (CATALOGUE_FILE.parents[2] / "docs/record-level-extract.md").read_text()
    assert catalogue["incidents"].path.rstrip("*") in extract


def test_crime_editions_come_oldest_first(catalogue: Catalogue) -> None:
    assert [dataset.id for dataset in catalogue.editions("ward_crime")] == [
        "ward_crime_historical",
        "ward_crime_detailed",
        "ward_crime_31_types",
        "ward_crime_recent",
        "ward_crime_recent_with_stub",
    ]


def test_a_fetched_file_is_found_or_kept_apart(catalogue: Catalogue, tmp_path: Path) -> None:
    for dataset in catalogue.dataset:
        if dataset.saved_as is None:
            continue
        place = tmp_path / dataset.saved_as
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
        place.with_name(f".{place.name}.part").touch()
        found_by = {each.id for each in catalogue.dataset if place in find(each, tmp_path)}
        assert found_by == (set() if dataset.saved_as.startswith("published/") else {dataset.id})
        assert not any(file.name.endswith(".part") for each in catalogue.dataset for file in find(each, tmp_path))


def test_every_dataset_of_london_is_found_once(catalogue: Catalogue, london: Path) -> None:
    check_complete(catalogue, london)
    files = [file for dataset in catalogue.dataset for file in find(dataset, london)]
    assert len(files) == len(set(files))
    absent = {dataset.id for dataset in catalogue.dataset if not find(dataset, london)}
    of_other_forces = {"street_archive", "street_files", "lsoa_areas", "lsoa_boundaries"}
    own = {"incidents", "crime_types", "ward_projection", "serious_youth_violence", "own_streams", "own_stream_list"}
    own |= {"postcodes"}
    assert absent == own | of_other_forces


def test_other_spans_are_found_the_newest_last(catalogue: Catalogue, tmp_path: Path) -> None:
    folder = tmp_path / "mps_recorded_crime"
    folder.mkdir()
    for span in ("201104_202502", "201004_202402"):
        (folder / f"ward22_historical_{span}.csv.gz").touch()
    found = find(catalogue["ward_crime_historical"], tmp_path)
    assert [file.name[-16:-7] for file in found] == ["04_202402", "04_202502"]


def test_two_files_for_one_are_refused(tmp_path: Path) -> None:
    dataset = load_catalogue(written(tmp_path, MINIMAL))["areas"]
    (tmp_path / "lookups").mkdir()
    for year in (2022, 2023):
        (tmp_path / f"lookups/areas_{year}.csv").touch()
    with pytest.raises(InputError, match=r"areas_2022.csv, areas_2023.csv"):
        find_one(dataset, tmp_path)


def test_no_file_for_one_says_where_it_is_published(tmp_path: Path) -> None:
    dataset = load_catalogue(written(tmp_path, MINIMAL))["areas"]
    with pytest.raises(InputError, match=r"areas_\*(.|\n)*https://example\.org"):
        find_one(dataset, tmp_path)


def test_a_missing_folder_is_named(catalogue: Catalogue, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such data folder") as caught:
        check_complete(catalogue, tmp_path / "absent")
    assert "absent" in str(caught.value)


def test_all_missing_files_are_named_at_once(catalogue: Catalogue, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        check_complete(catalogue, tmp_path)
    text = str(caught.value)
    assert "ward22_historical_" in text
    assert "ward22_borough_bcu" in text
    assert "mps-recorded-crime" in text


def test_an_extract_of_records_replaces_the_wide_files(catalogue: Catalogue, tmp_path: Path) -> None:
    (tmp_path / "incidents").mkdir()
    (tmp_path / "incidents/record_level_extract.csv").touch()
    with pytest.raises(InputError) as caught:
        check_complete(catalogue, tmp_path)
    assert "ward22_historical_" not in str(caught.value)


def test_a_link_that_leaves_the_folder_is_refused(catalogue: Catalogue, tmp_path: Path) -> None:
    outside, data = tmp_path / "outside.csv", tmp_path / "data"
    outside.touch()
    (data / "lookups").mkdir(parents=True)
    (data / "lookups/ward22_borough_bcu.csv").symlink_to(outside)
    with pytest.raises(InputError, match="leaves the data folder"):
        find(catalogue["areas"], data)


def test_a_data_folder_reached_by_a_link_is_fine(catalogue: Catalogue, tmp_path: Path) -> None:
    (tmp_path / "data/lookups").mkdir(parents=True)
    (tmp_path / "data/lookups/ward22_borough_bcu.csv").touch()
    (tmp_path / "link").symlink_to(tmp_path / "data")
    assert find_one(catalogue["areas"], tmp_path / "link")


def test_a_folder_may_name_its_own_force(catalogue: Catalogue, tmp_path: Path) -> None:
    (tmp_path / "force.toml").write_text(
        'name = "Sim"\ncode = "E23000099"\nsimulated = true\n'
        "[known_from]\nward_population = 2020-01-01\n"
        '[borough_aliases]\n"The airport" = "Westham"\n'
    )
    force = read_force_entry(tmp_path, catalogue)
    assert (force.name, force.simulated, force.borough_aliases) == ("Sim", True, {"The airport": "Westham"})
    assert known_from(catalogue["ward_population"], force) == date(2020, 1, 1)
    assert known_from(catalogue["ward_population"], catalogue.force) == date(2024, 11, 25)


def test_a_folder_without_one_is_the_default_force(catalogue: Catalogue, tmp_path: Path) -> None:
    assert read_force_entry(tmp_path, catalogue) == catalogue.force


def test_a_dataset_without_date_asks_for_one(catalogue: Catalogue) -> None:
    with pytest.raises(InputError, match=r"became public(.|\n)*areas = "):
        known_from(catalogue["areas"], catalogue.force)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ('name = "Sim"\ncode = "E23000099"', "simulated"),
        ('name = "Sim"\ncode = "=Kent"\nsimulated = true', "=Kent"),
        ('name = "Sim"\ncode = "E23000099"\nsimulated = true\ncolour = "blue"', "colour"),
        ("name = ", "TOML"),
        ('name = "Sim"\ncode = "E23000099"\nsimulated = true\n[known_from]\nweather = 2020-01-01', "weather"),
    ],
)
def test_a_wrong_force_file_is_explained(catalogue: Catalogue, tmp_path: Path, content: str, problem: str) -> None:
    (tmp_path / "force.toml").write_text(content)
    with pytest.raises(InputError, match=problem):
        read_force_entry(tmp_path, catalogue)


@pytest.mark.parametrize("path", ["../elsewhere/*.csv", "/etc/*", "a\\\\b.csv"])
def test_a_path_out_of_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(InputError, match="inside the data folder"):
        load_catalogue(written(tmp_path, MINIMAL.replace("lookups/areas_*.csv*", path)))


def test_an_id_listed_twice_is_refused(tmp_path: Path) -> None:
    entry = MINIMAL[MINIMAL.index("[[dataset]]") :]
    with pytest.raises(InputError, match=r"listed twice: \['areas'\]"):
        load_catalogue(written(tmp_path, MINIMAL + entry))


def test_an_unknown_dataset_lists_those_there_are(catalogue: Catalogue) -> None:
    with pytest.raises(InputError, match="ward_crime_historical"):
        catalogue["weather"]


@pytest.mark.parametrize("content", ["[" * 20_000, "a = " + "9" * 5_000, "a = '\udcff'", "a" * 2**21, "a = [\x00]"])
def test_a_force_file_that_is_no_toml_is_refused(catalogue: Catalogue, tmp_path: Path, content: str) -> None:
    (tmp_path / "force.toml").write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(InputError) as caught:
        read_force_entry(tmp_path, catalogue)
    assert caught.value.file == tmp_path / "force.toml"


@pytest.mark.parametrize("to", ["../elsewhere.toml", "/dev/zero", "nowhere/../../force.toml"])
def test_a_force_file_outside_the_folder_is_not_read(catalogue: Catalogue, tmp_path: Path, to: str) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (tmp_path / "elsewhere.toml").write_text("", encoding="utf-8")
    (data / "force.toml").symlink_to(to)
    with pytest.raises(InputError, match="link that leaves the data folder"):
        read_force_entry(data, catalogue)


def test_a_link_to_nowhere_is_not_taken_for_no_force_file(catalogue: Catalogue, tmp_path: Path) -> None:
    (tmp_path / "force.toml").symlink_to("gone.toml")
    with pytest.raises(InputError, match="no such file"):
        read_force_entry(tmp_path, catalogue)

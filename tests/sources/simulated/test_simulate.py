"""The folder of a simulated force: the same for the same arguments, marked, whole or not there."""

from __future__ import annotations

import hashlib
import json
import tomllib
from pathlib import Path

import pytest

import sources.simulated
from sources.simulated import simulate

pytestmark = pytest.mark.unit


def _digests(folder: Path) -> dict[str, str]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_same_arguments_write_the_same_bytes_and_another_seed_does_not(small_force: Path, tmp_path: Path) -> None:
    again = simulate(tmp_path / "again", wards=14, months=60, seed=3)
    assert _digests(again) == _digests(small_force)
    other = _digests(simulate(tmp_path / "other", wards=14, months=60, seed=4))
    same = {name for name, digest in _digests(small_force).items() if other.get(name) == digest}
    assert same == {
        "SIMULATED.txt",
        "streams/streams.toml",
        "truth/command_units/commands.toml",
        "truth/crime_types.parquet",
        "truth/seasons.parquet",
        "truth/plan_shares.parquet",
        "plan/plan.toml",
        "plan/time.csv",
        "plan/risk.csv",
    }  # nothing drawn in them


def test_the_folder_says_that_it_is_simulated(small_force: Path) -> None:
    entry = tomllib.loads((small_force / "force.toml").read_text())
    assert entry["simulated"] is True
    assert "simulated" in entry["name"]
    assert (small_force / "SIMULATED.txt").read_text().startswith("SIMULATED")
    assert json.loads((small_force / "truth/parameters.json").read_text())["simulated"] is True


def test_months_end_where_asked(tmp_path: Path) -> None:
    folder = simulate(tmp_path / "force", wards=12, months=48, last_month="2022-07")
    names = sorted(file.name for file in (folder / "mps_recorded_crime").iterdir())
    assert names == [
        "borough_historical_201808_202106.csv.gz",
        "borough_recent_202107_202207.csv.gz",
        "ward22_historical_201808_202106.csv.gz",
        "ward22_recent_202106_202207.csv.gz",
        "ward22_recent_with_stub_202106_202207.csv.gz",
        "ward22_snapshot_202008_202207.csv.gz",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"wards": 11}, "from 12 to 7,500 wards, not 11"),
        ({"wards": 7_501}, "from 12 to 7,500 wards, not 7,501"),
        ({"months": 47}, "at least 48 months, not 47"),
        ({"last_month": "March"}, "given as 2025-03, not 'March'"),
        ({"last_month": "2036-01"}, "do not lie between 2005-01 and 2035-12"),
        ({"months": 300}, "do not lie between"),
    ],
)
def test_sizes_out_of_bounds_are_refused(tmp_path: Path, arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        simulate(tmp_path / "force", **arguments)
    assert not list(tmp_path.iterdir())


def test_a_folder_of_other_content_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(FileExistsError, match="no simulation wrote"):
        simulate(tmp_path, wards=12, months=48)
    with pytest.raises(FileExistsError, match="is a file"):
        simulate(tmp_path / "thesis.txt", wards=12, months=48)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"

    folder = simulate(tmp_path / "force", wards=12, months=48)
    (folder / "releases").mkdir()
    with pytest.raises(FileExistsError, match="holds releases, which no simulation wrote"):
        simulate(folder, wards=12, months=48)
    assert (folder / "releases").exists()


def test_an_earlier_simulation_is_replaced_only_by_a_whole_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = simulate(tmp_path / "force", wards=12, months=48)
    before = _digests(folder)

    def full_disk(*_: object) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(sources.simulated, "write_truth", full_disk)
        with pytest.raises(OSError, match="no space left"):
            simulate(folder, wards=12, months=60)
    assert _digests(folder) == before
    assert [file.name for file in tmp_path.iterdir()] == ["force"]
    simulate(folder, wards=12, months=60)
    assert not (folder / "mps_recorded_crime/ward22_historical_202104_202402.csv.gz").exists()
    assert (folder / "mps_recorded_crime/ward22_historical_202004_202402.csv.gz").exists()

"""The cases of files that Wardcast reads back, or that people write for it: caches, releases, settings, forecasts.

Walks in: the path of one file among its companions, damaged or not. Walk out: `Reading`s. What is sealed with a
checksum must be as it was or be refused; the rest is counted a second time.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from shutil import copy

import pandas as pd

from features.panel import build_panel
from models.backtest import backtest
from models.forecast.noise import Noise
from pipelines.kept.draws_file import DrawsFile
from pipelines.kept.kept_noise import read_noise, write_noise
from pipelines.kept.panel_files import load_panel, save_panel
from pipelines.running import journal
from pipelines.settings import Settings, load_settings
from pipelines.workbench.backtest import read_forecast, score_table
from publication.disclosure.rules import RULES_FILE, read_rules
from publication.release.manifest import ReleaseFacts
from publication.release.release import list_releases, previous_release, read_manifest, verify, write_release
from sources.catalogue.catalogue import CATALOGUE_FILE, load_catalogue, read_force_entry
from sources.read_force import read_force
from sources.simulated import simulate
from sources.tables.force_tables import ForceTables, load, save
from tests.deep.mutations.publishers import Case, Reading
from tests.deep.mutations.recounts import UncountableError, rows_of, total

ORIGIN = pd.Timestamp(2024, 3, 1)
HORIZON = 3
DRAWS = 40
_SETTINGS = """# Settings, as a person writes them.
data = "data"
horizon = 24
draws = 200
model = "boosted"
audience = "open"
daily_check_at = "0 6 * * *"
workers = 2

[age_groups]
"under 18" = [0, 17]
"18 and over" = [18, 90]
"""


def write_kept(out: Path) -> Path:
    """Write what a small simulated force leaves behind, under `kept/`."""
    kept = out / "kept"
    data = simulate(out / "of_kept", wards=12, months=48, seed=11)
    tables = read_force(data)
    save(tables, kept / "tables")
    panel = build_panel(tables)
    save_panel(panel, kept / "panel")
    write_noise(Noise.none(panel.offences["crime_type"].to_numpy()), kept / "a.noise")
    drawn = DrawsFile(kept / "draws.parquet", panel.areas["ward_code"].to_numpy(), DRAWS)
    with drawn as file:
        forecasts = backtest("seasonal-naive", panel, [ORIGIN], HORIZON, draws=DRAWS, seed=1, keep_draws=file.write)
        pd.concat(list(forecasts), ignore_index=True).to_parquet(kept / "forecast.parquet", index=False)
    _write_release(tables, kept)
    (kept / "wardcast.toml").write_text(_SETTINGS, encoding="utf-8")
    for source in (RULES_FILE, CATALOGUE_FILE, data / "force.toml"):
        copy(source, kept / source.name)
    for action in ("run", "publish", "roll back"):
        journal.record(kept, action, release="2024-03-a")
    return out


def _write_release(tables: ForceTables, kept: Path) -> None:
    def contents(folder: Path) -> None:
        copy(kept / "forecast.parquet", folder / "forecast.parquet")
        (folder / "changes.json").write_text(json.dumps({"since": None, "reason": "the first"}), encoding="utf-8")

    releases = kept / "releases"
    write_release(releases, contents, _facts(tables)).rename(releases / "one")
    (releases / "latest").unlink()
    (releases / "latest").symlink_to("one")


def _facts(tables: ForceTables) -> ReleaseFacts:
    return ReleaseFacts(
        run_id="a1",
        force=tables.force,
        origin=ORIGIN,
        horizon=HORIZON,
        scenarios=("central",),
        data_vintage="of the tests",
        inputs=tables.manifest,
        code_version="of the tests",
        created_at=datetime(2024, 4, 20, tzinfo=UTC),
    )


@lru_cache
def _tables(folder: Path) -> ForceTables:
    return load(folder / "tables")


def _sealed(load_all: Callable[[Path], dict[str, float]], place: str) -> tuple[Callable, Callable]:
    return (
        lambda file, folder: Reading(load_all(file.parent)),
        lambda file, folder: load_all(folder / place),
    )


def _of_tables(folder: Path) -> dict[str, float]:
    tables = load(folder)
    return {
        "offences": float(tables.offences["count"].sum()),
        "unlocated": float(tables.unlocated_offences["count"].sum()),
        "residents": float(tables.ward_population["persons"].sum()),
        "areas": float(len(tables.ward_boundaries)),
    }


def _of_panel(folder: Path) -> dict[str, float]:
    panel = load_panel(folder)
    return {"offences": float(panel.offences.sum()), "residents": float(panel.ward_population["persons"].sum())}


def _read_noise(file: Path, folder: Path) -> Reading:
    try:
        return Reading({"noise": float(read_noise(file).common.size)})
    except ValueError:  # a warning says so, and the noise is estimated anew: see KeptNoise
        return Reading({}, set_aside=1)


def _read_release(file: Path, folder: Path) -> Reading:
    releases = file.parents[1]
    (release,) = list_releases(releases)
    problems = verify(release)
    previous_release(releases, _facts(_tables(folder)))
    manifest = read_manifest(release)
    return Reading({"files": len(manifest["files"])}, set_aside=len(problems))


def _recount_release(file: Path, folder: Path) -> dict[str, float]:
    return {"files": len(json.loads(file.read_text(encoding="utf-8"))["files"])}


def _read_settings(file: Path, folder: Path) -> Reading:
    before = Path.cwd()
    os.chdir(file.parent)
    try:
        read = load_settings()
    finally:
        os.chdir(before)
    return Reading({name: float(getattr(read, name)) for name in ("horizon", "draws", "workers")})


def _recount_settings(file: Path, folder: Path) -> dict[str, float]:
    said = _toml(file)
    defaults = {name: Settings.model_fields[name].default for name in ("horizon", "draws", "workers")}
    return {name: float(said.get(name, default)) for name, default in defaults.items()}


def _read_rules(file: Path, folder: Path) -> Reading:
    rules = read_rules(file)
    return Reading(
        {"smallest": rules.counts.smallest, "wards": rules.types.fewest_wards, "of ages": rules.ages.smallest}
    )


def _recount_rules(file: Path, folder: Path) -> dict[str, float]:
    said = _toml(file)
    counts, types, ages = said["counts"], said["types"], said["ages"]
    return {"smallest": counts["smallest"], "wards": types["fewest_wards"], "of ages": ages["smallest"]}


def _read_catalogue(file: Path, folder: Path) -> Reading:
    catalogue = load_catalogue(file)
    return Reading({"datasets": len(catalogue.dataset), "required": sum(each.required for each in catalogue.dataset)})


def _recount_catalogue(file: Path, folder: Path) -> dict[str, float]:
    datasets = _toml(file)["dataset"]
    return {"datasets": len(datasets), "required": sum(each.get("required", False) for each in datasets)}


def _read_entry(file: Path, folder: Path) -> Reading:
    return Reading({"name": float(len(read_force_entry(file.parent, load_catalogue()).name))})


def _recount_entry(file: Path, folder: Path) -> dict[str, float]:
    return {"name": float(len(_toml(file)["name"]))}


def _toml(file: Path) -> dict:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise UncountableError(error) from error


def _read_forecast(file: Path, folder: Path) -> Reading:
    table = read_forecast(file)
    score_table(table, _tables(folder))
    return Reading({"rows": len(table), "mean": float(table["mean"].sum())})


def _recount_forecast(file: Path, folder: Path) -> dict[str, float]:
    rows = rows_of(file)
    return {"rows": len(rows), "mean": total(rows, ["mean"])}


def _read_draws(file: Path, folder: Path) -> Reading:
    score_table(_forecast(folder), _tables(folder), file)
    return Reading({})


@lru_cache
def _forecast(folder: Path) -> pd.DataFrame:
    return read_forecast(folder / "forecast.parquet")


def _read_journal(file: Path, folder: Path) -> Reading:
    return Reading({"lines": len(journal.read(file.parent))})


def _recount_journal(file: Path, folder: Path) -> dict[str, float]:
    return {"lines": sum(line.startswith(b"{") and line.endswith(b"}") for line in file.read_bytes().splitlines())}


def _recount_nothing(file: Path, folder: Path) -> dict[str, float]:
    return {}


KEPT_CASES = (
    *(
        Case(f"kept tables, {name}", "kept", f"tables/{name}", *_sealed(_of_tables, "tables"), companions="tables")
        for name in ("offences.parquet", "ward_boundaries.parquet", "force.json", "checksums.json")
    ),
    *(
        Case(f"kept panel, {name}", "kept", f"panel/{name}", *_sealed(_of_panel, "panel"), companions="panel")
        for name in ("counts.nc", "ward_population.parquet", "checksums.json")
    ),
    Case("kept noise", "kept", "a.noise", _read_noise, _recount_nothing),
    Case("manifest of a release", "kept", "releases/one/manifest.json", _read_release, _recount_release, "releases"),
    Case("changes of a release", "kept", "releases/one/changes.json", _read_release, _recount_nothing, "releases"),
    Case("settings", "kept", "wardcast.toml", _read_settings, _recount_settings),
    Case("disclosure rules", "kept", "disclosure.toml", _read_rules, _recount_rules),
    Case("catalogue", "kept", "catalogue.toml", _read_catalogue, _recount_catalogue),
    Case("force file", "kept", "force.toml", _read_entry, _recount_entry),
    Case("forecast to score", "kept", "forecast.parquet", _read_forecast, _recount_forecast),
    Case("draws to score", "kept", "draws.parquet", _read_draws, _recount_nothing),
    Case("journal", "kept", "journal.jsonl", _read_journal, _recount_journal),
)

"""Plans through the command line, on the release of a small simulated force."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import wardcast
from models.tracking import registry
from pipelines.kept.kept_draws import digest_of
from publication.release.release import read_manifest
from sources.files.errors import InputError
from tests.running.places import Workplace

pytestmark = pytest.mark.e2e


def _result(said: str) -> Path:
    (line,) = [line for line in said.splitlines() if line.startswith("Plan: ")]
    return Path(line.removeprefix("Plan: "))


@pytest.fixture(scope="module")
def own(workplace: Workplace) -> Path:
    """The result of the force's own plan."""
    done = workplace.wardcast("plan", "--data", workplace.data)
    assert done.returncode == 0, done.stderr
    return _result(done.stdout)


def test_a_release_holds_the_plan_of_its_force(released: Path) -> None:
    work = pd.read_parquet(released / "plan" / "work.parquet")
    of_force = work.query("area_level == 'force' and what == 'all' and scenario == 'central'").set_index("function")[
        "mean"
    ]
    assert of_force["all"] == pytest.approx(of_force.drop("all").sum(), rel=1e-6)
    assert "measured by this force" in (released / "plan" / "index.html").read_text()
    assert "plan/index.html" in (released / "index.html").read_text()
    assert not work.loc[work["area_level"] == "ward", "what"].isin(["all", "RAPE", "HOMICIDE"]).any()
    posts, commands = (pd.read_csv(released / "plan" / f"{name}.csv") for name in ("posts", "commands"))
    assert (posts.groupby("rule")["posts"].sum() == posts.groupby("rule").size() * 5 // 2).all()
    assert "today" in set(commands["option"])
    assert "Where: officers for wards" in (released / "plan" / "index.html").read_text()
    assert (released / "atlas/data/posts.js").is_file()


def test_a_plan_is_sealed_journalled_and_the_same_again(own: Path, workplace: Workplace) -> None:
    tables = wardcast.read_plan(own)
    assert {"work", "people", "variance", "break_even", "assumptions"} <= set(tables)
    assert {"against_central", "categories", "work_by_month", "work_by_age", "frontline", "undone_by_area"} <= set(
        tables
    )
    posts, commands = tables["posts"], tables["commands"]
    assert (posts.groupby("rule")["posts"].sum() == posts.groupby("rule").size() * 5 // 2).all()
    assert posts.loc[posts["rule"] == "expected shortfall", "surety"].between(0, 1).all()
    assert {"today", f"best of {commands.loc[commands['option'] == 'today', 'count'].iloc[0]}"} <= set(
        commands["option"]
    )
    assert tables["command_ratios"]["chance_above_2"].dropna().between(0, 1).all()
    again = workplace.wardcast("plan", "--data", workplace.data)
    assert _result(again.stdout) == own
    manifest = json.loads((own / "manifest.json").read_text())
    assert manifest["simulated"]
    assert "planned" in workplace.wardcast("journal").stdout
    assert not list(own.parent.glob(".writing-*"))
    damaged = shutil.copytree(own, own.with_name("damaged"))
    (damaged / "people.csv").write_text("path\n")
    with pytest.raises(InputError, match="changed since"):
        wardcast.read_plan(damaged)


def test_truths_of_the_simulated_force_are_recovered(own: Path, workplace: Workplace) -> None:
    truth = pd.read_parquet(workplace.data / "truth" / "plan_people.parquet").set_index("function")
    found = wardcast.read_plan(own)["posts_beside_hours"].set_index("function").drop("all")
    inside = truth["officers"].between(found["officers_q10"], found["officers_q90"])
    assert inside.sum() >= 3  # of six 80 % intervals; many forces are counted in benchmarks/plan_truths.py
    assert np.allclose(found["officers"], truth["officers"].reindex(found.index), rtol=0.1)


def test_a_new_plan_is_worked_out_against_another(own: Path, workplace: Workplace) -> None:
    made = workplace.wardcast("new-plan", "next", "--data", workplace.data)
    assert made.returncode == 0, made.stderr
    compared = workplace.wardcast("plan", "next", "--against", "default", "--data", workplace.data)
    assert compared.returncode == 0, compared.stderr
    assert "Hours beyond those of default" in compared.stdout
    table = wardcast.compare_plans(_result(compared.stdout), own)
    assert (table["hours"] - table["hours_against"] == table["difference"]).all()
    assert workplace.wardcast("new-plan", "next", "--data", workplace.data).returncode == 1


def test_lost_draws_are_made_again_and_damaged_ones_refused(own: Path, workplace: Workplace) -> None:
    (kept,) = (workplace.folder / "cache").glob("panel-*/forecast-*")
    before = digest_of(kept)  # of the draws; crime types stand in the files in the order in which they were done
    shutil.rmtree(kept)
    again = workplace.wardcast("plan", "--data", workplace.data)
    assert again.returncode == 0, again.stderr
    assert "Making the release's draws again" in again.stderr
    assert digest_of(kept) == before
    assert _result(again.stdout) == own  # the same plan on the same draws changes nothing
    whole = (kept / "draws_by_year.parquet").read_bytes()
    (kept / "draws_by_year.parquet").write_bytes(whole + b"more")
    damaged = workplace.wardcast("plan", "--data", workplace.data)
    assert damaged.returncode == 1
    assert "draws are then made anew" in damaged.stderr
    (kept / "draws_by_year.parquet").write_bytes(whole)


def test_what_cannot_be_planned_is_said_and_leaves_nothing(workplace: Workplace) -> None:
    unknown = workplace.wardcast("plan", "nobody", "--data", workplace.data)
    assert unknown.returncode == 1
    assert "new-plan nobody" in unknown.stderr
    other = workplace.wardcast("plan", "--release", "2020-01-00000000", "--data", workplace.data)
    assert other.returncode == 1
    assert "no such release" in other.stderr


def test_draws_that_are_not_the_release_s_are_refused_twice(workplace: Workplace, released: Path) -> None:
    (kept,) = (workplace.folder / "cache").glob("panel-*/forecast-*")
    shutil.rmtree(kept)
    registry.open_store(f"sqlite:///{workplace.folder / 'mlruns' / 'mlflow.db'}", workplace.folder / "mlruns")
    version = registry.of_run(read_manifest(released)["run_id"]).version
    said = registry.version_tags(version)[registry.DRAWS_DIGEST]
    registry.tag_version(version, {registry.DRAWS_DIGEST: "0" * 64})
    for _ in range(2):  # what was made again does not pass for the release's the next time
        refused = workplace.wardcast("plan", "--data", workplace.data)
        assert refused.returncode == 1
        assert "not those that the release was made from" in refused.stderr
        assert not kept.exists()
    registry.tag_version(version, {registry.DRAWS_DIGEST: said})

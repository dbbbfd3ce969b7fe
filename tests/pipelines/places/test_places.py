"""`wardcast commands` and `wardcast posts` on a simulated force, whose best command units were planted."""

from __future__ import annotations

import functools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xarray as xr
from typer.testing import CliRunner

from models.draws.kept import KeptDraws
from pipelines.commands.cli import app
from pipelines.places.places import with_places
from planning.folder.check import Ground
from planning.folder.read import read_plan
from planning.make import PlanResult
from planning.places.command_units.command_options import COMMANDS
from planning.places.ward_posts.post_options import POST_RULES, POSTS
from sources.files.errors import InputError
from sources.read_force import read_force
from sources.simulated import simulate
from sources.tables.force_tables import ForceTables

pytestmark = pytest.mark.e2e
READ_ONCE = functools.cache(read_force)
WARDS = 120  # in six boroughs
TYPES = ("POSSESSION OF DRUGS", "RAPE", "SHOPLIFTING")
JUDGEMENT = """[[judgement]]
id = "market"
by = "a test"
made_on = "2025-03-31"
known_from = "2025-03-31"
area = "{ward}"
crime = "SHOPLIFTING"
first_month = "2025-04"
shape = "step"
multiplier = {{ p10 = 3.0, p50 = 3.0, p90 = 3.0 }}
chance = 1.0
kind = "emerging"
reason_low = "none"
reason_high = "none"
review_on = "2030-01-01"
"""


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulate(tmp_path_factory.mktemp("force") / "data", wards=WARDS, months=48, seed=4)


@pytest.fixture(scope="module")
def draws(force: Path) -> Path:
    """Draws of two years as `wardcast backtest --draws` writes them: the second year a tenth above the first."""
    lookup = pd.read_csv(force / "lookups/ward22_borough_bcu.csv")
    months = pd.date_range("2025-04-01", periods=24, freq="MS")
    generator = np.random.default_rng(1)
    tables = []
    for crime in ("SHOPLIFTING", "RAPE"):
        mean = np.repeat(generator.uniform(20, 90, WARDS), 24) * np.tile(np.repeat([1, 1.1], 12), WARDS)
        drawn = generator.poisson(mean[:, np.newaxis], (WARDS * 24, 40)).astype(np.int32)
        columns = {
            "ward_code": np.repeat(lookup["ward22cd"].to_numpy(), 24),
            "crime_type": [crime] * (WARDS * 24),
            "month": np.tile(months.to_numpy(), WARDS),
            "draws": pa.FixedSizeListArray.from_arrays(pa.array(drawn.ravel()), 40),
        }
        tables.append(pa.table(columns))
    file = force.parent / "draws.parquet"
    with pq.ParquetWriter(file, tables[0].schema) as writer:
        for table in tables:
            writer.write_table(table)
    return file


@pytest.fixture(autouse=True)
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading is most of the time of these commands, and the files stay as they are."""
    monkeypatch.setattr("sources.read_force.read_force", READ_ONCE)


def run(*words: str | Path) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return done.output


def refused(*words: str | Path) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 1
    return done.output


def test_the_planted_best_answer_is_found(force: Path, tmp_path: Path) -> None:
    planted = pd.read_csv(force / "truth/command_units/best_commands.csv")
    run("commands", "--data", force, "--rules", force / "truth/command_units", "--out", tmp_path)
    table = COMMANDS.validate(pd.read_csv(tmp_path / "commands.csv", keep_default_na=False, na_values={"ratio": ""}))
    best = table[table["option"].str.startswith("best of")].merge(planted, left_on="area_code", right_on="borough_code")
    assert best["ratio"].max() == pytest.approx(1, abs=1e-6)
    assert best["proved"].all()
    found = {frozenset(part["area_code"]) for _, part in best.groupby("command_x")}
    assert found == {frozenset(part["borough_code"]) for _, part in planted.groupby("command")}


def test_options_front_costs_and_draws_are_written(force: Path, draws: Path, tmp_path: Path) -> None:
    said = run(
        "commands", "--data", force, "--count", "2-3", "--no-singles", "--front", "--costs", "--draws", draws,
        "--measure", "crime", "--measure", "residents", "--out", tmp_path,
    )  # fmt: skip
    assert "proved" in said
    ratios = pd.read_csv(tmp_path / "command_ratios.csv")
    assert set(ratios["period"]) >= {"year 1 ahead", "year 2 ahead"}
    ahead = ratios[ratios["q10"].notna()]
    assert (ahead["q10"] <= ahead["ratio"]).all()
    assert "no command of one area" in set(pd.read_csv(tmp_path / "command_rules.csv")["rule"])
    front = pd.read_csv(tmp_path / "command_front.csv")
    for picture in ("command_options.svg", "command_front.svg"):
        assert (tmp_path / picture).is_file()
    for _, part in front.groupby("count"):
        assert part["pairs_parted"].is_monotonic_decreasing
        assert part["ratio"].is_monotonic_increasing


def test_posts_are_given_with_surety_reasons_and_moves(force: Path, draws: Path, tmp_path: Path) -> None:
    said = run("posts", "--data", force, "--total", "300", "--cap", "9", "--draws", draws, "--out", tmp_path)
    assert "expected shortfall" in said
    posts = POSTS.validate(
        pd.read_csv(tmp_path / "posts.csv", keep_default_na=False, na_values=[""]).fillna({"why": ""})
    )
    assert (posts.groupby("rule")["posts"].sum() == 300).all()
    assert posts["posts"].between(2, 9).all()
    recommended = posts[posts["rule"] == "expected shortfall"]
    assert recommended["surety"].between(0, 1).all()
    assert recommended["why"].str.contains("post").all()
    assert len(POST_RULES.validate(pd.read_csv(tmp_path / "post_rules.csv"))) == 3
    # The draws of rape, which may not be shown by ward, have no part in it.
    shoplifting = pq.read_table(draws, filters=[("crime_type", "=", "SHOPLIFTING")]).to_pandas()
    expected = np.stack(shoplifting["draws"]).mean(axis=1)[shoplifting["month"] < "2026-04-01"].sum()
    assert recommended["demand"].sum() == pytest.approx(expected, rel=1e-6)


def decided(tables: ForceTables, folder: Path | None, *, cached: bool = True) -> PlanResult:
    """The places of a plan, default or of a folder, on made-up draws of rape, drugs and shoplifting."""
    made, kept = tables, kept_draws(tables)
    majors = dict(zip(made.crime_types["crime_type"], made.crime_types["major_type"], strict=True))
    majors = {name: majors[name] for name in TYPES}
    months = pd.DatetimeIndex(kept.by_month["month"].to_numpy())
    ground = Ground(made.force.code, made.areas, majors, months, "", {"SHOPLIFTING": 16.0})
    plan, told = read_plan(folder, ground), ["SHOPLIFTING", "POSSESSION OF DRUGS"]
    result = PlanResult({}, ("a note",), {})
    return with_places(result, tables if cached else None, kept, ground, told, plan, folder, seed=1)


def test_a_plan_holds_places_on_its_own_draws(force: Path) -> None:
    tables = READ_ONCE(force)
    found = decided(tables, None).tables
    names = {"posts", "post_rules", "post_fifths", "post_flips", "post_years", "commands", "command_ratios"}
    assert names | {"command_near"} <= set(found)
    assert (found["posts"].groupby("rule")["posts"].sum() == WARDS * 5 // 2).all()
    # Of the types that are drawn, shoplifting alone is told by ward and reported by victims.
    kept = kept_draws(tables)
    expected = kept.by_year.sel(crime_type="SHOPLIFTING").isel(year=0).mean("draw").sum()
    by_rule = found["posts"].groupby("rule")["demand"].sum()
    assert by_rule["expected shortfall"] == pytest.approx(float(expected))
    ahead = found["command_ratios"].dropna(subset=["q10"])
    assert set(ahead["period"]) == {"year 1 ahead", "year 2 ahead"}
    assert set(ahead["measure"]) == {"crime, forecast", "harm, forecast", "hours, forecast"}


def test_posts_of_a_plan_hold_no_recorded_count_of_a_ward(force: Path) -> None:
    tables = READ_ONCE(force)
    spoilt = replace(tables, offences=tables.offences.assign(count=tables.offences["count"] * 7 + 3))
    pd.testing.assert_frame_equal(decided(tables, None).tables["posts"], decided(spoilt, None).tables["posts"])


def test_a_judgement_moves_posts_and_boroughs(force: Path, tmp_path: Path) -> None:
    tables = READ_ONCE(force)
    ward = tables.areas["ward_code"].iloc[0]
    (tmp_path / "plan.toml").write_text('name = "mine"\nwho = "a test"\nyears = 2\n')
    (tmp_path / "judgements.toml").write_text(JUDGEMENT.format(ward=ward))
    before, after = decided(tables, None).tables["posts"], decided(tables, tmp_path).tables["posts"]
    ratio = after.set_index(["rule", "ward_code"])["demand"] / before.set_index(["rule", "ward_code"])["demand"]
    assert ratio.xs(ward, level="ward_code").to_numpy() == pytest.approx(3, rel=1e-6)
    assert ratio.drop(ward, level="ward_code").to_numpy() == pytest.approx(1, rel=1e-6)


def test_where_there_can_be_no_places_a_note_says_why(force: Path, tmp_path: Path) -> None:
    tables = READ_ONCE(force)
    assert "no longer in the cache" in decided(tables, None, cached=False).notes[-1]
    without = replace(tables, borough_boundaries=tables.borough_boundaries.iloc[1:])
    found = decided(without, None)
    assert "posts" in found.tables
    assert "commands" not in found.tables
    assert "have no polygon" in found.notes[-1]
    (tmp_path / "plan.toml").write_text('name = "mine"\nwho = "a test"\nyears = 2\n')
    (tmp_path / "posts.toml").write_text('[[role]]\nname = "ward officer"\ntotal = 5\nfloor = 2\n')
    with pytest.raises(InputError, match="5 posts are fewer than the 240"):
        decided(tables, tmp_path)
    (tmp_path / "posts.toml").unlink()
    (tmp_path / "commands_barriers.csv").write_text("name,one,other\nRiver,Nowhere,Elsewhere\n")
    with pytest.raises(InputError, match="no such area"):
        decided(tables, tmp_path)


def kept_draws(tables: ForceTables) -> KeptDraws:
    """Draws of two years of two crime types, as a run keeps them, of a made-up forecast."""
    generator = np.random.default_rng(3)
    types, months = list(TYPES), pd.date_range("2025-04-01", periods=24, freq="MS")
    boroughs = tables.areas["borough_code"].drop_duplicates().tolist()
    by_month = xr.DataArray(
        generator.poisson(300, (2 * len(boroughs), 3, 24, 20)).astype(float),
        dims=("area", "crime_type", "month", "draw"),
        coords={
            "area_code": ("area", boroughs * 2),
            "measure": ("area", ["located"] * len(boroughs) + ["unlocated"] * len(boroughs)),
            "crime_type": types,
            "month": months,
        },
    )
    by_year = xr.DataArray(
        generator.poisson(generator.uniform(50, 900, (WARDS, 1, 1, 1)), (WARDS, 3, 2, 20)),
        dims=("ward", "crime_type", "year", "draw"),
        coords={
            "ward": tables.areas["ward_code"].to_numpy(),
            "borough_code": ("ward", tables.areas["borough_code"].to_numpy()),
            "crime_type": types,
            "year": months[::12],
        },
    )
    # Months of a borough's located offences are those of its wards.
    of_borough = by_year.groupby("borough_code").sum().sel(borough_code=boroughs).to_numpy()
    by_month[: len(boroughs)] = np.repeat(of_borough, 12, axis=2) / 12
    base = by_month.isel(month=slice(0, 12), draw=0).sum("month")
    nothing = xr.DataArray(0.0)
    by_ward = by_year.isel(year=0, draw=0)
    return KeptDraws(np.datetime64("2025-03"), by_month, by_year, base, by_ward, nothing, nothing)


def test_a_force_of_one_borough_has_nothing_to_decide(force: Path, tmp_path: Path) -> None:
    borough = pd.read_csv(force / "lookups/ward22_borough_bcu.csv")["borough"].iloc[0]
    run("subset", "--data", force, "--borough", borough, "--out", tmp_path / "one")
    assert "nothing to decide" in run("commands", "--data", tmp_path / "one", "--count", "11-16")


def test_what_cannot_be_asked_is_said(force: Path) -> None:
    assert "no such measure" in refused("commands", "--data", force, "--measure", "joy")
    assert "given as 2024-04" in refused("posts", "--data", force, "--since", "soon")
    assert "fewer than the 240" in refused("posts", "--data", force, "--total", "200")
    assert "given twice" in refused("posts", "--data", force, "--total", "200", "--rules", force)
    assert "no such folder" in refused("commands", "--data", force, "--rules", force / "nowhere")

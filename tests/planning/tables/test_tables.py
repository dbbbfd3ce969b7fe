"""Tables of a plan add up: categories, months, ages, areas, and what scenarios bring."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from models.draws.kept import KeptDraws
from planning.folder.check import Ground
from planning.folder.read import PlanFolder, read_plan
from planning.made import Made
from planning.make import made_of
from planning.series import Series
from planning.stages import tables_of
from planning.tables.categories import hours_by_category
from tests.planning.conftest import DRAWS, TYPES, assumption, exactly

pytestmark = pytest.mark.unit
MONTHS = pd.date_range("2024-04-01", periods=12, freq="MS")
AHEAD = pd.date_range("2025-04-01", periods=12, freq="MS")
MINUTES = Series(
    "minutes_taken", "minutes", pd.Series(600.0, index=MONTHS), AHEAD, 600 + 60.0 * np.arange(DRAWS) * np.ones((12, 1))
)


def age_shares() -> pd.DataFrame:
    years = [pd.Timestamp("2025-04-01"), pd.Timestamp("2026-04-01")]
    rows = [
        (kind, "suspect", group, year, share, "proxy")
        for kind in ("SHOPLIFTING", "RESIDENTIAL BURGLARY")
        for group, share in (("10-17", 0.2), ("18-24", 0.3), ("not known or not applicable", 0.5))
        for year in years
    ]
    return pd.DataFrame(rows, columns=["crime_type", "age_basis", "age_group", "year", "share", "ages"])


@pytest.fixture(scope="module")
def plan(ground: Ground, tmp_path_factory: pytest.TempPathFactory, kept: KeptDraws) -> tuple[PlanFolder, Ground]:
    """Streams of each category, a small force that grows short, and ages of suspects."""
    ground = replace(ground, series={"minutes_taken": MINUTES}, ages=age_shares(), harm=dict.fromkeys(TYPES, 2.0))
    defaults = read_plan(None, ground)
    streams = [
        {"stream": "calls", "category": "public", "projected_by": "fixed", "of": "", **exactly(120.0)},
        {"stream": "missing", "category": "protective", "projected_by": "crime", "of": "RAPE", **exactly(2.0)},
        {"stream": "aid", "category": "internal", "projected_by": "series", "of": "minutes_taken", **exactly(1 / 60)},
    ]
    hours = [{"what": name, "function": "response", "way": "", **exactly(1.0)} for name in ("calls", "missing", "aid")]
    posts = [
        {"function": name, "month": "2025-03-01", "fte": fte} for name, fte in (("response", 5.0), ("safeguarding", 3))
    ]
    posts += [
        {"path": "half", "kind": "planned", "function": name, "month": f"{year}-03-01", "fte": fte}
        for name, fte in (("response", 2.0), ("safeguarding", 1.0))
        for year in (2025, 2027)
    ]
    tables = defaults.tables | {
        "streams": assumption("streams", streams),
        "workload": pd.concat([assumption("workload", hours), defaults.tables["workload"]], ignore_index=True),
        "people": assumption("people", posts),
    }
    return replace(defaults, tables=tables), ground


@pytest.fixture(scope="module")
def made(kept: KeptDraws, plan: tuple[PlanFolder, Ground]) -> tuple[Made, tuple[str, ...]]:
    return made_of(kept, *plan, 2, 1, None)


@pytest.fixture(scope="module")
def tables(made: tuple[Made, tuple[str, ...]]) -> dict[str, pd.DataFrame]:
    return tables_of(made[0])[0]


def test_the_ledger_closes_in_every_draw(made: tuple[Made, tuple[str, ...]], tables: dict[str, pd.DataFrame]) -> None:
    by_category = hours_by_category(made[0])
    force = made[0].pair[1].by_year[made[0].maker.areas.force]
    assert np.allclose(by_category.sum(axis=0), force, rtol=1e-9, atol=0)
    shares = tables["categories"].groupby(["function", "year"])["share"].sum()
    assert set(np.round(shares, 9)) <= {0.0, 1.0}
    assert (tables["categories"].query("category == 'internal' and function == 'response'")["mean"] > 0).all()


def test_a_stream_follows_its_series_draw_by_draw(made: tuple[Made, tuple[str, ...]]) -> None:
    work, notes = made[0].pair[1].stream_work["aid"], made[1]
    assert np.allclose(work.cases[:12], 10 + np.arange(DRAWS))  # 600 minutes are ten hours
    assert np.array_equal(work.cases[12:], work.cases[:12])  # beyond its last month it repeats the year before
    assert np.allclose(work.cases_before, 120)
    assert any("'minutes_taken' ends in March 2026" in note for note in notes)


def test_months_add_up_to_years(tables: dict[str, pd.DataFrame]) -> None:
    monthly = tables["work_by_month"].query("function == 'all'")["mean"].to_numpy().reshape(2, 12).sum(axis=1)
    yearly = tables["work"].query(
        "area_level == 'force' and what == 'all' and function == 'all' and scenario == 'central'"
    )
    assert np.allclose(monthly, yearly["mean"], rtol=1e-9)


def test_what_the_young_bring_is_a_difference_of_two_plans(tables: dict[str, pd.DataFrame]) -> None:
    beyond = tables["against_central"].query("scenario == 'young held' and function == 'all'")
    wide = tables["work"].query("area_level == 'force' and what == 'all' and function == 'all'")
    wide = wide.pivot(index="year", columns="scenario", values="mean")
    assert np.allclose(beyond["mean"], wide["young held"] - wide["central"])
    assert (beyond["mean"] < 0).all()  # fewer young in this scenario
    assert (beyond["q10"] <= beyond["q90"]).all()
    assert beyond["chance_above"].between(0, 1).all()


def test_ages_split_the_hours_of_their_types(tables: dict[str, pd.DataFrame]) -> None:
    by_age = tables["work_by_age"].query("function == 'all'")
    of_types = tables["work"].query("area_level == 'force' and function == 'all' and scenario == 'central'")
    of_types = of_types[of_types["what"].isin(["SHOPLIFTING", "RESIDENTIAL BURGLARY"])]
    whole = by_age.query("what == 'all'").groupby("year")["mean"].sum()
    assert np.allclose(whole, of_types.groupby("year")["mean"].sum())
    assert set(by_age["age_basis"]) == {"suspect"}


def test_what_goes_undone_adds_up_over_areas_and_waits(tables: dict[str, pd.DataFrame]) -> None:
    by_area, undone = tables["undone_by_area"].query("path == 'half'"), tables["undone"].query("path == 'half'")
    for column in ("hours", "cases", "harm"):
        force = by_area.query("area_level == 'force'").set_index("year")[column]
        assert np.allclose(force, undone.groupby("year")[column].sum())
        boroughs = by_area.query("area_level == 'borough'").groupby("year")[column].sum()
        assert (boroughs <= force + 1e-9).all()
        assert (boroughs > 0).all()
        assert np.allclose(boroughs, by_area.query("area_level == 'bcu'").groupby("year")[column].sum())
    backlog = tables["backlog"].query("path == 'half' and function == 'safeguarding'")["waiting_besides"]
    assert backlog.is_monotonic_increasing
    assert backlog.iloc[0] > 0
    assert (tables["backlog"].query("path == 'level'")["waiting_besides"] <= backlog.max()).all()


def test_the_frontline_is_a_stated_list(kept: KeptDraws, plan: tuple[PlanFolder, Ground]) -> None:
    folder, ground = plan
    head = folder.head.model_copy(update={"frontline": ("safeguarding",), "scenarios": ()})
    made, _ = made_of(kept, replace(folder, head=head), ground, 2, 1, None)
    told = tables_of(made)[0]["frontline"].query("path == 'level'")
    assert set(told["functions"]) == {"safeguarding"}
    assert np.allclose(told["there"], 3)
    assert np.allclose(told["gap_mean"], told["needed"] - 3)

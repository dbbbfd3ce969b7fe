"""Streams in a plan: series and residents followed, flags that earn no hours, calls that a menu keeps from people."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from models.draws.kept import KeptDraws
from planning.areas import PlanAreas
from planning.assumed import Errors
from planning.demand.plan_demand import plan_demand
from planning.folder.check import Ground
from planning.folder.entries import Lever
from planning.folder.ledger import check_streams
from planning.folder.read import PlanFolder
from planning.scenario_work import Maker
from planning.series import Series, residents_series
from planning.tables.levers import levers_table
from planning.work.streams import StreamWork, stream_work
from sources.files.errors import InputError
from tests.planning.conftest import DRAWS, TYPES, assumption, exactly

pytestmark = pytest.mark.unit
MONTHS = pd.date_range("2025-04-01", periods=24, freq="MS")
LAST_YEAR = pd.date_range("2024-04-01", periods=12, freq="MS")
NO_DRAWS = (pd.DatetimeIndex([]), np.zeros((0, 1)))
# The force's own figures: a menu was to keep 10 to 15 per cent of calls from people, and kept 30 to 35.
MENU = Lever.model_validate(
    {
        "id": "telephone menu",
        "kind": "diversion",
        "from_month": "2025-10",
        "cost_a_year": 100000,
        "evidence": "before and after",
        "source": "seeds",
        "diverts": [{"stream": "101 calls", "share": {"p10": 0.30, "p50": 0.325, "p90": 0.35}}],
    }
)


def streams(*rows: dict[str, object]) -> pd.DataFrame:
    return assumption("streams", [{"category": "public", "of": "", **row} for row in rows])


def worked(
    kept: KeptDraws, plan: PlanFolder, table: pd.DataFrame, series: dict[str, Series], levers: tuple[Lever, ...] = ()
) -> dict[str, StreamWork]:
    hours = [{"what": name, "function": "contact", "way": "", **exactly(0.2)} for name in table["stream"]]
    tables = plan.tables | {"streams": table, "workload": assumption("workload", hours)}
    return stream_work(tables, TYPES, series, plan_demand(kept, ()), levers, 2, Errors(DRAWS, 1))


def test_residents_bring_cases_by_their_number_each_year(kept: KeptDraws, simple: PlanFolder) -> None:
    residents = pd.DataFrame(
        {"year": [2024, 2025, 2026, 2027], "age_group": "10-17", "persons": [1000, 1000, 1200, 1200]}
    )
    series = residents_series(residents)
    assert set(series) == {"residents 10-17"}
    table = streams({"stream": "missing", "projected_by": "per", "of": "residents 10-17", **exactly(0.12)})
    work = worked(kept, simple, table, series)["missing"]
    assert np.allclose(work.cases_before, 120)
    assert np.allclose(work.cases[:9], 10)
    assert np.allclose(work.cases[9:21], 12)


def test_a_menu_keeps_calls_from_people_and_crimes_stay(kept: KeptDraws, simple: PlanFolder, ground: Ground) -> None:
    table = streams(
        {"stream": "101 calls", "projected_by": "fixed", "of": "101", **exactly(12000.0)},
        {"stream": "101 calls given up", "projected_by": "fixed", **exactly(1200.0)},
    )
    before, after = (worked(kept, simple, table, {}, levers) for levers in ((), (MENU,)))
    share = after["101 calls"].diverted / after["101 calls"].cases
    assert not share[:6].any()
    assert np.quantile(share[6:], [0.1, 0.5, 0.9]) == pytest.approx([0.30, 0.325, 0.35], abs=0.003)
    assert np.allclose(after["101 calls"].hours, before["101 calls"].hours * (1 - share))
    assert np.array_equal(after["101 calls given up"].hours, before["101 calls given up"].hours)  # counted apart
    hours = [{"what": "101 calls", "function": "contact", "way": "", **exactly(0.2)}]
    tables = simple.tables | {"streams": table, "workload": assumption("workload", hours)}
    plan = replace(simple, tables=tables, levers=(MENU,))
    maker = Maker(plan, PlanAreas.of(kept, ground.areas), ground.majors, 2)
    productive = np.full((len(maker.areas.table), 6, 1), 1400.0)
    years = list(MONTHS[::12])
    saved = levers_table(maker, plan_demand(kept, ()), plan.levers, Errors(DRAWS, 1), productive, years)
    of_force = saved.query("area_level == 'force' and function == 'all'")["saved"].to_numpy()
    assert of_force == pytest.approx([1000 * 6 * 0.325 * 0.2, 1000 * 12 * 0.325 * 0.2], rel=0.02)
    assert not saved.query("area_level == 'borough'")["saved"].any()


def test_a_flag_or_lost_time_earns_no_hours(tmp_path, simple: PlanFolder) -> None:
    flag = Series("knife_crime", "offences", pd.Series(1.0, index=LAST_YEAR), *NO_DRAWS, cuts_across=True)
    minutes = Series("minutes_taken", "minutes", pd.Series(1.0, index=LAST_YEAR), *NO_DRAWS)
    series = {"knife_crime": flag, "minutes_taken": minutes}
    time = assumption("time", [{"role": "all", "kind": "abstraction", "name": "minutes taken", **exactly(0.1)}])
    for of, refused in (("knife_crime", "over again"), ("minutes_taken", "lost time"), ("nothing", "not known")):
        table = streams({"stream": "a", "projected_by": "series", "of": of, **exactly(1.0)})
        hours = assumption("workload", [{"what": "a", "function": "response", **exactly(1.0)}])
        with pytest.raises(InputError, match=refused):
            check_streams(table, hours, time, ["all"], series, tmp_path)
        if of in series:  # counted without hours they may stand
            check_streams(table, hours.iloc[:0], time, ["all"], series, tmp_path)


def test_a_month_that_no_year_knows_is_refused() -> None:
    short = Series("calls", "calls", pd.Series(1.0, index=LAST_YEAR[:6]), *NO_DRAWS)
    assert short.over(LAST_YEAR[:6] + pd.DateOffset(years=2), 1).sum() == 6
    with pytest.raises(InputError, match="no value for a month"):
        short.over(MONTHS, 1)

"""What a force's own figures of handling are worth: the levers of docs/examples/levers on the draws of a forecast.

.venv/bin/python benchmarks/levers_of_the_force.py cache/panel-1a2b3c/forecast-1 --force E23000001
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import pandas as pd

from pipelines.kept.kept_draws import read_kept_draws
from planning.areas import PlanAreas
from planning.assumed import Errors
from planning.demand.plan_demand import plan_demand
from planning.folder.check import Ground
from planning.folder.entries import Lever
from planning.folder.read import PlanFolder, read_plan
from planning.folder.toml_file import entries
from planning.folder.vocabulary import FUNCTIONS
from planning.people.productive import productive_of_areas
from planning.scenario_work import Maker
from planning.tables.levers import levers_table

EXAMPLES = Path(__file__).parents[1] / "docs/examples/levers"
CALLS, WAY = "101 calls", "101"


def with_calls(plan: PlanFolder) -> PlanFolder:
    """Return the plan in which calls have their contact hours, and crimes reported by them none."""
    rows = plan.tables["workload"]
    of_crimes = (rows["function"] == "contact") & (rows["way"] == WAY)
    workload = pd.concat([rows[~of_crimes], rows[of_crimes].head(1).assign(what=CALLS, way="")], ignore_index=True)
    return replace(plan, tables={**plan.tables, "workload": workload})


def main() -> None:
    """Print hours and officers that each lever saves of the force in the first year."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("forecast", type=Path)
    asked.add_argument("--force", default="E23000001")
    given = asked.parse_args()
    kept = read_kept_draws(given.forecast)
    areas, types = (pd.read_parquet(given.forecast.parent / f"{name}.parquet") for name in ("areas", "crime_types"))
    majors = dict(zip(types["crime_type"], types["major_type"], strict=True))
    months = pd.DatetimeIndex(kept.by_month["month"].to_numpy())
    plan = read_plan(None, Ground(given.force, areas, majors, months))
    errors = Errors(kept.by_month.sizes["draw"], 1)
    for file, of in (("levers", plan), ("levers", with_calls(plan)), ("menu_as_it_was", with_calls(plan))):
        levers = entries(EXAMPLES / f"{file}.toml", "lever", Lever)
        maker = Maker(of, PlanAreas.of(kept, areas), majors, 1)
        productive = productive_of_areas(of.tables["time"], maker.areas, errors)
        saved = levers_table(maker, plan_demand(kept, of.discovered), levers, errors, productive, [months[0]])
        told = saved[(saved["area_level"] == "force") & saved["function"].isin([*FUNCTIONS, "all"])]
        told = told[told["saved"].abs() > 0]
        print(file, "calls have hours" if of is not plan else "crimes have contact hours")
        print(
            told[["lever", "function", "saved", "saved_q10", "saved_q90", "officers_freed"]]
            .round(0)
            .to_string(index=False)
        )


if __name__ == "__main__":
    main()

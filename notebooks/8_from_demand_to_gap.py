# %% [markdown]
# # 8. From demand to the gap
#
# What a forecast means in hours of work and in officers, in five cells. The plan is arithmetic on the release's own
# draws, so everything adds up; docs/plan.md says how. Notebook 5 makes the release that this one plans on.

# %%
from pathlib import Path

import pandas as pd

import wardcast

folder = wardcast.plan(data=Path("data"))
plan = wardcast.read_plan(folder)
force = plan["work"].query("area_level == 'force' and what == 'all' and scenario == 'central'")

# %% [markdown]
# ## Hours of work, by function
#
# Expected hours, and the interval that holds eight of ten possible futures.

# %%
by_function = force.query("function != 'all'").pivot(index="year", columns="function", values="mean")
by_function.plot.bar(stacked=True, ylabel="Expected hours of work a year")
force[["function", "year", "mean", "q10", "q90", "quality"]].round({"mean": 0, "q10": 0, "q90": 0})

# %% [markdown]
# ## Why they change
#
# From the last recorded year to each year ahead, in steps that add up. Residents of 10 to 24 stand apart.

# %%
steps = plan["waterfall"].query("function == 'all'")
steps.pivot(index="step", columns="year", values="hours").reindex(steps["step"].unique()).round(0)

# %% [markdown]
# ## Officers needed, there, and the gap
#
# Needed to hold the service of the last recorded year. The chance of a gap stands twice: from demand alone, and with
# the uncertainty of every assumption. Where no posts of the force are known there is no gap to tell.

# %%
people = plan.get("people", pd.DataFrame(columns=["area_level", "function", "scenario"]))
people.query("area_level == 'force' and function == 'all' and scenario == 'central'").filter(
    [
        "path",
        "year",
        "needed",
        "there",
        "gap_mean",
        "probability_demand_alone",
        "probability_with_assumptions",
        "quality",
    ]
)

# %% [markdown]
# ## What it rests on
#
# Each assumption has a source, and says how good it is.

# %%
plan["assumptions"].groupby(["table", "quality"])["source"].agg(["size", "first"])

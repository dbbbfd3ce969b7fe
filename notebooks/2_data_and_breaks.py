# %% [markdown]
# # 2. The data and their breaks
#
# What the files hold, what they lost, and when recording changed rather than crime. A forecast is no better than this.

# %%
# %matplotlib inline
from pathlib import Path

import pandas as pd

import wardcast

tables = wardcast.read_force(Path("data"))
panel = wardcast.build_panel(tables)
force = tables.force
source = f"Source: {force.name}, recorded crime excluding fraud."

# %% [markdown]
# ## Which files were read
#
# Each with its span and its checksum, so that a release can say from what it was made.
# `sources/catalogue/catalogue.toml` says whose they are, and on which day each became public: a forecast that stands
# before that day may not use it.

# %%
tables.manifest[["dataset", "file", "rows", "first_month", "last_month"]].assign(
    sha256=tables.manifest["sha256"].str[:8]
)

# %% [markdown]
# Editions of the same series are joined, the later one counting; where they overlap, they are compared. `difference` is
# the share by which the older differs.

# %%
tables.overlaps.groupby(["dataset", "other"])["difference"].agg(["size", "min", "max"]).round(4)

# %% [markdown]
# What was set aside is counted, with the reason:

# %%
tables.quarantine.groupby(["file", "reason"])["count"].sum().to_frame()

# %% [markdown]
# ## Offences without a place
#
# Some months lost the wards of one offence in ten. Read as a fall in crime, that would teach a model nonsense, so what
# is not located is counted beside what is.

# %%
located = panel.offences.sum(["ward", "crime_type"]).to_series()
every = located + panel.unlocated.sum(["area", "crime_type"]).to_series()
events = panel.breaks[panel.breaks["crime_type"] == "all"]
wardcast.charts.recorded_with_breaks(
    pd.DataFrame({"With a known ward": located, "All": every}),
    events,
    title=f"Offences by month and what broke the series, {force.name}",
    source=source,
    simulated=force.simulated,
)

# %%
(located / every).rename("share with a known ward").nsmallest(8).sort_index().round(3).to_frame()

# %% [markdown]
# ## Breaks are data
#
# They are listed with their evidence, and with the day on which they were known: a model that stands in 2019 has never
# heard of 2020.

# %%
panel.breaks[["event", "kind", "crime_type", "first_month", "last_month", "evidence"]]

# %%
year_before = panel.last_month - pd.DateOffset(months=12)
then = panel.as_known_at(year_before)
pd.DataFrame(
    {
        f"known at {year_before:%B %Y}": [len(then.months), len(then.breaks), len(then.ward_population)],
        "known now": [len(panel.months), len(panel.breaks), len(panel.ward_population)],
    },
    index=["months of offences", "breaks", "rows of residents"],
)

# %% [markdown]
# ## Steps of single types
#
# A change of recording moves types in different directions. The twelve months since the last month but twelve, against
# the twelve before:

# %%
by_type = panel.offences.sum("ward").to_series().unstack("month")
change = pd.DataFrame({"before": by_type.iloc[:, -24:-12].sum(axis=1), "after": by_type.iloc[:, -12:].sum(axis=1)})
change["change"] = change["after"] / change["before"] - 1
change[change["before"] > 200].sort_values("change").round(2)

# %%
moved = (change["after"] - change["before"]).sort_values()
shown = [moved.index[-1], moved.index[0]]
of_these = panel.breaks[(panel.breaks["kind"] != "coverage") & panel.breaks["crime_type"].isin(["all", *shown])]
wardcast.charts.recorded_with_breaks(
    by_type.loc[shown].T.iloc[-84:].rename(columns=wardcast.charts.sentence_case),
    of_these[of_these["first_month"] >= by_type.columns[-84]],
    title="The types that rose and fell most over the last year",
    source=source,
    simulated=force.simulated,
)

# %% [markdown]
# Before believing a rise, ask whether the month of the step is in the list. Next: `3_retrain_and_compare`.

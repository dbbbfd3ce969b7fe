# %% [markdown]
# # 1. A first forecast
#
# From the files of a force to a forecast of every ward that says how sure it is.
# `README.md` says how the folder `data` comes about: ten years of two boroughs of London or, without London's files, a
# fictional city.

# %%
# %matplotlib inline
from pathlib import Path

import pandas as pd

import wardcast

tables = wardcast.read_force(Path("data"))
panel = wardcast.build_panel(tables)
force = tables.force
print(f"{force.name}: {len(panel.areas)} wards, {len(panel.crime_types)} crime types, {len(panel.months)} months")

# %% [markdown]
# The panel is dense: a ward and month without an offence is a zero, not a gap. Recorded crime by month, all types:

# %%
recorded = panel.offences.sum(["ward", "crime_type"]).to_series()
recorded.tail(6)

# %% [markdown]
# ## Judge, fit, forecast, summarise
#
# `track` judges a recipe on the last year, as forecast a year before, fits it at the last month and keeps both in
# MLflow; `fit` would only fit it. How good was it?

# %%
tracked = wardcast.track("boosted", tables)
tracked.summary[["area_level", "crime_level", "floor", "naive_wape", "wape", "coverage_80_randomised"]].round(3)

# %% [markdown]
# `wape` is the error as a share of what was recorded; `naive_wape` that of saying "as last year"; `floor` is what is
# left if the true rate were known. Four of five 80 % intervals should hold what came.
#
# `forecast` gives the expectation as a product of factors: level, season, population and trend. `summarise` draws
# possible futures and sums them up, so wards add up to boroughs and the interval of a total is the interval of that
# total.

# %%
ahead = wardcast.forecast(tracked.fitted, panel, horizon=24)
table = wardcast.summarise(ahead, panel, draws=200)
table.head()

# %%
source = f"Source: {force.name}, recorded crime excluding fraud, offences with a known ward."
of_force = table.query("measure == 'located' and area_level == 'force' and crime_type == 'all' and period == 'month'")
wardcast.charts.fan_chart(
    recorded.iloc[-72:],
    of_force,
    title=f"Recorded crime and forecast, {force.name}",
    source=source,
    simulated=force.simulated,
)

# %% [markdown]
# The next twelve months by major type, beside past years:

# %%
years = table.query("measure == 'located' and area_level == 'force' and crime_level == 'major' and period == 'year'")
by_type = panel.offences.sum("ward").to_series().rename("count").reset_index()
by_type["crime_type"] = by_type["crime_type"].map(panel.crime_types.set_index("crime_type")["major_type"])
# Years are blocks of twelve months up to the last one recorded.
months_back = (
    (panel.last_month.year - by_type["month"].dt.year) * 12 + panel.last_month.month - by_type["month"].dt.month
)
by_type["month"] = [panel.last_month - pd.DateOffset(months=12 * (back // 12) + 11) for back in months_back]
past = by_type[months_back < 60].groupby(["crime_type", "month"], as_index=False)["count"].sum()
wardcast.charts.years_by_type(
    past, years, title="Recorded and expected, by type and year", source=source, simulated=force.simulated
)

# %% [markdown]
# Where: expected offences of the next twelve months, the three busiest wards named.

# %%
wards = table[(table["area_level"] == "ward") & (table["crime_type"] == "all") & (table["period"] == "year")]
wards = wards[wards["month"] == wards["month"].min()].set_index("area_code")
wardcast.charts.area_map(
    tables.ward_boundaries[tables.ward_boundaries["code"].isin(wards.index)],
    wards["mean"],
    title=f"Expected offences by ward, {wardcast.charts.year_label(wards['month'].iloc[0])}",
    unit="Offences in twelve months, all recorded crime excluding fraud",
    source=source,
    named=wards.nlargest(3, "mean")["area_name"].astype(str).to_dict(),
    simulated=force.simulated,
)

# %% [markdown]
# What was tracked stays: notebook 3 compares it with others, and notebook 5 publishes the champion as a release. Next:
# `2_data_and_breaks`.

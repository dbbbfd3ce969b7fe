# %% [markdown]
# # 5. Who: population, ages and the waterfall
#
# How much of the change in demand is more people, people of other ages, or each person's risk? A release tells.

# %%
# %matplotlib inline
from pathlib import Path

import pandas as pd
from IPython.display import SVG, display

import wardcast

# %% [markdown]
# ## A release
#
# `publish` makes a release of what was tracked: an atlas that opens from disk, a workbook, documents, and all of it as
# data. This one is of the champion of notebook 3; `wardcast run` in this folder makes one from the start.

# %%
tables = wardcast.read_force(Path("data"))
release = wardcast.publish(tables, wardcast.load_tracked("champion"))
print(f"Open {release / 'index.html'} in a browser.")

# %%
areas = pd.read_csv(release / "areas.csv")
residents = pd.read_parquet(release / "residents.parquet")
force = tables.force
source = f"Source: {force.name}, release {release.resolve().name}."
boroughs = areas.drop_duplicates("borough_code").set_index("borough_code")["borough_name"]

# %% [markdown]
# ## Residents, now and ahead
#
# Estimates to the last that there is, then a central, a low and a high projection.

# %%
by_age = residents.query("age_group != 'all' and variant in ('estimate', 'central')")
by_age = by_age.pivot_table(index="age_group", columns="year", values="persons", aggfunc="sum")
by_age.loc[:, by_age.columns >= 2019].round(-1).astype(int)

# %%
picture = release / "pictures" / "residents_by_age.svg"
if picture.exists():
    display(SVG(picture))

# %% [markdown]
# Where there will be more people of the ages that matter most for violence, 10 to 17 and 18 to 24, by the end of the
# forecast:

# %%
young = residents[residents["age_group"].isin(["10-17", "18-24"]) & residents["variant"].isin(["estimate", "central"])]
young = young.pivot_table(index="ward_code", columns="year", values="persons", aggfunc="sum")
first, last = young.columns[-3], young.columns[-1]
change = (young[last] / young[first] - 1).rename("change")
wards = areas.set_index("ward_code")["ward_name"]
strongest = pd.concat([change.nlargest(2), change.nsmallest(1)])
wardcast.charts.area_map(
    tables.ward_boundaries[tables.ward_boundaries["code"].isin(change.index)],
    change,
    title=f"Residents aged 10 to 24: change from {first} to {last}, central projection",
    unit="Change",
    source=source,
    named={code: f"{wards[code]} {value:+.1%}" for code, value in strongest.items()},
    shown="{:+.1%}".format,
    simulated=force.simulated,
)

# %% [markdown]
# ## Rates by age
#
# People who come to notice, a year, per 1,000 residents of their age. Smooth curves by single year of age, estimated
# from counts in broad bands; `age_quality.csv` says of each crime type whether its ages were measured, come from a
# proxy or are not known.

# %%
display(SVG(release / "pictures" / "rates_by_age.svg"))

# %%
pd.read_csv(release / "age_quality.csv")[["crime_type", "basis", "quality"]].pivot(
    index="crime_type", columns="basis", values="quality"
).value_counts()

# %% [markdown]
# ## The waterfall
#
# From a past year to the last one recorded, and on to the last year of the forecast. The parts add up exactly.
# `rate` is everything that is not population: policing, recording, prevention, chance.

# %%
(file,) = release.glob("demand_waterfall*.csv")
steps = pd.read_csv(file, parse_dates=["month_before", "month_after"])
steps = steps[(steps["scenario"] == "central") & (steps["crime_type"] == "VIOLENCE AGAINST THE PERSON")]
busiest = steps.query("area_level == 'borough' and step == 'after'").nlargest(1, "offences")["area_code"].iloc[0]
of_borough = steps[steps["area_code"] == busiest]
starts = sorted({*of_borough["month_before"], *of_borough["month_after"]})
past, ahead = (of_borough[of_borough["month_before"] == month][["step", "offences"]] for month in starts[:2])
years = [wardcast.charts.year_label(month) for month in starts]
wardcast.charts.waterfall(
    wardcast.charts.two_legs(past, ahead),
    before=f"Recorded, {years[0]}",
    now=f"Recorded, {years[1]}",
    after=f"Expected, {years[2]}",
    title=f"Violence against the person in {boroughs[busiest]}: more people, other ages, or another rate?",
    source=source,
    simulated=force.simulated,
)

# %% [markdown]
# The same for every borough: what population alone makes of demand between the last recorded year and the last ahead.

# %%
legs = steps[(steps["area_level"] == "borough") & (steps["month_before"] == starts[1])]
parts = legs.pivot_table(index="area_code", columns="step", values="offences")
parts = parts.rename(index=boroughs)
parts["population, share"] = (parts["population size"] + parts["age mix"]) / parts["before"]
parts[["before", "population size", "age mix", "rate", "after", "population, share"]].round(3)

# %% [markdown]
# Residents are not everyone: in town centres those who are harmed mostly live elsewhere. Counts come first, rates
# second. Next: `6_reading_a_release`.

# %% [markdown]
# # 6. Reading a release as an insight analyst
#
# Questions that come from a board, answered from the files of a release alone. Make one first: notebook 5 does, and so
# does `wardcast run` in this folder.

# %%
# %matplotlib inline
import json
from pathlib import Path

import duckdb
import pandas as pd

import wardcast

release = Path("releases/latest")
manifest = json.loads((release / "manifest.json").read_text())
simulated = manifest["simulated"]
source = f"Source: {manifest['force']['name']}, release {manifest['release']}."
print(f"{manifest['force']['name']}, data to {manifest['origin']}, {manifest['horizon_months']} months ahead")
for sentence in manifest["missing"]:
    print("-", sentence)

# %% [markdown]
# `wardcast.duckdb` holds every table; `data_dictionary.csv` says what each column means.

# %%
database = duckdb.connect(str(release / "wardcast.duckdb"), read_only=True)
database.execute(f"SET file_search_path = '{release.resolve()}'")
database.sql("SELECT table_name FROM information_schema.tables ORDER BY 1").df()["table_name"].to_list()

# %% [markdown]
# ## What is expected of the next twelve months?
#
# Means add up; intervals do not, each is that of its own row. `all excluding protected types` is the total that wards
# have: forecasts of the most sensitive types stop at borough.

# %%
total = database.sql("SELECT DISTINCT crime_type FROM forecast WHERE area_level = 'ward' AND crime_level = 'all'").df()[
    "crime_type"
][0]
database.execute("SET VARIABLE total = ?", [total])
year = database.sql(
    """
    SELECT measure, area_level, area_code, area_name, mean, q10, q50, q90
    FROM forecast
    WHERE crime_type = getvariable('total') AND period = 'year' AND scenario = 'central'
      AND month = (SELECT min(month) FROM forecast)
    """
).df()
year[year["area_level"].isin(["force", "borough", "unlocated"])].round(0)

# %% [markdown]
# `measure` says what a row counts. Rows of `located` offences add up from ward to force; `unlocated` ones have no known
# ward; `all recorded` is the sum of both in the same draws, and the headline from borough up.
#
# ## Where does next year differ from the last by more than chance?
#
# A ward is named only if last year's count lies outside the 80 % interval of the next. Forecasts draw back from odd
# years, so a ward that had one is named too: read the list as where to look first. Last year's count is that of
# `drivers`, which leaves out the same types as the total does; `history` has all of them.

# %%
recorded = database.sql(
    """
    SELECT area_code, offences AS recorded
    FROM drivers
    WHERE area_level = 'ward' AND crime_type = getvariable('total') AND step = 'before'
      AND month = (SELECT min(month) FROM drivers)
    """
).df()
wards = year[year["area_level"] == "ward"].merge(recorded, on="area_code")
wards["change"] = wards["mean"] / wards["recorded"] - 1
clear = wards[(wards["recorded"] < wards["q10"]) | (wards["recorded"] > wards["q90"])]
clear[["area_name", "recorded", "mean", "q10", "q90", "change"]].sort_values("change").round(2)

# %%
tables = wardcast.read_force(Path("data"))
named = wards.loc[wards["change"].abs().nlargest(3).index].set_index("area_code")["area_name"].to_dict()
wardcast.charts.area_map(
    tables.ward_boundaries[tables.ward_boundaries["code"].isin(wards["area_code"])],
    wards.set_index("area_code")["change"],
    title="Expected change, next twelve months against the last",
    unit=f"Change in offences, {wardcast.charts.sentence_case(total).lower()}",
    source=source,
    named=named,
    shown="{:+.0%}".format,
    simulated=simulated,
)

# %% [markdown]
# ## Why?
#
# `drivers.parquet` takes the change apart for every area and type. The ward that changes most:

# %%
code = wards.loc[wards["change"].abs().idxmax(), "area_code"]
steps = database.execute(
    """
    SELECT step, offences FROM drivers
    WHERE area_code = ? AND crime_type = getvariable('total') AND month = (SELECT min(month) FROM drivers)
    """,
    [code],
).df()
first = database.sql("SELECT min(month) AS month FROM forecast").df()["month"][0]
wardcast.charts.waterfall(
    steps,
    before="Recorded, last 12 months",
    after="Expected, next 12 months",
    title=f"{named.get(code, code)}: why {wardcast.charts.year_label(first)} differs",
    source=source,
    simulated=simulated,
)

# %% [markdown]
# ## Did the last forecast hold?
#
# The scorecard holds each borough against what had been said a year before.

# %%
(file,) = release.glob("scorecard*.csv")
scorecard = pd.read_csv(file).query("part == 'last_year' and area_level == 'borough'")
names = scorecard["area_name"] + ": " + scorecard["crime_type"].map(wardcast.charts.sentence_case)
scorecard = scorecard.assign(area_name=names)
wardcast.charts.range_chart(scorecard, title="The last year against its forecast", source=source, simulated=simulated)

# %%
accuracy = pd.read_csv(release / "accuracy.csv")
accuracy[["area_level", "crime_level", "naive_wape", "wape", "bias", "coverage_80_randomised"]].round(3)

# %% [markdown]
# Say of a forecast: "we expect 6,100, four times in five between 5,700 and 6,500". Say it of the area and type that was
# asked for, from its own row. And say that years two to four are less proven than the first.
#
# ## What changed since the release before?

# %%
alerts = pd.read_csv(release / "alerts.csv")
alerts[["month", "area_name", "said", "to_do"]].head(10)

# %% [markdown]
# `what_changed.html` shows the same to people, `index.html` leads to the atlas and the workbook. Next:
# `7_bring_your_own_force`.

# %% [markdown]
# # 7. Bring your own force
#
# From police.uk's street-level archive to a forecast of another force: the City of London, small counts, short history,
# six LSOAs. Without its archive at hand, the notebook goes the same way with the fictional city's files.
# `docs/bring-your-own-force.md` shows an example row of every file.

# %%
# %matplotlib inline
import os
import shutil
from pathlib import Path

import pandas as pd

import wardcast

bundle = Path(os.environ.get("BUNDLE", "../../shared/data"))
city = bundle.is_dir()
shutil.rmtree("new-force", ignore_errors=True)

# %% [markdown]
# ## A folder to fill
#
# `wardcast new-force` knows the 43 forces by name. It writes a settings file that explains every setting, an empty data
# folder, and a checker.

# %% language="bash"
# wardcast new-force "City of London" --out new-force
# cat new-force/README.md

# %% [markdown]
# The checker says what is missing, all at once:

# %% language="bash"
# PATH="$PATH" ./new-force/check.sh || echo "not yet"

# %% [markdown]
# ## Fill it
#
# The archive as it was downloaded, the force's areas with their boroughs, and the lookup from the LSOAs of 2011, since
# both vintages occur.

# %%
data = Path("new-force/data")
if city:
    shutil.copy(bundle / "police_uk/city_of_london_street_202109_202503.zip", data / "street_crime")
    shutil.copy(bundle / "lookups/lsoa11_to_lsoa21_exact_london.csv.gz", data / "lookups")
    lookup = pd.read_csv(bundle / "lookups/oa21_lsoa21_ward22_borough_london.csv.gz", dtype=str)
    areas = lookup[lookup["LAD22CD"] == "E09000001"].drop_duplicates("LSOA21CD").assign(bcu="")
    columns = ["LSOA21CD", "LSOA21NM", "LAD22CD", "LAD22NM", "bcu"]
    areas = areas[columns].set_axis(["lsoa21cd", "lsoa_name", "lad22cd", "borough", "bcu"], axis="columns")
    areas.to_csv(data / "lookups/lsoa21_borough_bcu.csv", index=False)
else:
    # The layout of files by ward, for a force that can write it.
    shutil.copytree("data/mps_recorded_crime", data / "mps_recorded_crime")
    shutil.copy("data/lookups/ward22_borough_bcu.csv", data / "lookups")
    entry = (data / "force.toml").read_text().replace("simulated = false", "simulated = true")
    entry = entry.replace("City of London Police", "A fictional force")  # no figures that are made up under a real name
    aliases = Path("data/force.toml").read_text().partition("[borough_aliases]")
    (data / "force.toml").write_text(entry + "".join(aliases[1:]))
sorted(str(file.relative_to(data)) for file in data.rglob("*") if file.is_file())

# %% language="bash"
# ./new-force/check.sh | head -60

# %% [markdown]
# Read what was set aside: repeated ids, offences outside the force, stubs. And look at how offences lie:

# %%
tables = wardcast.read_force(data)
panel = wardcast.build_panel(tables)
tables.quarantine.groupby("reason")["count"].sum().to_frame()

# %%
share = panel.offences.sum(["crime_type", "month"]).to_series()
(share / share.sum()).sort_values(ascending=False).round(3).head(6).to_frame("share of offences with a place")

# %%
antisocial = tables.antisocial_behaviour
print(f"{len(panel.months)} months, {panel.offences.sizes['crime_type']} types of recorded crime, none of them fraud.")
print(f"Anti-social behaviour, incidents and no crimes, apart: {antisocial['count'].sum():,}")

# %% [markdown]
# ## Does a forecast pay here?
#
# With a short history and small counts the recipe matters. Stand a year back, and hold several against what came:

# %%
year_before = panel.months[-13]
scores = {
    name: wardcast.score(next(iter(wardcast.backtest(name, panel, [year_before], 12, draws=100))), tables)
    for name in ("seasonal-naive", "recent-mean", "boosted")
}
overall = pd.concat(
    {name: wardcast.score_summary(one).set_index(["area_level", "crime_level"])["wis"] for name, one in scores.items()},
    axis=1,
)
overall.round(3)

# %%
wardcast.charts.gain_chart(
    wardcast.compare(scores["boosted"], scores["seasonal-naive"]),
    title=f"The usual recipe against saying as a year ago, {tables.force.name}",
    source="Source: the last year, as forecast a year before.",
    simulated=tables.force.simulated,
)

# %%
fitted = wardcast.fit(panel, "boosted")
table = wardcast.summarise(wardcast.forecast(fitted, panel, 24), panel, draws=200)
wardcast.charts.fan_chart(
    panel.offences.sum(["ward", "crime_type"]).to_series(),
    table.query("measure == 'located' and area_level == 'force' and crime_type == 'all' and period == 'month'"),
    title=f"Recorded crime and forecast, {tables.force.name}",
    source=f"Source: {tables.force.name}, recorded crime excluding fraud and anti-social behaviour, with a known area.",
    simulated=tables.force.simulated,
)

# %% [markdown]
# ## Publish
#
# `cd new-force && wardcast run` does the whole job and publishes. Each file added (outlines, residents, ages) makes the
# release fuller: take its name out of `without` in `data/force.toml`, and run `check.sh` again.

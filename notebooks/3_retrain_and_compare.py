# %% [markdown]
# # 3. Retrain and compare models in MLflow
#
# Every judged recipe is a run in MLflow with its parameters, data, scores and pictures, and a version in its registry.
# The version called `champion` is the one that forecasts.

# %%
# %matplotlib inline
from pathlib import Path

import mlflow
import pandas as pd

import wardcast

tables = wardcast.read_force(Path("data"))
sorted(wardcast.MODELS)

# %% [markdown]
# ## Retrain, as the schedule does
#
# `wardcast train` judges a recipe on past years, fits it at the last month, registers it, and promotes it by a rule:
# the first must beat seasonal naive, a later one must beat the champion beyond chance.

# %% language="bash"
# wardcast train

# %% [markdown]
# ## Try others
#
# `track` does the same with any recipe of `MODELS`, without touching the champion. What it learns of a recipe's errors
# is kept in `cache/`, so a second time is quicker; and `boosted`, which corrects the ward shares of `three-speed`, has
# learnt these already.

# %%
plain = wardcast.track("three-speed", tables)

# %% [markdown]
# ## Compare the runs
#
# Only runs on the same data and years can be compared; both stand with each run.

# %%
mlflow.set_tracking_uri(f"sqlite:///{Path('mlruns/mlflow.db').resolve()}")
runs = mlflow.search_runs(experiment_names=["wardcast"])
metrics = ["metrics.wis_ward_minor", "metrics.wape_ward_minor", "metrics.wape_borough_major", "metrics.wape_force_all"]
runs[["run_id", "params.model", "params.judged_origins", "params.data_vintage", *metrics]].round(3)

# %%
newest = runs.drop_duplicates("params.model").set_index("params.model")
newest[metrics].astype(float).rename(columns=lambda name: name.removeprefix("metrics.")).sort_values(
    "wis_ward_minor"
).round(3)

# %% [markdown]
# `wis` is the weighted interval score: it counts how far off the whole distribution was, as a share of what was
# recorded. Is the difference more than luck? `compare` resamples whole months. Each run keeps its scores, so any two
# can be compared later, here or with `wardcast compare RUN RUN`.

# %%
boosted = wardcast.load_tracked(runs[runs["params.model"] == "boosted"]["run_id"].iloc[0])
compared = wardcast.compare(boosted.scores, plain.scores)
compared[["area_level", "crime_level", "wis", "reference_wis", "gain", "gain_low", "gain_high", "verdict"]].round(3)

# %%
wardcast.charts.gain_chart(
    compared,
    title="Ward shares corrected by boosted trees against those without",
    source=f"Source: {tables.force.name}, the last year as forecast a year before.",
    simulated=tables.force.simulated,
)

# %% [markdown]
# ## Who forecasts
#
# The registry knows the champion, and each version the run that made it. `wardcast promote VERSION --reason "..."`
# overrides the rule, and the journal keeps who did.

# %%
client = mlflow.MlflowClient()
versions = [
    {"version": version.version, "model": client.get_run(version.run_id).data.params["model"], "run": version.run_id}
    for version in client.search_model_versions("name = 'wardcast'")
]
champion = client.get_model_version_by_alias("wardcast", "champion").version
pd.DataFrame(versions).assign(champion=lambda found: found["version"].astype(str) == str(champion))

# %% language="bash"
# wardcast journal

# %% [markdown]
# `wardcast ui`, run in this folder, opens the same runs in a browser: mark several, press Compare. Next:
# `4_own_feature_and_model`.

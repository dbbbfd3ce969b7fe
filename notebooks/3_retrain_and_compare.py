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
# ## Retrain
#
# Notebook 1 tracked `boosted`. Beside it the mean of recent months, judged on the same past year and fitted at the same
# month. What is learnt of a recipe's errors is kept in `cache/`, so a second time is quicker.

# %%
try:
    boosted = wardcast.load_tracked("1")
except wardcast.InputError:  # notebook 1 was not run here
    boosted = wardcast.track("boosted", tables)
plain = wardcast.track("recent-mean", tables)

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
# can be compared later: here by `load_tracked`, or with `wardcast compare RUN RUN`.

# %%
compared = wardcast.compare(boosted.scores, plain.scores)
compared[["area_level", "crime_level", "wis", "reference_wis", "gain", "gain_low", "gain_high", "verdict"]].round(3)

# %%
wardcast.charts.gain_chart(
    compared,
    title="Three speeds and boosted trees against the mean of recent months",
    source=f"Source: {tables.force.name}, the last year as forecast a year before.",
    simulated=tables.force.simulated,
)

# %% [markdown]
# ## Change a parameter
#
# A recipe is an estimator of scikit-learn: half-lives, speeds and numbers of trees are its parameters.

# %%
plainer = wardcast.recipe("three-speed", borough_movement_half_life=6)
plainer, plainer.get_params()

# %% [markdown]
# Which values would have served the past? `search` forecasts from past origins with each, by the expectation alone,
# which takes seconds. A value that was chosen on a year looks good on it, so the year judged below is hidden first.

# %%
panel = wardcast.build_panel(tables)
before = panel.as_known_at(panel.months[-13])
values = {"borough_movement_half_life": [1.5, 2.5, 6, 12], "slow_speed": [0.1, 0.2, 0.4]}
found = wardcast.search("three-speed", values, before)
found.round(4)

# %% [markdown]
# The row with a gain of 0 is the recipe as it is. The best goes the way of every recipe: judged on the year that the
# search did not see, beside the defaults, as a run of its own.

# %%
best = {name: float(found[name].iloc[0]) for name in values}
tuned = wardcast.track(wardcast.recipe("three-speed", **best), tables)
default = wardcast.track("three-speed", tables)
compared = wardcast.compare(tuned.scores, default.scores)
compared[["area_level", "crime_level", "gain", "gain_low", "gain_high", "verdict"]].round(4)

# %%
parameters = [f"params.three-speed.{name}" for name in values]
runs = mlflow.search_runs(experiment_names=["wardcast"], filter_string="params.model = 'three-speed'")
runs[["run_id", *parameters, *metrics]].head(2).round(4)

# %% [markdown]
# Were it better beyond chance, `wardcast train --model three-speed --set three-speed.slow_speed=0.4` would let it
# compete by the rule, and `recipes.three-speed.slow_speed = 0.4` in `wardcast.toml` would keep it. A version can also
# be promoted by hand, as below: the next refresh then fits it anew with the parameters that its run recorded.
#
# ## Who forecasts
#
# `track` leaves the champion alone. A person may promote a version, with a reason that the journal keeps:

# %% language="bash"
# wardcast promote 1 --reason "Better than the mean of recent months: notebook 3"

# %% [markdown]
# The schedule decides by a rule. `wardcast train` does what `track` does and promotes what beats the champion beyond
# chance, or seasonal naive where there is no champion. The registry knows each version and the run that made it:

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

# %% [markdown]
# # 4. Add your own feature and model
#
# A model says four things of what it saw: level, season, trend, and offences with no known ward. Draws, sums,
# intervals, scores, MLflow and releases follow from these by themselves.
#
# The idea to try: some months have five weekends. Do violence and theft follow the nights on which people go out?

# %%
# %matplotlib inline
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
import xarray as xr

import wardcast

tables = wardcast.read_force(Path("data"))
panel = wardcast.build_panel(tables)

# %% [markdown]
# ## The feature
#
# Known for every month, past and to come, so it cannot leak. How far a month's Fridays and Saturdays are above the
# usual number for that calendar month:


# %%
def weekend_nights(months: pd.DatetimeIndex) -> pd.Series:
    """Return log Fridays and Saturdays of each month, less the mean of its calendar month."""
    days = pd.date_range(months[0], months[-1] + pd.offsets.MonthEnd(0))
    nights = pd.Series(days.day_of_week.isin([4, 5]), index=days).groupby(days.to_period("M")).sum()
    logs = np.log(nights.set_axis(months))
    return logs - logs.groupby(months.month).transform("mean")


weekend_nights(panel.months).tail(6).round(3)


# %% [markdown]
# ## The model
#
# It takes the factors of a recipe that there is, and multiplies the trend of each crime type by what its weekend nights
# make of it. Everything is learnt from `known`, the panel as it was at the origin. How far the few months are believed
# is a parameter: as in any estimator of scikit-learn, an argument of the constructor that is kept under its own name.


# %%
def strength(known: wardcast.Panel, doubt: float) -> xr.DataArray:
    """Return by crime type how offences of a month follow its weekend nights: 1 is in step, 0 not at all.

    `doubt` pulls towards none where months are few.
    """
    counts = known.offences.sum("ward").to_series().unstack("crime_type")
    logs = np.log(counts + 1)
    nights = weekend_nights(known.months)
    # Against the year before; the middle of the months around takes out what moves slowly, COVID included.
    rise = logs.diff(12)
    rise = (rise - rise.rolling(5, center=True, min_periods=3).median()).clip(-0.3, 0.3).iloc[12:]
    more = nights.diff(12).iloc[12:]
    found = rise.mul(more, axis=0).sum() / ((more**2).sum() + doubt)
    return found.to_xarray()


class WeekendNights(wardcast.Model):
    """Three speeds, and the weekends of the months ahead."""

    name = "weekend-nights"
    base = wardcast.MODELS["three-speed"]

    def __init__(self, doubt: float = 0.1) -> None:
        self.doubt = doubt

    def factors(self, known: wardcast.Panel) -> wardcast.Factors:
        """Return the factors as learnt at the last month of the panel."""
        return self.with_weekends(self.base.factors(known), known)

    def factors_at(self, known: wardcast.Panel, origins: Sequence[pd.Timestamp]) -> Iterator[wardcast.Factors]:
        """Yield the factors at past origins, sharing the work as the recipe beneath does."""
        for origin, factors in zip(origins, self.base.factors_at(known, origins), strict=True):
            yield self.with_weekends(factors, known.as_known_at(origin))

    def with_weekends(self, factors: wardcast.Factors, known: wardcast.Panel) -> wardcast.Factors:
        """Return the factors with the trend of each crime type raised in months of many weekend nights."""
        steps = factors.trend.sizes["step"]
        months = pd.date_range(known.months[0], periods=len(known.months) + steps, freq="MS", unit="us")
        ahead = xr.DataArray(
            weekend_nights(months).to_numpy()[-steps:], dims="step", coords={"step": factors.trend["step"]}
        )
        effect = strength(known, self.doubt).sel(crime_type=factors.trend["crime_type"])
        return replace(factors, trend=factors.trend * np.exp(effect * ahead))


effect = strength(panel, 0.1).to_series().rename("strength")
effect[panel.offences.sum(["ward", "month"]).to_series() > 2000].sort_values().round(2).to_frame()

# %% [markdown]
# ## No peeking
#
# The first thing to test of any model: change everything after the origin, and nothing that it says may change.

# %%
origin = panel.months[-13]
later = panel.offences["month"] > origin
spoilt = replace(panel, offences=xr.where(later, 7, panel.offences).transpose(*panel.offences.dims).astype("int32"))
honest, blind = (next(WeekendNights().factors_at(each, [origin])) for each in (panel, spoilt))
xr.testing.assert_equal(honest.trend, blind.trend)
xr.testing.assert_equal(honest.level, blind.level)

# %% [markdown]
# ## Choose its parameter
#
# On origins before the year that is judged, as in notebook 3. Much doubt makes the feature say nothing: where that is
# as good as the rest, the feature is worth little.

# %%
before = panel.as_known_at(origin)
found = wardcast.search(WeekendNights(), {"doubt": [0.01, 0.1, 1, 100]}, before)
found.round(5)

# %% [markdown]
# ## Judge it beside the recipe beneath
#
# Both become runs in MLflow, judged on the same year from the same data.

# %%
chosen = float(found["doubt"].iloc[0])
mine = wardcast.track(WeekendNights(doubt=chosen), tables)
theirs = wardcast.track("three-speed", tables)

# %%
mlflow.set_tracking_uri(f"sqlite:///{Path('mlruns/mlflow.db').resolve()}")
runs = mlflow.search_runs(experiment_names=["wardcast"]).drop_duplicates("params.model").set_index("params.model")
metrics = [name for name in runs.columns if name.startswith("metrics.wis")]
side_by_side = runs.loc[["weekend-nights", "three-speed"], metrics].T.astype(float)
side_by_side.rename(index=lambda name: name.removeprefix("metrics.")).round(4)

# %%
compared = wardcast.compare(mine.scores, theirs.scores)
wardcast.charts.gain_chart(
    compared,
    title="Weekend nights: what the feature adds",
    source=f"Source: {tables.force.name}, the last year as forecast a year before.",
    simulated=tables.force.simulated,
)

# %%
compared[["area_level", "crime_level", "gain", "gain_low", "gain_high", "verdict"]].round(4)

# %% [markdown]
# "Undecided" at most levels: offences hardly follow the number of weekends, and the feature is not worth keeping. Most
# ideas end like this, and the table is there to say so. One year of two boroughs also decides little: judge on more
# years (`judged_origins=3`) and on the whole force before believing a gain, and settle a model's own numbers on years
# that are not judged on.
#
# ## Keep it
#
# 1. Put the class into a module of its own in `models/`, where `wardcast.Model` is `models.recipes.model.Model` and
#    `wardcast.Panel` is `features.panel.Panel`, and the recipe beneath is `models.recipes.three_speed.ThreeSpeed()`
#    (`models/recipes/baselines.py` shows the imports, and how parameters get limits and a meaning), and a line for it
#    into `models/recipes/catalogue.py`. The tests of leakage then cover it by themselves:
#    `.venv/bin/python -m pytest tests/models/recipes/test_leakage.py -k weekend-nights`.
# 2. `wardcast train --model weekend-nights` judges it against the champion, and promotes it if its gain is beyond
# chance.
#
# A model that stays in a notebook can still publish: `wardcast.publish(tables, mine)`. The schedule, which fits a
# recipe anew each month, knows only those of `models/recipes/catalogue.py`.

# %%
print(f"Version {mine.version} of run {mine.run_id}")

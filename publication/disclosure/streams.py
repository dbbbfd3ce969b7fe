"""Disclosure control of streams: what of each an open release may tell, as the stream itself declares.

Walk in: the tables of streams. Walk out: the same without what may not be told. Nothing finer than a stream's
`finest_open_level` is told. Of a sensitive stream that no publisher has released, recorded numbers are told of the
whole force alone, and those under `smallest` are left out: no single area is told, so none can be found by taking
others off.
"""

from __future__ import annotations

import pandas as pd

from models.forecast.vocabulary import LEVELS

BEFORE = ["year_before", "chance_of_rise"]  # tell what was recorded


def open_forecast(forecast: pd.DataFrame, streams: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a stream's forecast that an open release may tell."""
    if forecast.empty:
        return forecast
    finest = streams.set_index("stream")["finest_open_level"].map(LEVELS.index)
    level = forecast["area_level"].astype(str).map(LEVELS.index)
    told = forecast[level.to_numpy() >= forecast["stream"].map(finest).to_numpy()].copy()
    told.loc[told["stream"].isin(guarded(streams)), BEFORE] = float("nan")
    return told.reset_index(drop=True)


def open_values(values: pd.DataFrame, streams: pd.DataFrame, areas: pd.DataFrame, smallest: int) -> pd.DataFrame:
    """Return the recorded values that an open release may tell, summed to the finest level that is open.

    values : contract STREAM_VALUES. Values under codes of coarser areas, of no known finer one, stay as they are.
    """
    if values.empty:
        return values
    hidden, parts = guarded(streams), []
    for row in streams.itertuples():
        own = values[values["stream"] == row.stream]
        level = "force" if row.stream in hidden else _coarser(str(row.area_level), str(row.finest_open_level))
        if level != row.area_level and row.area_level != "own":
            own = _summed(own, str(row.area_level), level, areas)
        elif row.area_level == "own" and row.stream in hidden:
            own = own.iloc[:0]
        if row.stream in hidden:
            own = own[own["value"] >= smallest]
        parts.append(own)
    return pd.concat(parts, ignore_index=True)


def guarded(streams: pd.DataFrame) -> set[str]:
    """Return the streams that are sensitive and that no publisher has released."""
    return set(streams.loc[streams["sensitive"] & ~streams["openly_published"], "stream"])


def _coarser(one: str, other: str) -> str:
    return other if one == "own" else max(one, other, key=LEVELS.index)


def _summed(values: pd.DataFrame, level: str, to: str, areas: pd.DataFrame) -> pd.DataFrame:
    """Return values by the areas of a coarser level that hold those of a finer one."""
    pairs = [areas[[f"{each}_code", f"{to}_code"]].set_axis(["code", "above"], axis=1) for each in _from(level, to)]
    above = pd.concat(pairs).drop_duplicates("code").set_index("code")["above"]
    code = values["area_code"].map(above).fillna(values["area_code"])
    keys = ["stream", "area_code", "series", "start"]
    return values.assign(area_code=code).groupby(keys, observed=True)["value"].sum().reset_index()


def _from(level: str, to: str) -> tuple[str, ...]:
    return LEVELS[LEVELS.index(level) : LEVELS.index(to)]

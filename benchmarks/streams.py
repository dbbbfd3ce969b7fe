"""Streams judged on real data: London's by month, Chicago's by week, beside baselines and peers.

    .venv/bin/python benchmarks/streams.py months DATA --peers PYTHON
    .venv/bin/python benchmarks/streams.py weeks DATA --peers PYTHON

PYTHON is that of the peers' environment, which `benchmarks/leaderboard/run` builds. Origins of months lie six apart, of
knife crime three, from the first that can be judged, those of a disruption left out; of weeks thirteen apart, 2014 to
2019 (speeds were chosen on 2012 and 2013), and for the short history every four in 2022.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from features.breaks import load_breaks, months_of
from features.streams.panel import stream_panel
from features.streams.weeks import WeekPanel, week_panel
from models.forecast.vocabulary import QUANTILES
from models.scoring.bootstrap import gain_interval
from models.scoring.metrics import weighted_interval_score
from models.streams.backtest import backtest_stream
from models.streams.weeks_backtest import backtest_weeks
from sources.read_force import read_force
from sources.streams.entries import StreamEntry
from sources.streams.read_streams import read_stream
from sources.streams.tables import stream_named

STREAMS = ("violence_against_women", "knife_crime", "minutes_taken_from_wards", "minutes_on_wards")
FIRST_MONTHS = {"knife_crime": 24}
SPACING = {"knife_crime": 3}
LEVELS = list(QUANTILES.values())
TEN_YEARS = ("chicago_assaults", "chicago_aggravated_assault_daily_by_district.csv.gz")
OURS = {"months": "three-speed", "weeks": "weekly-path"}


def months(data: Path, peers: str | None, only: list[str]) -> pd.DataFrame:
    tables = read_force(data)
    parts = []
    for name in only or STREAMS:
        panel = stream_panel(stream_named(tables.streams, tables.stream_values, name), tables)
        unusual = months_of(load_breaks(force_code=tables.force.code), "disruption", panel.months).to_numpy()
        first, step = FIRST_MONTHS.get(name, 36), SPACING.get(name, 6)
        chosen = [
            panel.months[place] for place in range(len(panel.months) - 4, first - 1, -step) if not unusual[place]
        ][::-1]
        began = time.time()
        cells = backtest_stream(panel, chosen, 12)
        cells = cells[~cells["series"].isin(panel.about.within)]
        print(f"{name}: {len(chosen)} origins, {time.time() - began:.0f} s of three models")
        if peers:
            cells = pd.concat([cells, _peers_of(cells, peers, season=12, horizon=12, history=_history(panel, cells))])
        parts.append(cells)
    return pd.concat(parts, ignore_index=True)


def weeks(data: Path, peers: str | None, only: list[str], spacing: int) -> pd.DataFrame:
    parts = []
    for name, file, first, last, step in (
        (
            "chicago_assaults",
            "chicago_aggravated_assault_daily_by_district.csv.gz",
            "2014-01-01",
            "2019-12-31",
            spacing,
        ),
        ("chicago_2022", "chicago_2022_daily_counts_by_area_type.csv.gz", "2022-07-01", "2022-10-31", 4),
    ):
        if only and name not in only:
            continue
        panel = _chicago(data / "planning" / file, name)
        horizon = 13 if name == "chicago_assaults" else 4
        origins = [
            place
            for place in range(len(panel.weeks) - horizon - 1, 26, -step)
            if pd.Timestamp(first) <= panel.weeks[place] <= pd.Timestamp(last)
        ][::-1]
        began = time.time()
        cells = backtest_weeks(panel, origins, horizon).rename(columns={"area": "area_code", "week": "month"})
        print(f"{name}: {len(origins)} origins, {time.time() - began:.0f} s of three models")
        cells = cells.assign(stream=name)
        if peers:
            history = _week_history(panel)
            cells = pd.concat(
                [cells, _peers_of(cells, peers, season=52, horizon=horizon, history=history, freq="W-MON")]
            )
        parts.append(cells)
    return pd.concat(parts, ignore_index=True)


def _chicago(file: Path, name: str) -> WeekPanel:
    entry = StreamEntry(
        name=name, title=name, category="public", unit="offences", kind="count", areas="own", period="day",
        layout="chicago_days", file=file.name, publisher="City of Chicago", licence="Terms of use",
        finest_open_level="ward", sensitive=False,
    )  # fmt: skip
    days = read_stream(file, entry)[0].table
    # The last weeks of 2022 are still filling up.
    return week_panel(days[days["start"] < "2022-11-07"], country=("US", "IL"))


def _history(panel: object, cells: pd.DataFrame) -> pd.DataFrame:
    """Return monthly sums by level, area and series: area_level, area_code, series, ds, y."""
    values = panel.panel.offences.to_series().dropna().rename("y").reset_index()  # type: ignore[attr-defined]
    values = values.rename(columns={"ward": "area_code", "crime_type": "series", "month": "ds"})
    if panel.panel.offences.sizes["crime_type"] > 1:  # type: ignore[attr-defined]
        values = values.groupby(["area_code", "ds"], as_index=False)["y"].sum().assign(series="all")
    nowhere = panel.panel.unlocated.sum(("area", "crime_type")).to_series().rename("more")  # type: ignore[attr-defined]
    own = values.assign(area_level=panel.about.areas)  # type: ignore[attr-defined]
    total = values.groupby(["series", "ds"], as_index=False)["y"].sum()
    total["y"] += total["ds"].map(nowhere).fillna(0)
    force = cells.loc[cells["area_level"] == "force", "area_code"].iloc[0]
    return pd.concat([own, total.assign(area_level="force", area_code=force)], ignore_index=True)


def _week_history(panel: WeekPanel) -> pd.DataFrame:
    counts = panel.recorded()
    rows = []
    names = [str(kind) for kind in panel.types]
    for level, codes, values in (("area", panel.areas, counts), ("force", ["all"], counts.sum(axis=0, keepdims=True))):
        for place, code in enumerate(codes):
            for kind, name in enumerate(names):
                rows.append(_one_series(panel.weeks, values[place, kind], level, code, name))
            if len(names) > 1:
                rows.append(_one_series(panel.weeks, values[place].sum(axis=0), level, code, "all"))
    return pd.concat(rows, ignore_index=True)


def _one_series(when: pd.DatetimeIndex, values: np.ndarray, level: str, code: str, series: str) -> pd.DataFrame:
    return pd.DataFrame({"ds": when, "y": values, "area_level": level, "area_code": code, "series": series})


def _peers_of(
    cells: pd.DataFrame, peers: str, *, season: int, horizon: int, history: pd.DataFrame, freq: str = "MS"
) -> pd.DataFrame:
    """Return the peers' cells, of single months or weeks, beside ours."""
    history = history.assign(unique_id=history["area_level"] + "|" + history["area_code"] + "|" + history["series"])
    cuts = [history[history["ds"] <= origin].assign(cut=origin) for origin in cells["origin"].unique()]
    with tempfile.TemporaryDirectory() as name:
        series, out = Path(name) / "series.parquet", Path(name) / "out.parquet"
        pd.concat(cuts)[["cut", "unique_id", "ds", "y"]].to_parquet(series, index=False)
        command = [peers, str(Path(__file__).with_name("streams_peers.py")), str(series), str(out)]
        subprocess.run([*command, "--season", str(season), "--horizon", str(horizon), "--freq", freq], check=True)
        made = pd.read_parquet(out)
    made[["area_level", "area_code", "series"]] = made["unique_id"].str.split("|", expand=True).to_numpy()
    made = made.rename(columns={"cut": "origin", "ds": "month", "peer": "model"})
    single = cells[(cells["model"] == cells["model"].iloc[0]) & cells["period"].isin(["month", "week"])]
    keys = ["origin", "month", "area_level", "area_code", "series"]
    for column in ("origin", "month"):
        made[column] = made[column].astype("datetime64[us]")
        single = single.assign(**{column: single[column].astype("datetime64[us]")})
    both = single[[*keys, "stream", "period", "recorded"]].merge(made, on=keys)
    actual, quantiles = both["recorded"].to_numpy(), both[list(QUANTILES)].to_numpy()
    inside = (both["q10"] <= both["recorded"]) & (both["recorded"] <= both["q90"])
    return both.assign(wis=weighted_interval_score(actual, quantiles, LEVELS), covered=inside.astype(float))


def told(cells: pd.DataFrame, ours: str) -> pd.DataFrame:
    """Return scores by stream, level and model, with the gain of ours over each and its interval."""
    generator = np.random.default_rng(1)
    rows = []
    keys = ["stream", "area_level", "series", "period"]
    for key, group in cells.groupby(keys, sort=False):
        cell = ["origin", "month", "area_code"]
        own = group[group["model"] == ours].set_index(cell)
        for model, other in group.groupby("model", sort=False):
            other = other.set_index(cell)
            same = own.index.intersection(other.index)
            mine, theirs = own.loc[same], other.loc[same]
            by_month = [part.groupby("month")["wis"].sum().to_numpy() for part in (mine, theirs)]
            low, high = gain_interval(*by_month, generator) if model != ours and len(by_month[0]) > 1 else (np.nan,) * 2
            came = theirs["recorded"].sum()
            rows.append(
                {
                    **dict(zip(keys, key, strict=True)),
                    "model": model,
                    "origins": other.index.get_level_values("origin").nunique(),
                    "wape": (theirs["mean"] - theirs["recorded"]).abs().sum() / came,
                    "wis": theirs["wis"].sum() / came,
                    "cover_80": theirs["covered"].mean(),
                    "gain_of_ours": 1 - mine["wis"].sum() / theirs["wis"].sum() if model != ours else np.nan,
                    "low": low,
                    "high": high,
                }
            )
    return pd.DataFrame(rows)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("what", choices=["months", "weeks"])
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--peers", help="Python of the peers' environment")
    arguments.add_argument("--only", nargs="*", default=[], help="streams to judge")
    arguments.add_argument("--spacing", type=int, default=13, help="weeks between origins of Chicago's ten years")
    arguments.add_argument("--out", type=Path, help="Parquet file for every cell")
    asked = arguments.parse_args()
    if asked.what == "months":
        cells = months(asked.data, asked.peers, asked.only)
    else:
        cells = weeks(asked.data, asked.peers, asked.only, asked.spacing)
    if asked.out:
        cells.to_parquet(asked.out, index=False)
    table = told(
        cells[cells["series"].isin(["all", "Knife Crime"]) | (cells["stream"] == "chicago_2022")], OURS[asked.what]
    )
    if asked.what == "weeks":
        table = table[table["series"] == "all"]
    print(table.round(3).to_string(index=False))


if __name__ == "__main__":
    main()

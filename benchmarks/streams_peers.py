"""Peers of streams, run in the peers' own environment: AutoETS and MSTL with their native intervals.

    PEERS_PYTHON benchmarks/streams_peers.py SERIES.parquet OUT.parquet --season 12 --horizon 12

SERIES: columns cut (which origin), unique_id, ds, y, up to the origin. OUT: cut, unique_id, ds, peer, mean and the nine
quantiles, none below zero.
"""

from __future__ import annotations

import argparse

import pandas as pd
from statsforecast import StatsForecast
from statsforecast.models import MSTL, AutoETS

LEVELS = {95: ("q025", "q975"), 90: ("q05", "q95"), 80: ("q10", "q90"), 50: ("q25", "q75")}
LONGEST_ETS_SEASON = 24


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("series")
    arguments.add_argument("out")
    arguments.add_argument("--season", type=int, required=True)
    arguments.add_argument("--horizon", type=int, required=True)
    arguments.add_argument("--freq", default="MS")
    asked = arguments.parse_args()
    series = pd.read_parquet(asked.series)
    parts = []
    for cut, known in series.groupby("cut"):
        season = asked.season if asked.season <= LONGEST_ETS_SEASON else 1
        peers = [AutoETS(season_length=season, alias="AutoETS")]
        if known.groupby("unique_id").size().min() > 2 * asked.season:
            peers.append(MSTL(season_length=asked.season, trend_forecaster=AutoETS(model="ZZN"), alias="MSTL"))
        made = StatsForecast(models=peers, freq=asked.freq, n_jobs=1).forecast(
            df=known[["unique_id", "ds", "y"]], h=asked.horizon, level=list(LEVELS)
        )
        parts += [_of(made, str(peer)).assign(cut=cut) for peer in peers]
    pd.concat(parts, ignore_index=True).to_parquet(asked.out, index=False)


def _of(made: pd.DataFrame, peer: str) -> pd.DataFrame:
    columns = {"mean": made[peer], "q50": made[peer]}
    for level, (low, high) in LEVELS.items():
        columns |= {low: made[f"{peer}-lo-{level}"], high: made[f"{peer}-hi-{level}"]}
    return pd.concat([made[["unique_id", "ds"]], pd.DataFrame(columns).clip(lower=0)], axis=1).assign(peer=peer)


if __name__ == "__main__":
    main()

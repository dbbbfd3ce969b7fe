"""Judgements made in hindsight, scored as those of a plan are, on what a forecast of their month said.

.venv/bin/wardcast backtest --data DATA --origin 2020-02 --origin 2024-01 --horizon 14 --out back.parquet
.venv/bin/python benchmarks/judgements_in_hindsight.py back.parquet --data DATA
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from models.forecast.vocabulary import QUANTILES
from pipelines.workbench.judgements import recorded_of
from planning.demand.judgement import begun_of
from planning.demand.judgement_scores import by_kind, scored, table_of
from planning.folder.entries import Judgement
from planning.folder.toml_file import entries
from planning.folder.vocabulary import ALL
from sources.read_force import read_force

EXAMPLES = Path(__file__).parents[1] / "docs/examples/hindsight/judgements.toml"


def main() -> None:
    """Print scores without and with each judgement, over the months that the forecast has."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("forecasts", type=Path)
    asked.add_argument("--data", type=Path, required=True)
    given = asked.parse_args()
    tables = read_force(given.data)
    told = pd.read_parquet(given.forecasts, filters=[("area_level", "==", "force"), ("period", "==", "month")])
    rows = []
    for one in entries(EXAMPLES, "judgement", Judgement):
        level = "all" if one.crime == ALL else "minor"
        said = told[(told["crime_level"] == level) & (told["measure"] == "located")]
        said = said[(level == "all") | (said["crime_type"] == one.crime)]
        said = said[said["origin"] == pd.Timestamp(f"{one.base_release}-01")].sort_values("month")
        begun = begun_of(one, pd.DatetimeIndex(said["month"]))
        said, begun = said[begun > 0], begun[begun > 0]
        recorded = recorded_of(tables, one).reindex(said["month"]).fillna(0).to_numpy(float)
        quantiles = said[list(QUANTILES)].to_numpy(float)
        rows.append(scored(one, np.array(list(QUANTILES.values())), quantiles, begun, recorded, seed=1))
    scores = table_of(rows)
    print(scores.round(3).to_string(index=False))
    print(by_kind(scores).round(3).to_string(index=False))


if __name__ == "__main__":
    main()

"""Replay of the monitor: what it would have said of past months, had a forecast been published every month.

    wardcast backtest --data DATA --origin 2017-12 --origin 2018-01 ... --origin 2025-02 --horizon 1 \\
        --out months.parquet
    python benchmarks/watch.py months.parquet --data DATA

Each month is held against the forecast made the month before. Prints the alarms by month as the table of
docs/monitoring.md, those of a known disruption together, with the spread and the persistence of surprises. Forecasts of
other origins and horizons are taken as they come: the newest made before a month is the one that it meets.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from features.arrivals import lost_locations, silent_wards
from features.breaks import load_breaks, months_of
from models.draws.all_recorded import parts_that_add_up
from models.scoring.control_charts import CELL, surprises
from pipelines.steps.watching import forecast_alerts, recorded_cells
from sources.read_force import read_force

SHOWN = 3  # alarms of a month spelled out


def main() -> None:
    """Print the table of alarms and how usual a month without any is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("forecasts", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    given = parser.parse_args()
    tables = read_force(given.data)
    table = parts_that_add_up(pd.read_parquet(given.forecasts))
    watched = (table["area_level"] == "force") | ((table["area_level"] == "borough") & (table["crime_level"] == "all"))
    table = table[watched & (table["period"] == "month")]
    alerts = pd.concat(
        [
            forecast_alerts(table, tables),
            lost_locations(tables.offences, tables.unlocated_offences, tables.areas),
            silent_wards(tables.offences, tables.areas),
        ]
    )
    months = pd.DatetimeIndex(sorted(set(table["month"]) & set(tables.offences["month"])))
    alerts = alerts[alerts["month"].isin(months)]
    z = surprises(table, recorded_cells(tables))
    disrupted = set(months[months_of(load_breaks(), "disruption", months)])
    ordinary_z = z[~z["month"].isin(disrupted)].set_index([*CELL, "month"])["z"].unstack()
    later, earlier = ordinary_z.iloc[:, 1:].to_numpy().ravel(), ordinary_z.iloc[:, :-1].to_numpy().ravel()
    both = np.isfinite(later) & np.isfinite(earlier)
    print(
        f"{len(months)} months, {len(ordinary_z)} series; in ordinary months the surprises' standard deviation is "
        f"{np.nanstd(ordinary_z):.2f} and their autocorrelation {np.corrcoef(later[both], earlier[both])[0, 1]:.2f}\n"
    )
    print("| month | alarms | what |\n|---|---:|---|")
    for month, part in alerts[~alerts["month"].isin(disrupted)].groupby("month"):
        said = (part["kind"] + ", " + part["area_name"] + ": " + part["said"]).tolist()
        more = f"; and {len(said) - SHOWN} more" if len(said) > SHOWN else ""
        print(f"| {month:%Y-%m} | {len(part)} | {'; '.join(said[:SHOWN])}{more} |")
    during = alerts["month"].isin(disrupted)
    by_month = alerts[during].groupby("month").size()
    counts = ", ".join(f"{month:%Y-%m} {count}" for month, count in by_month.items())
    print(f"| the pandemic | {during.sum()} | {counts} |")
    ordinary = months[~months.isin(disrupted)]
    quiet = len(ordinary) - alerts.loc[~during, "month"].nunique()
    print(f"\nOrdinary months without an alarm: {quiet} of {len(ordinary)}")


if __name__ == "__main__":
    main()

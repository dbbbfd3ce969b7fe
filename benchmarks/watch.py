"""Replay of the monitor: what it would have said of past months, had every quarter's forecast been published.

    wardcast backtest --data DATA --origin 2017-12 --origin 2018-03 ... --origin 2024-12 --horizon 3 \\
        --out quarters.parquet
    python benchmarks/watch.py quarters.parquet --data DATA

Prints the alarms by month as the table of docs/monitoring.md, those of a known disruption together. Forecasts are up to
three months old when they meet their month, as between quarterly releases; monthly releases meet theirs a month later.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from features.arrivals import lost_locations, silent_wards
from features.breaks import load_breaks, months_of
from models.watch import CELL, surprises
from pipelines.monitor import forecast_alerts, recorded_cells
from sources.force import read_force

SHOWN = 3  # alarms of a month spelled out


def main() -> None:
    """Print the table of alarms and how usual a month without any is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("forecasts", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    given = parser.parse_args()
    tables = read_force(given.data)
    table = pd.read_parquet(given.forecasts)
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
    print(f"{len(months)} months, {len(z[CELL].drop_duplicates())} series, sd of z {z['z'].std():.2f}\n")
    disrupted = set(months[months_of(load_breaks(), "disruption", months)])
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

"""Yearly sums one to four years ahead over all usable origins, centred, covered, sharp; and months of the first year.

    .venv/bin/python benchmarks/far_years/run.py ../shared/data

By default boroughs and above, at origins three months apart, with wards taken together before anything is learnt: a
few seconds an origin. `--wards` judges wards too, at origins a year apart. What an origin gave is kept by data and
code in `cache/far_years`; `--out` keeps all cells in one file, and `--against` holds them against such a file.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd
from cells import of_boroughs, usable_origins
from kept import kept_cells
from tables import BY, BY_MONTH, RATIOS, gains, of_months, of_years, table

from features.panel import build_panel
from models.recipes.catalogue import model_named
from sources.read_force import read_force

SPACING, SPACING_OF_WARDS = 3, 12  # months


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--wards", action="store_true", help="judge wards too, at origins a year apart")
    parser.add_argument("--model", help="a recipe; by default boosted for wards, three-speed above")
    parser.add_argument("--spacing", type=int, help="months between origins")
    parser.add_argument("--draws", type=int, default=400)
    parser.add_argument("--cache", type=Path, default=Path("cache/far_years"))
    parser.add_argument("--out", type=Path, help="a Parquet file for all cells")
    parser.add_argument("--against", type=Path, help="cells that an earlier run kept")
    arguments = parser.parse_args()
    panel = build_panel(read_force(arguments.data.resolve()))
    panel = panel if arguments.wards else of_boroughs(panel)
    model = model_named(arguments.model or ("boosted" if arguments.wards else "three-speed"))
    spacing = arguments.spacing or (SPACING_OF_WARDS if arguments.wards else SPACING)
    origins = usable_origins(panel, spacing)
    cells = pd.concat([kept_cells(panel, model, one, arguments.draws, arguments.cache) for one in origins])
    if not arguments.wards:
        cells = cells[cells["area_level"] != "ward"]
    if arguments.out:
        cells.to_parquet(arguments.out, index=False)
    with pd.option_context("display.width", 250, "display.max_columns", 40, "display.max_rows", 400):
        print(f"{model.name}, {len(origins)} origins from {origins[0]:%Y-%m} to {origins[-1]:%Y-%m}\n")
        print_tables(cells, pd.read_parquet(arguments.against) if arguments.against else None)


def print_tables(cells: pd.DataFrame, before: pd.DataFrame | None) -> None:
    """Print years, years by era, months of the calendar, and what each gained over the cells of an earlier run."""
    years, months = of_years(cells), of_months(cells)
    print(table(years).round(3).to_string(index=False))
    by_era = table(years, (*BY, "era"))
    print("\n" + by_era[[*BY, "era", "origins", *RATIOS]].round(3).to_string(index=False))
    by_month = table(months, BY_MONTH)
    print("\nMonths of the first year\n")
    print(by_month[[*BY_MONTH, "origins", *RATIOS]].round(4).to_string(index=False))
    if before is not None:
        for now, then, by in ((years, of_years(before), BY), (months, of_months(before), BY_MONTH)):
            if len(then):
                print("\nWIS below the earlier run's\n" + gains(now, then, by).round(3).to_string(index=False))


if __name__ == "__main__":
    main()

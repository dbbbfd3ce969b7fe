"""The files of a plan: its tables and its page, in a release or in a folder of their own.

Walks in: a plan's tables and what is said of it. Walk out: `work.parquet`, CSV files of the other tables, `index.html`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from planning.make import PlanResult
from publication.plan.page import write_plan_page
from publication.plan.places import write_place_pictures
from publication.release.contents import Contents
from publication.tables.forecast_files import marked, sorted_categories, write_csv

FOLDER = "plan"  # within a release
LARGE = ("work", "work_by_age")  # tables kept as Parquet
DECIMALS = 4
DATES = ("year", "month", "early", "median", "late", "until", "first_month", "review_on")


def write_plan(folder: Path, contents: Contents) -> None:
    """Write the default plan into a release's folder, where there is one."""
    if contents.plan is not None:
        (folder / FOLDER).mkdir()
        write_plan_files(folder / FOLDER, contents.plan.tables, mark=contents.facts.mark)
        write_place_pictures(
            folder / FOLDER, contents.plan.tables, contents.geography.borough_boundaries, contents.facts.force
        )
        write_plan_page(folder / FOLDER / "index.html", contents.plan, contents, root="../")


def write_plan_files(folder: Path, tables: Mapping[str, pd.DataFrame], *, mark: str = "") -> None:
    """Write the tables of a plan, those that have rows or columns to show."""
    for name, table in tables.items():
        settled = settled_types(table)
        if name in LARGE:
            texts = settled.select_dtypes(exclude=["number", "datetime"]).columns
            typed = settled.assign(**{column: sorted_categories(settled[column]) for column in texts})
            pq.write_table(marked(typed, mark), folder / f"{name}.parquet", compression="zstd", compression_level=9)
        elif len(settled):
            write_csv(folder / f"{name}.csv", settled)


def settled_types(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with numbers rounded and months as dates, so that a plan made twice has the same files."""
    numbers = dict.fromkeys(table.select_dtypes("float").columns, DECIMALS)
    dates = dict.fromkeys(table.select_dtypes("datetime").columns, "datetime64[us]")
    return table.round(numbers).astype(dates)


def read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the tables of a plan's folder by name."""
    found = {
        file.stem: pd.read_csv(file, keep_default_na=False, na_values=[""]) for file in sorted(folder.glob("*.csv"))
    }
    for file in sorted(folder.glob("*.parquet")):
        table = pd.read_parquet(file)
        found[file.stem] = table.astype(dict.fromkeys(table.select_dtypes("category").columns, str))
    dated = {name: [column for column in DATES if column in table] for name, table in found.items()}
    return {
        name: table.assign(**{column: pd.to_datetime(table[column]) for column in dated[name] if name != "assumptions"})
        for name, table in found.items()
    }


def keep_result(folder: Path, result: PlanResult) -> None:
    """Keep a plan's result between two steps of a job."""
    folder.mkdir(exist_ok=True)
    for name, table in result.tables.items():
        table.to_parquet(folder / f"{name}.parquet", index=False)
    pq.write_table(
        pa.table({"note": list(result.notes)}, schema=pa.schema([("note", pa.string())])), folder / "notes.pq"
    )


def kept_result(folder: Path) -> PlanResult | None:
    """Return the result that `keep_result` kept; None where there is none."""
    if not (folder / "notes.pq").is_file():
        return None
    tables = {file.stem: pd.read_parquet(file) for file in sorted(folder.glob("*.parquet"))}
    return PlanResult(tables, tuple(pq.read_table(folder / "notes.pq")["note"].to_pylist()), {})

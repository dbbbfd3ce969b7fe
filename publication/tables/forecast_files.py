"""The forecast as files: one Parquet file with every row, and CSV files by borough for reading.

Walks in: a table of the design's `forecast` columns. Walks out: `forecast.parquet` and its like, and

    csv/<borough code>-<name>.csv   the borough, its wards, and its offences with no known ward
    csv/force.csv                   the force, its BCUs, and offences with neither ward nor borough

Both hold the same numbers: means to six decimals, so that a total of n parts agrees with them to within
(n + 1) x 0.0000005. The CSV files leave out months after the first twelve.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from models.forecast.table import NOT_NEGATIVE, broken
from models.forecast.vocabulary import QUANTILES
from publication.release.manifest import ReleaseError

TEXTS = [
    "scenario",
    "age_basis",
    "age_group",
    "crime_level",
    "crime_type",
    "period",
    "measure",
    "area_level",
    "area_code",
    "area_name",
]
FORECAST_COLUMNS = ["origin", *TEXTS, "month", "mean", *QUANTILES]
SORTED_BY = [*TEXTS[:-1], "month"]
MARKER = "marker"

DECIMALS = 6
CSV_MONTHS = 12
FEWEST_ROWS = 2**14  # of a row group, so that small ones do not swell a file


def in_order(forecast: pd.DataFrame, *, changes: bool = False) -> pd.DataFrame:
    """Return a forecast in the published order and types: texts as sorted categories, means to six decimals.

    A table with a column `marker` keeps it, and rows with a marker may lack their mean and quantiles. `changes` allows
    numbers below 0, as differences between scenarios have.

    Raises
    ------
    ReleaseError
        When a column is missing or unknown, a row has a gap, a mean is negative, or a quantile is not whole.
    """
    columns = FORECAST_COLUMNS + [MARKER] * (MARKER in forecast)
    if set(forecast.columns) != set(columns):
        differing = sorted(map(str, set(forecast.columns) ^ set(columns)))
        raise unfit(f"its columns are not those of a forecast ({', '.join(differing)})")
    ordered = forecast[columns]
    marked = ordered[MARKER].to_numpy() != "" if MARKER in ordered else np.zeros(len(ordered), dtype=bool)
    told = ordered.loc[~marked, FORECAST_COLUMNS]
    for column, problem, _ in broken(told):
        if not (changes and problem == NOT_NEGATIVE):
            raise unfit(f"{column} {problem}".strip())
    if parts := [name for name in QUANTILES if (ordered[name].dropna() % 1 != 0).any()]:
        raise unfit(f"{', '.join(parts)} is not whole: quantiles are those of whole draws")
    whole = "Int32" if MARKER in ordered else "int32"
    types = dict.fromkeys(QUANTILES, whole) | {"origin": "datetime64[us]", "month": "datetime64[us]"}
    ordered = ordered.astype(types).assign(mean=ordered["mean"].astype("float64").round(DECIMALS) + 0.0)
    for name in TEXTS + [MARKER] * (MARKER in ordered):
        ordered[name] = sorted_categories(ordered[name])
    return ordered.take(_order(ordered)).reset_index(drop=True)


def write_forecast(path: Path, forecast: pd.DataFrame, *, mark: str = "") -> None:
    """Write an ordered forecast as Parquet: zstd, texts as dictionaries; `mark` as in `marked`."""
    write_by_crime_type(
        path,
        marked(forecast, mark),
        use_dictionary=[name for name in forecast if name != "mean"],
        column_encoding={"mean": "BYTE_STREAM_SPLIT"},
    )


def write_by_crime_type(path: Path, table: pa.Table, **options: Any) -> None:
    """Write a table ordered by crime type as Parquet, zstd: a row group ends where a crime type does.

    table : with a dictionary column `crime_type`. options : those of pyarrow's ParquetWriter. So a reader of one crime
    type reads its rows alone. Short runs of rows share a group (decision 0011).
    """
    names = table["crime_type"].combine_chunks()
    starts = [0]
    for change in np.flatnonzero(np.diff(names.indices.to_numpy())) + 1:
        if change - starts[-1] >= FEWEST_ROWS:
            starts.append(int(change))
    with pq.ParquetWriter(path, table.schema, compression="zstd", compression_level=9, **options) as writer:
        for first, last in pairwise([*starts, max(len(table), 1)]):
            writer.write_table(table.slice(first, last - first), row_group_size=last - first)


def marked(table: pd.DataFrame, mark: str) -> pa.Table:
    """Return a table for Parquet, with a mark such as `-SIMULATED` in its metadata, for files get copied alone."""
    arrow = pa.Table.from_pandas(table, preserve_index=False)
    return arrow.replace_schema_metadata({"wardcast": mark.strip("-")} if mark else None)


def write_forecast_csvs(folder: Path, forecast: pd.DataFrame, areas: pd.DataFrame, *, mark: str = "") -> None:
    """Write an ordered forecast's years and first year's months: a file a borough and one for the force.

    mark : what the names of the files end in, such as `-SIMULATED`.
    """
    folder.mkdir()
    beyond = forecast["origin"] + pd.DateOffset(months=CSV_MONTHS + 1)
    shown = forecast[(forecast["period"] == "year") | (forecast["month"] < beyond)]
    for stem, rows in shown.groupby(_stem_of_rows(shown, areas), sort=False, observed=True):
        write_csv(folder / f"{stem}{mark}.csv", rows)


def write_csv(path: Path, table: pd.DataFrame) -> None:
    """Write a table as CSV: UTF-8, dates as days, and no text that a spreadsheet would take for a formula."""
    texts = [name for name in table if table[name].dtype.kind not in "biufM"]
    safe = table.assign(**{str(name): table[name].map(no_formula, na_action="ignore") for name in texts})
    safe.to_csv(path, index=False, encoding="utf-8", lineterminator="\n", date_format="%Y-%m-%d")


def no_formula(text: str) -> str:
    """Return the text, with an apostrophe in front if a spreadsheet would run it."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def sorted_categories(column: pd.Series) -> pd.Categorical:
    """Return texts as categories in alphabetical order, those that occur only."""
    codes, values = pd.factorize(column, sort=True)
    # By way of objects: a table without rows would else be written as of no type at all.
    order = pd.Index(values.astype(object), dtype="str")
    return pd.Categorical(order.take(codes), categories=order.sort_values())


def unfit(problem: str) -> ReleaseError:
    """Return the error for a table that no release may hold."""
    return ReleaseError(
        f"The forecast cannot be published: {problem}",
        remedy="This is a fault of the program, not of the disk: report it with the run id.",
    )


def _order(table: pd.DataFrame) -> np.ndarray:
    """Return the positions of rows sorted by SORTED_BY, whose texts are sorted categories."""
    codes = [
        table[name].cat.codes if name != "month" else pd.factorize(table[name], sort=True)[0] for name in SORTED_BY
    ]
    return np.lexsort([np.asarray(code) for code in reversed(codes)])


def _stem_of_rows(forecast: pd.DataFrame, areas: pd.DataFrame) -> pd.Series:
    """Return the name of the CSV file, without its ending, that each row of the forecast belongs to."""
    boroughs = areas.drop_duplicates("borough_code")
    stem_of_borough = {
        code: f"{code}-{slug}" if (slug := slug_of(name)) else code
        for code, name in zip(boroughs["borough_code"], boroughs["borough_name"], strict=True)
    }
    stem_of_ward = dict(zip(areas["ward_code"], areas["borough_code"].map(stem_of_borough), strict=True))
    of_force = dict.fromkeys([*areas["bcu_code"], *areas["force_code"]], "force")
    stems = {
        **{("ward", code): stem for code, stem in stem_of_ward.items()},
        **{("borough", code): stem for code, stem in stem_of_borough.items()},
        **{(level, code): stem for level in ("bcu", "force") for code, stem in of_force.items()},
        **{("unlocated", code): stem for code, stem in (of_force | stem_of_borough).items()},
    }
    places = forecast[["area_level", "area_code"]].drop_duplicates().astype(str)
    keys = list(zip(places["area_level"], places["area_code"], strict=True))
    if strangers := [f"{level} {code}" for level, code in keys if (level, code) not in stems]:
        raise unfit(f"it has areas that are not in the table of areas ({', '.join(strangers[:3])})")
    place = pd.MultiIndex.from_tuples(keys).get_indexer(pd.MultiIndex.from_frame(forecast[["area_level", "area_code"]]))
    return pd.Series(pd.Categorical(np.array([stems[key] for key in keys])[place]), index=forecast.index)


def slug_of(name: str) -> str:
    """Return a name fit for a file: plain letters and digits with hyphens between; may be empty."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:60].strip("-")

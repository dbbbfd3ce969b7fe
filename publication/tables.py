"""The tables of a release: the forecast and the history it grew from, as Parquet and as CSV.

Walks in: the `forecast` table and the canonical tables of the force. Walks out, in a release's folder:

    forecast.parquet              every row; means as computed
    csv/<borough code>-<name>.csv the borough, its wards, and its offences with no known ward
    csv/force.csv                 the force, its BCUs, and offences with neither ward nor borough
    history.parquet               recorded offences by ward, type and month, and those with no known ward
    areas.csv, crime_types.csv    names of codes, and how they nest
    accuracy.csv                  how the method did on the last year, forecast a year before
    editions.csv, quarantine.csv  where editions of the data differ, and what was set aside

Names of the CSV files of a simulated force end in -SIMULATED, for they get copied alone.
Totals of `mean` agree with their parts to within 1e-6 of the total in Parquet. The CSV files are for
reading: they hold the first twelve months and every year, with `mean` rounded to four decimals, so a total
of n parts agrees to within (n + 1) x 0.00005. In CSV a text that a spreadsheet would take for a formula gets
an apostrophe in front.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from publication.manifest import ReleaseError

TEXTS = [
    "scenario",
    "age_basis",
    "age_group",
    "crime_level",
    "crime_type",
    "period",
    "area_level",
    "area_code",
    "area_name",
]
QUANTILES = ["q025", "q05", "q10", "q25", "q50", "q75", "q90", "q95", "q975"]
FORECAST_COLUMNS = ["origin", *TEXTS, "month", "mean", *QUANTILES]
SORTED_BY = [*TEXTS[:-1], "month"]

CSV_MONTHS = 12
CSV_DECIMALS = 4
ROW_GROUP = 2**17  # rows; one crime type of London fills about a quarter


def write_tables(
    folder: Path,
    forecast: pd.DataFrame,
    offences: pd.DataFrame,
    unlocated_offences: pd.DataFrame,
    areas: pd.DataFrame,
    crime_types: pd.DataFrame,
    *,
    simulated: bool = False,
) -> None:
    """Write every table of a release into its folder.

    forecast : the design's `forecast` table, in any order. The others keep the contracts of
    `sources.contracts`.

    Raises
    ------
    ReleaseError
        When the forecast lacks a column, has a gap, a negative mean, a quantile that is not whole, or an area
        not in `areas`.
    """
    ordered = in_order(forecast)
    write_forecast(folder / "forecast.parquet", ordered)
    write_forecast_csvs(folder / "csv", ordered, areas, simulated=simulated)
    write_history(folder / "history.parquet", offences, unlocated_offences, areas)
    _write_csv(folder / "areas.csv", areas)
    _write_csv(folder / "crime_types.csv", crime_types)


def write_quality(folder: Path, accuracy: pd.DataFrame, overlaps: pd.DataFrame, quarantine: pd.DataFrame) -> None:
    """Write what is known of the quality of method and data: accuracy.csv, editions.csv and quarantine.csv.

    accuracy : `models.scores.score_summary`; overlaps and quarantine as in `sources.force.ForceTables`.
    """
    _write_csv(folder / "accuracy.csv", accuracy)
    _write_csv(folder / "editions.csv", overlaps)
    _write_csv(folder / "quarantine.csv", quarantine)


def in_order(forecast: pd.DataFrame) -> pd.DataFrame:
    """Return the forecast in the published order and types, texts as sorted categories."""
    if set(forecast.columns) != set(FORECAST_COLUMNS):
        differing = sorted(set(forecast.columns) ^ set(FORECAST_COLUMNS))
        raise _unfit(f"its columns are not those of a forecast ({', '.join(differing)})")
    ordered = forecast[FORECAST_COLUMNS]
    if gaps := [name for name in FORECAST_COLUMNS if ordered[name].isna().any()]:
        raise _unfit(f"{', '.join(gaps)} has gaps")
    if not ordered["mean"].between(0, np.inf, inclusive="left").all():
        raise _unfit("a mean is not a finite number of 0 or more")
    if broken := [name for name in QUANTILES if (ordered[name] % 1 != 0).any()]:
        raise _unfit(f"{', '.join(broken)} is not whole: quantiles are those of whole draws")
    types = dict.fromkeys(QUANTILES, "int32") | {"origin": "datetime64[us]", "month": "datetime64[us]"}
    ordered = ordered.astype(types | {"mean": "float64"})
    for name in TEXTS:
        ordered[name] = _sorted_categories(ordered[name])
    return ordered.sort_values(SORTED_BY, ignore_index=True)


def write_forecast(path: Path, forecast: pd.DataFrame) -> None:
    """Write the ordered forecast as Parquet: zstd, texts as dictionaries, means in full precision."""
    table = pa.Table.from_pandas(forecast, preserve_index=False)
    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=9,
        row_group_size=ROW_GROUP,
        use_dictionary=[name for name in table.column_names if name != "mean"],
        column_encoding={"mean": "BYTE_STREAM_SPLIT"},
    )


def write_forecast_csvs(folder: Path, forecast: pd.DataFrame, areas: pd.DataFrame, *, simulated: bool) -> None:
    """Write the ordered forecast's years and first year's months: a file a borough and one for the force."""
    folder.mkdir()
    mark = "-SIMULATED" if simulated else ""
    beyond = forecast["origin"] + pd.DateOffset(months=CSV_MONTHS + 1)
    shown = forecast[(forecast["period"] == "year") | (forecast["month"] < beyond)]
    shown = shown.assign(mean=shown["mean"].round(CSV_DECIMALS))
    for stem, rows in shown.groupby(_stem_of_rows(shown, areas), sort=False):
        _write_csv(folder / f"{stem}{mark}.csv", rows)


def write_history(path: Path, offences: pd.DataFrame, unlocated_offences: pd.DataFrame, areas: pd.DataFrame) -> None:
    """Write recorded offences by area, minor type and month as Parquet, zeros included.

    Located offences have every ward, type and month from the first to the last; offences with no known ward
    have every type for each area and month that was published.
    """
    crime_types = pd.Index(np.union1d(offences["crime_type"], unlocated_offences["crime_type"]), name="crime_type")
    months = pd.date_range(offences["month"].min(), offences["month"].max(), freq="MS", unit="us", name="month")
    located = pd.MultiIndex.from_product([sorted(areas["ward_code"]), months], names=["area_code", "month"])
    published = unlocated_offences[["area_code", "month"]].drop_duplicates().sort_values(["area_code", "month"])
    table = pd.concat(
        [
            _dense("unlocated", unlocated_offences, pd.MultiIndex.from_frame(published), crime_types),
            _dense("ward", offences.rename(columns={"ward_code": "area_code"}), located, crime_types),
        ],
        ignore_index=True,
    )
    for name in ("crime_level", "crime_type", "area_level", "area_code"):
        table[name] = _sorted_categories(table[name])
    arrow = pa.Table.from_pandas(table, preserve_index=False)
    pq.write_table(arrow, path, compression="zstd", compression_level=9, row_group_size=ROW_GROUP)


def _dense(level: str, counts: pd.DataFrame, cells: pd.MultiIndex, crime_types: pd.Index) -> pd.DataFrame:
    """Return one row a crime type and cell (area_code, month), zero where `counts` has none."""
    dense = np.zeros((len(crime_types), len(cells)), dtype=np.int32)
    column = cells.get_indexer(pd.MultiIndex.from_frame(counts[["area_code", "month"]]))
    if (column < 0).any():
        stranger = counts["area_code"].to_numpy()[column < 0][0]
        raise _unfit(f"the history has offences of an area that is not in the table of areas ({stranger})")
    dense[crime_types.get_indexer(pd.Index(counts["crime_type"])), column] = counts["count"]
    times = len(crime_types)
    return pd.DataFrame(
        {
            "crime_level": pd.Categorical.from_codes(np.zeros(dense.size, dtype=np.int8), pd.Index(["minor"])),
            "crime_type": pd.Categorical.from_codes(np.repeat(np.arange(times), len(cells)), crime_types),
            "area_level": pd.Categorical.from_codes(np.zeros(dense.size, dtype=np.int8), pd.Index([level])),
            "area_code": pd.Categorical.from_codes(np.tile(cells.codes[0], times), cells.levels[0]),
            "month": np.tile(cells.get_level_values("month").to_numpy(), times),
            "count": dense.ravel(),
        }
    )


def _stem_of_rows(forecast: pd.DataFrame, areas: pd.DataFrame) -> pd.Series:
    """Return the name of the CSV file, without its ending, that each row of the forecast belongs to."""
    boroughs = areas.drop_duplicates("borough_code")
    stem_of_borough = {
        code: f"{code}-{slug}" if (slug := _slug(name)) else code
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
        raise _unfit(f"it has areas that are not in the table of areas ({', '.join(strangers[:3])})")
    place = pd.MultiIndex.from_tuples(keys).get_indexer(pd.MultiIndex.from_frame(forecast[["area_level", "area_code"]]))
    return pd.Series(pd.Categorical(np.array([stems[key] for key in keys])[place]), index=forecast.index)


def _slug(name: str) -> str:
    """Return a name fit for a file: plain letters and digits with hyphens between; may be empty."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:60].strip("-")


def _sorted_categories(column: pd.Series) -> pd.Categorical:
    codes, values = pd.factorize(column, sort=True)
    order = pd.Index(values.astype(str))
    return pd.Categorical(order.take(codes), categories=sorted(order))


def _write_csv(path: Path, table: pd.DataFrame) -> None:
    texts = [name for name in table if table[name].dtype.kind not in "biufM"]
    safe = table.assign(**{str(name): table[name].map(_no_formula) for name in texts})
    safe.to_csv(path, index=False, encoding="utf-8", lineterminator="\n", date_format="%Y-%m-%d")


def _no_formula(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _unfit(problem: str) -> ReleaseError:
    return ReleaseError(
        f"The forecast cannot be published: {problem}",
        remedy="This is a fault of the program, not of the disk: report it with the run id.",
    )

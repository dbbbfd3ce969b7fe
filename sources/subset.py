"""Some boroughs of a force as a data folder of their own, to try things on before they are run on the whole.

Walks in: the data folder of a force whose offences come by ward. Walks out: a smaller one in the same formats, that
every command takes. Rows that name an area left out are left out, all others stay as they are. Offences of which not
even the borough is known are shared out by type, in the proportion of those whose borough is; people whose ages are
counted for the whole force are cut to the boroughs' share of offences.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from sources.catalogue.catalogue import FORCE_ENTRY, check_complete, find, find_one, load_catalogue, read_force_entry
from sources.catalogue.entries import Catalogue, Dataset, ForceEntry
from sources.files.errors import InputError
from sources.files.reading import read_polygons, read_table
from sources.streams.mps import BOROUGH_ROWS

# Snapshots by old wards are compared with the whole history only, and need lookups of the whole force.
# Records of single offences stay where they are. Streams whose rows tell no borough, or whose totals over the whole
# force are compared, cannot be cut.
LEFT_OUT = (
    "ward_2018_crime",
    "ward_2017_best_fit",
    "lsoa_2011_weights",
    "lsoa_2011_population_by_age",
    "incidents",
    "violence_against_women",
    "street_asb_by_old_ward",
    "own_stream_list",
    "own_streams",
)
# Files of the monthly dashboard repeat the offences of boroughs by team, whose boroughs they do not tell.
DASHBOARDS = ("knife_crime", "serious_youth_violence")
# People that publishers count by age for the whole force: the column of the count, and what it is counted by.
OF_THE_FORCE = {
    "arrests": ("arrests", ["financial_year", "offence_group", "age_group"]),
    "vawg_victims": ("count", ["sheet", "age_group", "recorded_date_months"]),
    "custody_disposals": (
        "offence_count",
        ["offence_group", "age_group", "current_disposal_year", "current_disposal_month"],
    ),
}
UNKNOWN = "Unknown"  # the publisher's borough of offences with no known one


def subset(data: Path, boroughs: Sequence[str], out: Path, *, since: str = "") -> Path:
    """Write the data folder of some boroughs, named as the table of areas names them, and return it.

    since : first month of offences to keep, as 2015-04; by default all are.

    Raises
    ------
    InputError
        If the data folder is not whole, has no such borough, or gives offences in street-level files, which come by
        LSOA; if `since` is no month, or later than the last of a file; or if `out` is there already.
    """
    catalogue = load_catalogue()
    check_complete(catalogue, data)
    force = read_force_entry(data, catalogue)
    if out.exists():
        raise InputError("The folder to write is there already", file=out, remedy="Name a new one.")
    left_out = _left_out(data, catalogue, force, boroughs)
    first = _column_of(since)
    share = _share_of_offences(data, catalogue, left_out)
    out.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as name:
        aside = Path(name) / "new"
        for dataset in catalogue.dataset:
            for file in find(dataset, data) if dataset.id not in LEFT_OUT else []:
                target = aside / file.relative_to(data)
                target.parent.mkdir(parents=True, exist_ok=True)
                _copy(dataset, file, target, left_out, share, first)
        (aside / FORCE_ENTRY).write_text(_entry(force, boroughs), encoding="utf-8")
        aside.rename(out)
    return out


def _left_out(data: Path, catalogue: Catalogue, force: ForceEntry, boroughs: Sequence[str]) -> set[str]:
    """Return the codes of wards and LSOAs, and the codes and names of boroughs, that are left out."""
    if find(catalogue["street_archive"], data) or find(catalogue["street_files"], data):
        raise InputError(
            "Boroughs can be cut out of files by ward only, and this folder has street-level files",
            file=data,
            remedy="Take the whole force: by LSOA it is small, or quick, enough.",
        )
    file = find_one(catalogue["areas"], data)
    areas = read_table(file, ["ward22cd", "lad22cd", "borough"])
    unknown = sorted(set(boroughs) - set(areas["borough"]))
    if unknown or not boroughs:
        raise InputError(
            "There is no such borough",
            file=file,
            column="borough",
            value=unknown[0] if unknown else "none named",
            remedy=f"Name some of: {', '.join(sorted(set(areas['borough'])))}.",
        )
    kept = areas["borough"].isin(boroughs)
    gone = areas[~kept]
    names = {alias for alias, of in force.borough_aliases.items() if of not in boroughs}
    lsoas: set[str] = set()
    for weights in find(catalogue["lsoa_weights"], data):
        shares = read_table(weights, ["lsoa21cd", "ward22cd"])
        inside = shares["ward22cd"].isin(areas.loc[kept, "ward22cd"])
        lsoas |= set(shares["lsoa21cd"]) - set(shares.loc[inside, "lsoa21cd"])
    return {*gone["ward22cd"], *gone["lad22cd"], *gone["borough"], *names, *lsoas}


def _share_of_offences(data: Path, catalogue: Catalogue, left_out: set[str]) -> float:
    """Return the boroughs' share of the force's located offences; of its wards, where no file counts by ward."""
    files = find(catalogue["ward_crime_historical"], data)
    if not files:
        return float((~_names(read_table(find_one(catalogue["areas"], data)), left_out)).mean())
    table = read_table(files[0])
    counts = table[[name for name in table.columns if name.isdigit()]].apply(pd.to_numeric).sum(axis=1)
    return float(counts[~_names(table, left_out)].sum() / counts.sum())


def _column_of(since: str) -> str:
    """Return the name that a month's column has in files of offences, as 201504; of no month, one before all."""
    if not since:
        return ""
    try:
        return f"{datetime.strptime(since, '%Y-%m'):%Y%m}"
    except ValueError as error:
        raise InputError("This is no month", value=since, remedy="Give year and month, as 2015-04.") from error


def _copy(dataset: Dataset, file: Path, target: Path, left_out: set[str], share: float, first: str) -> None:
    """Write a file without the rows that name an area left out, and without columns of months before the first."""
    if ".geojson" in file.name:
        shapes = read_polygons(file)
        shapes[~_names(shapes.drop(columns="geometry"), left_out)].to_file(target, driver="GeoJSON")
    elif file.suffix == ".parquet":
        table = read_table(file)
        if dataset.id in DASHBOARDS:
            table = table[table["area_type"].astype(str) == BOROUGH_ROWS]
        _cut(table[~_names(table, left_out)], dataset, share).to_parquet(target, index=False)
    elif ".csv" in file.name:
        table = read_table(file)
        kept = table[~_names(table, left_out)]
        kept = _since(kept, first, file)
        if dataset.series == "borough_crime":
            kept = _with_a_share_of_the_unknown(kept, table)
        _cut(kept, dataset, share).to_csv(target, index=False)
    else:
        shutil.copy(file, target)


def _since(table: pd.DataFrame, first: str, file: Path) -> pd.DataFrame:
    """Return the table without its columns of months before the first; all, if none is named."""
    months = [name for name in table.columns if name.isdigit() and len(name) == len(first)]
    if months and max(months) < first:
        asked, last = (f"{column[:4]}-{column[4:]}" for column in (first, max(months)))
        raise InputError("No month of this file is left", file=file, value=asked, remedy=f"Start at {last} or before.")
    return table.drop(columns=[name for name in months if name < first])


def _cut(table: pd.DataFrame, dataset: Dataset, share: float) -> pd.DataFrame:
    """Return the table, its counts cut to the share where they are of the whole force."""
    if dataset.id not in OF_THE_FORCE:
        return table
    count, by = OF_THE_FORCE[dataset.id]
    sums = table.assign(**{count: pd.to_numeric(table[count])}).groupby(by, observed=True)[count].sum()
    return (sums * share).round().astype(int).reset_index()


def _names(table: pd.DataFrame, areas: set[str]) -> pd.Series:
    """Return which rows name one of the areas in any column."""
    text = table.select_dtypes(include=["object", "str", "category"])
    text = text[[name for name in text.columns if not str(name).isdigit()]]  # columns of months hold counts
    return text.apply(lambda column: column.isin(areas)).any(axis=1)


def _with_a_share_of_the_unknown(kept: pd.DataFrame, every: pd.DataFrame) -> pd.DataFrame:
    """Return the boroughs' rows with the offences of no known borough cut to their share of each crime type."""
    months = [name for name in kept.columns if name.isdigit()]
    lower = {name.lower(): name for name in every.columns}
    borough, minor = lower["boroughname"], lower["minortext"]
    counts = every[months].apply(pd.to_numeric).sum(axis=1)
    unknown = every[borough] == UNKNOWN
    whole, own = (
        counts[rows & ~unknown].groupby(every[minor]).sum() for rows in (~unknown, every.index.isin(kept.index))
    )
    lost = kept[kept[borough] == UNKNOWN]
    share = lost[minor].map(own / whole).fillna(0.0)
    cut = lost[months].apply(pd.to_numeric).mul(share, axis=0).round().astype(int).astype(str)
    return pd.concat([kept[kept[borough] != UNKNOWN], lost.assign(**{month: cut[month] for month in months})])


def _entry(force: ForceEntry, boroughs: Sequence[str]) -> str:
    """Return the `force.toml` of the boroughs."""
    name = f"{force.name}: {', '.join(boroughs)}"
    aliases = {alias: of for alias, of in force.borough_aliases.items() if of in boroughs}
    lines = [
        f"# Cut out of the files of {force.name}; offences of no known borough are shared out by type.",
        f"name = {_text(name)}",
        f"code = {_text(force.code)}",
        f"simulated = {'true' if force.simulated else 'false'}",
        f"without = [{', '.join(map(_text, force.without))}]",
        "\n[borough_aliases]",
        *(f"{_text(alias)} = {_text(of)}" for alias, of in aliases.items()),
        "\n[known_from]",
        *(f"{dataset} = {day:%Y-%m-%d}" for dataset, day in force.known_from.items()),
    ]
    return "\n".join([*lines, ""])


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)

"""What a plan takes of a release beside its draws: streams and residents as series, and shares by age.

Walk in: the folders of streams and of a forecast. Walk out: `Series` by name, and a table.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.dataset as ds

from models.forecast.vocabulary import ALL_RECORDED
from models.streams.summary import ALL_SERIES
from planning.series import Series, residents_series

VARIANTS = ("estimate", "central")  # of residents: as estimated, and as projected


def series_of_streams(folder: Path | None) -> dict[str, Series]:
    """Return streams by month by name, of all series together, and each series as `name: series`.

    Empty where there is no folder, or one of an earlier version, which kept no draws. A flag is named, without draws.
    """
    if folder is None or not (folder / "stream_draws.parquet").is_file():
        return {}
    told, values, draws = (pd.read_parquet(folder / f"{name}.parquet") for name in _FILES)
    found = {}
    for about in told[told["period"] == "month"].to_dict("records"):
        own = draws[draws["stream"] == about["stream"]]
        recorded = values[values["stream"] == about["stream"]]
        if own.empty and not about["overlaps"]:
            continue
        several = len(set(recorded["series"])) > 1
        parts = recorded[~recorded["series"].isin(_nested(about["within"]))]
        whole = own[own["series"] == ALL_SERIES] if len(set(own["series"])) > 1 else own
        found[about["stream"]] = _series(about, about["stream"], parts, whole)
        for series, rows in recorded.groupby("series") if several else ():
            name = f"{about['stream']}: {series}"
            found[name] = _series(about, name, rows, own[own["series"] == series])
    return found


def series_of_residents(folder: Path) -> dict[str, Series]:
    """Return residents of the force, and by age group where the forecast knows them."""
    file = folder / "residents.parquet"
    by_age = file.is_file()
    table = pd.read_parquet(file if by_age else folder.parent / "ward_population.parquet")
    if not by_age:
        table = table.assign(age_group="all")
    table = table[table["variant"].isin(VARIANTS)]
    first = table["variant"].map(VARIANTS.index)
    # An estimate comes before a projection of the same year.
    table = table[first == first.groupby(table["year"]).transform("min")]
    return residents_series(table.groupby(["year", "age_group"], observed=True)["persons"].sum().reset_index())


def shares_by_age(folder: Path) -> pd.DataFrame:
    """Return crime_type, age_basis, age_group, year, share of expected offences, ages (how well they are known).

    Of the force, minor types and the central scenario; empty where the forecast knows no ages.
    """
    file, quality = folder / "forecast_by_age.parquet", folder / "age_quality.parquet"
    if not (file.is_file() and quality.is_file()):
        return pd.DataFrame()
    wanted = (ds.field("area_level") == "force") & (ds.field("crime_level") == "minor") & (ds.field("period") == "year")
    columns = ["crime_type", "age_basis", "age_group", "month", "measure", "mean"]
    table = ds.dataset(file).to_table(columns, filter=wanted & (ds.field("scenario") == "central")).to_pandas()
    table = table.astype(dict.fromkeys([*columns[:3], "measure"], str))
    keys = ["crime_type", "age_basis", "month"]
    # Of all recorded offences where they are told by age, else of those with a known ward.
    table = table[table["measure"] == ALL_RECORDED] if (table["measure"] == ALL_RECORDED).any() else table
    table = table.groupby([*keys, "age_group"], as_index=False)["mean"].sum()
    whole = table.groupby(keys)["mean"].transform("sum")
    known = pd.read_parquet(quality).set_index(["crime_type", "basis"])["quality"].rename("ages")
    joined = table.assign(share=table["mean"] / whole.where(whole > 0)).join(known, on=["crime_type", "age_basis"])
    return joined.dropna(subset=["share"]).rename(columns={"month": "year"}).drop(columns="mean")


def _nested(within: str) -> set[str]:
    """Return the series that lie within another, from `a < b; c < b`."""
    return {pair.split(" < ")[0] for pair in within.split("; ") if pair}


def _series(about: Mapping[Hashable, Any], name: str, recorded: pd.DataFrame, draws: pd.DataFrame) -> Series:
    ahead = draws.sort_values("month")
    made = np.stack(list(ahead["draws"])) if len(ahead) else np.zeros((0, 1))
    by_month = recorded.groupby("start")["value"].sum()
    return Series(name, about["unit"], by_month, pd.DatetimeIndex(ahead["month"]), made, bool(about["overlaps"]))


_FILES = ("streams", "stream_values", "stream_draws")

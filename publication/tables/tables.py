"""The tables of a release: the forecast and the history it grew from, as Parquet and as CSV.

Walks in: `Contents`. Walks out, in a release's folder:

    forecast.parquet              every row, all ages
    forecast_by_age.parquet       the same by age group of victims and of suspects
    scenario_differences.parquet  yearly offences of each other scenario less those of the first
    drivers.parquet               why the next year differs from the last, factor by factor
    csv/, csv_by_age/             the forecast by borough, for reading (`publication.tables.forecast_files`)
    history.parquet               recorded offences by ward, type and month, and those with no known ward
    protected_counts.csv          what may be told of recorded offences that the history withholds, if it does
    residents.parquet             residents by ward, year and age group, estimated and projected
    areas.csv, crime_types.csv    names of codes, and how they nest; severity.csv, their severity weights
    age_rates.csv, age_quality.csv  people a year per 1,000 residents of each age, and what these rest on
    accuracy.csv                  how the method did on past years, forecast a year before
    antisocial_behaviour.csv      incidents of anti-social behaviour, which are no recorded crime, if known, and
    antisocial_behaviour_forecast.csv  the same ahead
    editions.csv, quarantine.csv  where editions of the data differ, and what was set aside

Files that get copied alone say if the force is simulated or the release internal: the CSV files by borough in their
names, the Parquet files in their metadata.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from publication.release.contents import Contents
from publication.tables.forecast_files import (
    FORECAST_COLUMNS,
    MARKER,
    in_order,
    marked,
    sorted_categories,
    write_csv,
    write_forecast,
    write_forecast_csvs,
)
from publication.tables.history_file import write_history

# Columns of the tables that a run may have nothing for: they are written all the same, empty.
DRIVERS = ["area_level", "area_code", "crime_level", "crime_type", "month", "step", "offences"]
RESIDENTS = ["ward_code", "year", "age_group", "variant", "persons"]
ANTISOCIAL_FORECAST = ["area_level", "area_code", "area_name", "period", "month", "mean", "q025", "q10", "q90", "q975"]
AGE_RATES = ["crime_type", "basis", "age", "rate", "low", "high"]
AGE_QUALITY = ["crime_type", "basis", "quality", "people", "source"]
SEVERITY = ["crime_type", "weight"]


def write_tables(folder: Path, contents: Contents) -> None:
    """Write every table of a release into its folder.

    Raises
    ------
    ReleaseError
        When a forecast lacks a column, has a gap, a negative mean, a quantile that is not whole, or an area
        not in `areas`.
    """
    mark = contents.facts.mark
    _write_forecasts(folder, contents)
    write_history(
        folder / "history.parquet",
        contents.recorded.offences,
        contents.recorded.unlocated_offences,
        contents.geography.areas,
        mark=mark,
    )
    drivers = contents.ahead.drivers[DRIVERS].astype({"offences": "float64"})
    _write_parquet(folder / "drivers.parquet", drivers, sort=DRIVERS[:-2], mark=mark)
    residents = contents.geography.residents[RESIDENTS].astype({"year": "int32", "persons": "float64"})
    _write_parquet(folder / "residents.parquet", residents, sort=RESIDENTS[:-1], mark=mark)
    for name, table in (
        ("areas", contents.geography.areas),
        ("crime_types", contents.crime.crime_types),
        ("severity", contents.crime.severity[SEVERITY]),
        ("age_rates", contents.ages.age_rates[AGE_RATES]),
        ("age_quality", contents.ages.age_quality[AGE_QUALITY]),
        ("accuracy", contents.track_record.accuracy),
        ("editions", contents.recorded.overlaps.astype({"offences": "Int64", "other_offences": "Int64"})),
        ("quarantine", contents.recorded.quarantine),
        ("protected_counts", contents.recorded.protected_counts),
        (
            "antisocial_behaviour",
            None if contents.recorded.antisocial_behaviour.empty else contents.recorded.antisocial_behaviour,
        ),
        (
            "antisocial_behaviour_forecast",
            None if contents.ahead.antisocial_forecast.empty else contents.ahead.antisocial_forecast,
        ),
    ):
        if table is not None:
            write_csv(folder / f"{name}.csv", table)


def _write_forecasts(folder: Path, contents: Contents) -> None:
    mark = contents.facts.mark
    ahead = contents.ahead
    every = ahead.all_recorded[ahead.all_recorded["period"] != "quarter"]
    ordered = in_order(pd.concat([ahead.forecast, every], ignore_index=True) if len(every) else ahead.forecast)
    write_forecast(folder / "forecast.parquet", ordered, mark=mark)
    write_forecast_csvs(folder / "csv", ordered, contents.geography.areas, mark=mark)
    del ordered  # the largest tables of the release are not held at the same time

    by_age = contents.ages.forecast_by_age
    by_age = in_order(by_age if MARKER in by_age else by_age.assign(**{MARKER: ""}))
    write_forecast(folder / "forecast_by_age.parquet", by_age, mark=mark)
    yearly = by_age[(by_age["area_level"] != "ward") & (by_age["period"] == "year")]
    if len(yearly):
        write_forecast_csvs(folder / "csv_by_age", yearly, contents.geography.areas, mark=mark)
    del by_age, yearly

    changes = ahead.scenario_differences
    changes = in_order(changes if len(changes.columns) else _no_forecast(), changes=True)
    write_forecast(folder / "scenario_differences.parquet", changes, mark=mark)


def _no_forecast() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="float64") for name in FORECAST_COLUMNS})


def _write_parquet(path: Path, table: pd.DataFrame, sort: list[str], mark: str) -> None:
    """Write a table sorted, texts as dictionaries, months as times."""
    typed = table.copy(deep=False)
    for name in table:
        if name == "month":
            typed[name] = table[name].astype("datetime64[us]")
        elif table[name].dtype.kind not in "iuf":
            typed[name] = sorted_categories(table[name])
    arrow = marked(typed.sort_values(sort, kind="stable"), mark)
    pq.write_table(arrow, path, compression="zstd", compression_level=9)

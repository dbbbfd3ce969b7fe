"""The tables of a release: complete, readable, and adding up as they say."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.forecast.vocabulary import QUANTILES
from publication.release.manifest import ReleaseError
from publication.tables import forecast_files
from publication.tables.forecast_files import (
    DECIMALS,
    FEWEST_ROWS,
    FORECAST_COLUMNS,
    SORTED_BY,
    TEXTS,
    in_order,
    no_formula,
    slug_of,
    write_forecast,
    write_forecast_csvs,
)
from publication.tables.tables import write_tables

pytestmark = pytest.mark.unit

KEY = [name for name in SORTED_BY if name != "scenario"]


@pytest.fixture(scope="module")
def folder(publication: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    write_tables(folder, publication.contents())
    return folder


def read_csvs(folder: Path) -> pd.DataFrame:
    files = sorted((folder / "csv").glob("*.csv"))
    tables = [pd.read_csv(file, keep_default_na=False, parse_dates=["origin", "month"]) for file in files]
    return pd.concat(tables, ignore_index=True)


def test_parquet_holds_the_forecast_as_it_was(folder: Path, publication: Any) -> None:
    published = pd.read_parquet(folder / "forecast.parquet")
    assert list(published.columns) == FORECAST_COLUMNS
    made = publication.table
    assert len(published) == len(made)
    texts = dict.fromkeys(TEXTS, str)
    merged = published.astype(texts).merge(made.astype(texts), on=KEY, suffixes=("", "_made"))
    assert len(merged) == len(published)
    for name in [*QUANTILES, "area_name"]:
        assert (merged[name] == merged[f"{name}_made"]).all()
    assert (merged["mean"] == merged["mean_made"].round(DECIMALS)).all()
    assert (published[list(QUANTILES)].dtypes == "int32").all()
    assert published.astype(texts)[SORTED_BY].equals(published.astype(texts)[SORTED_BY].sort_values(SORTED_BY))


def test_a_row_group_ends_where_a_crime_type_does(
    publication: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forecast = in_order(publication.forecast)
    for fewest, most in ((1, 1), (FEWEST_ROWS, forecast["crime_type"].nunique())):
        monkeypatch.setattr(forecast_files, "FEWEST_ROWS", fewest)
        write_forecast(tmp_path / "forecast.parquet", forecast)
        file = pq.ParquetFile(tmp_path / "forecast.parquet")
        groups = [file.read_row_group(group)["crime_type"] for group in range(file.num_row_groups)]
        assert max(len(types.unique()) for types in groups) <= most
        pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "forecast.parquet"), forecast)
    write_forecast(tmp_path / "none.parquet", forecast.iloc[:0])
    assert pd.read_parquet(tmp_path / "none.parquet").empty


def test_the_order_of_the_rows_given_does_not_matter(publication: Any) -> None:
    shuffled = publication.forecast.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(in_order(shuffled), in_order(publication.forecast))


def test_csv_files_together_hold_every_year_and_the_first_twelve_months_once(folder: Path, publication: Any) -> None:
    published, made = read_csvs(folder), publication.table
    expected = made[(made["period"] == "year") | (made["month"] <= pd.Timestamp("2026-03-01"))]
    assert len(published) == len(expected)
    assert not published.duplicated(KEY).any()
    merged = published.merge(expected, on=KEY, suffixes=("", "_made"))
    assert len(merged) == len(expected)
    assert (merged["mean"] == merged["mean_made"].round(DECIMALS)).all(), "the same figure in CSV as in Parquet"
    assert (merged[list(QUANTILES)].to_numpy() == merged[[f"{name}_made" for name in QUANTILES]].to_numpy()).all()


def test_each_borough_has_a_file_of_its_wards_and_its_unlocated_offences(folder: Path, publication: Any) -> None:
    areas = publication.areas
    borough = areas["borough_code"].iloc[0]
    table = pd.read_csv(folder / "csv" / f"{borough}-market-quay-0-SIMULATED.csv")
    assert set(zip(table["area_level"], table["area_code"], strict=True)) == {
        *(("ward", code) for code in areas.loc[areas["borough_code"] == borough, "ward_code"]),
        ("borough", borough),
        ("unlocated", borough),
    }
    force = pd.read_csv(folder / "csv" / "force-SIMULATED.csv")
    assert set(force["area_level"]) == {"force", "bcu", "unlocated"}
    assert set(force.loc[force["area_level"] == "unlocated", "area_code"]) == {"E23000099"}
    assert len(list((folder / "csv").iterdir())) == areas["borough_code"].nunique() + 1


@pytest.mark.parametrize("source", ["parquet", "csv"])
def test_totals_add_up_within_and_across_files(folder: Path, publication: Any, source: str) -> None:
    tolerance = 0.5 * 10**-DECIMALS
    table = (
        read_csvs(folder)
        if source == "csv"
        else pd.read_parquet(folder / "forecast.parquet").astype({"area_code": str})
    )
    table = table[table["measure"] == "located"].astype(dict.fromkeys(TEXTS, str))
    tree = publication.areas.set_index("ward_code")
    ward = table[table["area_level"] == "ward"]
    for level, parents in {
        "borough": tree["borough_code"],
        "bcu": tree["bcu_code"],
        "force": tree["force_code"],
    }.items():
        summed = ward.assign(area_code=ward["area_code"].map(parents))
        summed = summed.groupby(["crime_level", "crime_type", "period", "area_code", "month"])["mean"].agg(
            ["sum", "size"]
        )
        total = table[table["area_level"] == level].set_index(summed.index.names)["mean"]
        assert len(total) == len(summed)
        assert ((total - summed["sum"]).abs() <= tolerance * (summed["size"] + 1) + 1e-9).all()
    minor = table[table["crime_level"] == "minor"]
    majors = publication.crime_types.set_index("crime_type")["major_type"]
    for level, parent in {"major": minor["crime_type"].map(majors), "all": "all"}.items():
        summed = minor.assign(crime_type=parent)
        summed = summed.groupby(["crime_type", "area_level", "area_code", "period", "month"])["mean"].agg(
            ["sum", "size"]
        )
        total = table[table["crime_level"] == level].set_index(summed.index.names)["mean"]
        assert len(total) == len(summed)
        assert ((total - summed["sum"]).abs() <= tolerance * (summed["size"] + 1) + 1e-9).all()
    cell = ["crime_level", "crime_type", "area_level", "area_code"]
    months = table[(table["period"] == "month") & (table["month"] <= pd.Timestamp("2026-03-01"))]
    first_year = table[(table["period"] == "year") & (table["month"] == pd.Timestamp("2025-04-01"))]
    difference = first_year.set_index(cell)["mean"] - months.groupby(cell)["mean"].sum()
    assert difference.notna().all()
    assert difference.abs().max() <= 13 * tolerance + 1e-9


def test_history_has_every_located_cell_and_the_unlocated_that_were_published(folder: Path, publication: Any) -> None:
    history = pd.read_parquet(folder / "history.parquet")
    located = history[history["area_level"] == "ward"]
    assert len(located) == 6 * 4 * 36
    for level, source in {"ward": publication.offences, "unlocated": publication.unlocated_offences}.items():
        key = ["area_code", "crime_type", "month"]
        made = source.rename(columns={"ward_code": "area_code"}).set_index(key)["count"]
        part = history[history["area_level"] == level].astype({"area_code": str, "crime_type": str})
        published = part.set_index(key)["count"]
        assert not published.index.duplicated().any()
        assert published.sum() == made.sum()
        assert (published.reindex(made.index) == made).all()
    unlocated = history[history["area_level"] == "unlocated"]
    borough = unlocated[unlocated["area_code"] == publication.areas["borough_code"].iloc[0]]
    assert borough["month"].min() == pd.Timestamp("2024-03-01"), "months that a borough did not publish have no rows"
    assert len(borough) == 13 * 4


def test_names_cannot_be_run_by_a_spreadsheet(publication: Any, tmp_path: Path) -> None:
    name = '=HYPERLINK("http://x","a, b")\r\n<script>'
    areas = publication.areas.assign(ward_name=name, borough_name="=cmd()|'/../x")
    forecast = publication.forecast.assign(
        area_name=np.where(publication.forecast["area_level"] == "ward", name, publication.forecast["area_name"])
    )
    write_tables(tmp_path, publication.contents(forecast=forecast, areas=areas))
    files = sorted(tmp_path.rglob("*.csv"))
    assert {file.name for file in files} >= {"E09000000-cmd-x-SIMULATED.csv", "areas.csv", "quarantine.csv"}
    for file in files:
        with file.open(newline="", encoding="utf-8") as text:
            for row in csv.reader(text):
                assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for cell in row)
    assert pd.read_csv(tmp_path / "areas.csv")["ward_name"].iloc[0] == f"'{name}"
    assert set(pd.read_parquet(tmp_path / "forecast.parquet")["area_name"]) >= {name}


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_only_texts_that_begin_a_formula_change(text: str) -> None:
    safe = no_formula(text)
    assert safe == (f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") and text else text)


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_a_slug_is_fit_for_a_file_name(name: str) -> None:
    slug = slug_of(name)
    assert len(slug) <= 60
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not slug.startswith("-")
    assert not slug.endswith("-")


def test_files_of_a_simulated_force_say_so_in_their_names(publication: Any, tmp_path: Path) -> None:
    write_tables(tmp_path, publication.contents())
    assert all(file.stem.endswith("-SIMULATED") for file in (tmp_path / "csv").iterdir())
    assert (tmp_path / "csv" / "force-SIMULATED.csv").exists()
    assert all(pq.read_schema(file).metadata == {b"wardcast": b"SIMULATED"} for file in tmp_path.glob("*.parquet"))


def test_a_borough_with_no_plain_letters_is_named_by_its_code(publication: Any, tmp_path: Path) -> None:
    areas = publication.areas.assign(borough_name="مدينة")
    write_forecast_csvs(tmp_path / "csv", in_order(publication.forecast), areas)
    assert (tmp_path / "csv" / "E09000000.csv").exists()


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda table: table.drop(columns="q50"), "columns are not those of a forecast (q50)"),
        (lambda table: table.assign(extra=1), "columns are not those of a forecast (extra)"),
        (lambda table: table.assign(mean=table["mean"].where(table["mean"] > 1)), "mean is missing or infinite"),
        (lambda table: table.assign(mean=-table["mean"]), "mean is below zero"),
        (lambda table: table.assign(q975=table["q975"] + 0.5), "q975 is not whole"),
        (
            lambda table: table.assign(area_code="E05999999"),
            "areas that are not in the table of areas (bcu E05999999",
        ),
    ],
)
def test_an_unfit_forecast_is_refused(
    publication: Any, tmp_path: Path, spoil: Callable[[pd.DataFrame], pd.DataFrame], problem: str
) -> None:
    with pytest.raises(ReleaseError) as error:
        write_tables(
            tmp_path,
            publication.contents(forecast=spoil(publication.forecast), all_recorded=publication.all_recorded.iloc[:0]),
        )
    assert problem in str(error.value)


def test_offences_of_a_ward_outside_the_force_are_refused(publication: Any, tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="not in the table of areas"):
        write_tables(tmp_path, publication.contents(offences=publication.offences.assign(ward_code="E05999999")))


def test_a_force_of_one_borough_with_no_unlocated_offences(make: Callable[..., Any], tmp_path: Path) -> None:
    made = make(wards=2, boroughs=1, horizon=6, history=14)
    forecast = made.forecast[made.forecast["area_level"] != "unlocated"]
    write_tables(tmp_path, made.contents(forecast=forecast, unlocated_offences=made.unlocated_offences.iloc[:0]))
    assert len(list((tmp_path / "csv").iterdir())) == 2
    assert set(pd.read_parquet(tmp_path / "history.parquet")["area_level"]) == {"ward"}

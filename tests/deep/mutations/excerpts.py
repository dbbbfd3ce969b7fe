"""Excerpts of at most 200 rows of every file of the London bundle, cut so that they still belong together.

Walks in: the London bundle. Walk out: `london/`, four real wards of two boroughs with all that is known of them;
`city/`, two months of the City of London's street-level archive with its LSOAs; `extract/`, a simulated force with a
record-level extract, since no force publishes a real one.
"""

from __future__ import annotations

import gzip
import json
import shutil
import zipfile
from collections.abc import Callable, Collection
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.city_of_london import write_folder
from sources.simulated import simulate

ROWS = 200
# Wards of two boroughs whose boundaries are the same in 2018 and 2022, so that files of both vintages hold them.
BOROUGHS = {"E09000004": "Bexley", "E09000008": "Croydon"}
WARDS_A_BOROUGH = 2
STREET_ZIP = "street_crime/city_of_london_street_202409_202410.zip"
EXTRACT = "incidents/record_level_extract.csv.gz"

FORCE = """name = "Metropolitan Police Service"
code = "E23000001"
simulated = false
"""

Cut = Callable[[pd.DataFrame], pd.DataFrame]


def write_excerpts(bundle: Path, out: Path) -> Path:
    """Write the three folders and return where they are."""
    _write_london(bundle, out / "london")
    _write_city(bundle, out / "city")
    _write_extract(out / "extract")
    return out


def _write_london(bundle: Path, out: Path) -> None:
    areas = pd.read_csv(bundle / "lookups/ward22_borough_bcu.csv", dtype=str)
    areas = areas[areas["lad22cd"].isin(BOROUGHS)].groupby("lad22cd").head(WARDS_A_BOROUGH)
    wards = set(areas["ward22cd"])
    out.mkdir(parents=True)
    (out / "force.toml").write_text(FORCE, encoding="utf-8")
    by_ward = _only("ward22cd", wards)
    lsoas = _whole_lsoas(bundle / "lookups/lsoa21_to_ward22_population_weights.csv.gz", "lsoa21cd", wards)
    old_lsoas = _whole_lsoas(bundle / "lookups/lsoa11_to_ward22_weights_gla_2011_2021.csv.gz", "lsoa11cd", wards)
    cuts: dict[str, Cut] = {
        "lookups/ward22_borough_bcu.csv": by_ward,
        "derived/ward22_population_mid2011_mid2022.csv.gz": by_ward,
        "derived/ward22_census2021_age5.csv.gz": by_ward,
        "derived/ward22_census2021_ethnic_group5.csv.gz": by_ward,
        "derived/ward22_iod2019_population_weighted_scores.csv.gz": by_ward,
        "derived/ward22_population_single_year_age_2017_2019_2020.parquet": by_ward,
        "population/lsoa21_population_mid2011_mid2022_london.csv.gz": _only("lsoa21cd", lsoas),
        "population/ons_borough_single_year_age_mid2023_london.csv": _only("lad_code", BOROUGHS),
        "population/gla_2016based_housing_led_borough_syoa_2011_2050.csv.gz": _only("gss_code", BOROUGHS),
        "population/gla_2016based_housing_led_ward_hackney_2011_2050.csv.gz": lambda table: table.head(184),  # 2 wards
        "lookups/lsoa21_to_ward22_population_weights.csv.gz": _only("lsoa21cd", lsoas),
        "lookups/lsoa11_to_ward22_weights_gla_2011_2021.csv.gz": lambda table: table[
            table["lsoa11cd"].isin(old_lsoas) & table["year"].isin(["2019", "2020"])
        ],
        "lookups/lsoa11_to_ward17_bestfit_london.csv.gz": _only("lsoa11_code", old_lsoas),
        "lookups/lsoa11_to_lsoa21_exact_london.csv.gz": _only("LSOA21CD", lsoas),
        "population/lsoa11_population_single_year_age_2017_2019_2020_london.parquet": lambda table: table[
            table["lsoa11cd"].isin(old_lsoas) & (table["year"] == 2020)
        ],
        "harm_weights/ons_crime_severity_weights_mopd.csv": lambda table: table,
        "home_office/prc_pfa_quarterly_201718.csv.gz": _only("Force Name", {"Metropolitan Police"}),
        "home_office/arrests_metropolitan_offence_age_200607_201718.csv": lambda table: table,
        "scotland/convictions_age_crime_1990_2018.parquet": lambda table: table[
            (table["Crime Type"] == "Robbery") & (table["Year"] >= 2017)
        ],
        "mps_dashboards/homicide_suspects_proceeded_2003_2024.parquet": lambda table: table,
        "mps_dashboards/homicide_victims_200301_202108.csv.gz": lambda table: table,
        "mps_dashboards/vawg_victims_201401_202503.parquet": lambda table: table[
            (table["sheet"] == "Victim count by age group").to_numpy() | (table.index < 20)
        ],
        "mps_dashboards/custody_disposals_202101_202503.parquet": lambda table: table,
        "mps_dashboards/knife_crime_borough_snt_202203_202503.parquet": lambda table: table[
            (table["month_year"] >= "2024-12-01") & table["area_code"].str.strip().isin([*BOROUGHS, "N/K"])
        ],
        "police_uk/stop_search_metropolitan_201504_202408.parquet": lambda table: table.iloc[:: len(table) // ROWS],
    }
    for file in sorted((bundle / "mps_recorded_crime").glob("ward*.csv.gz")):
        cuts[f"mps_recorded_crime/{file.name}"] = lambda table: table[_column(table, "wardcode").isin(wards)]
    for file in sorted((bundle / "mps_recorded_crime").glob("borough_*.csv.gz")):
        cuts[f"mps_recorded_crime/{file.name}"] = _only("boroughname", {*BOROUGHS.values(), "Unknown"})
    for name, cut in cuts.items():
        _write_cut(bundle / name, out / name, cut)
    _write_shapes(bundle / "boundaries/ward_2024_bsc_london.geojson", out, wards)
    _write_shapes(bundle / "boundaries/borough_2024_bsc_london.geojson", out, BOROUGHS)


def _only(column: str, values: Collection[str]) -> Cut:
    return lambda table: table[table[column].isin(list(values))]


def _column(table: pd.DataFrame, name: str) -> pd.Series:
    return table[next(column for column in table.columns if column.lower() == name)]


def _whole_lsoas(weights: Path, column: str, wards: Collection[str]) -> set[str]:
    table = pd.read_csv(weights, dtype=str)
    return set(table[column]) - set(table.loc[~table["ward22cd"].isin(list(wards)), column])


def _write_cut(source: Path, target: Path, cut: Cut) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix == ".parquet":
        cut(pd.read_parquet(source)).head(ROWS).reset_index(drop=True).to_parquet(target)
        return
    table = cut(pd.read_csv(source, dtype=str, keep_default_na=False)).head(ROWS)
    text = table.to_csv(index=False).encode()
    target.write_bytes(gzip.compress(text, mtime=0) if source.suffix == ".gz" else text)


def _write_shapes(source: Path, out: Path, codes: Collection[str]) -> None:
    shapes = json.loads(source.read_text(encoding="utf-8"))
    shapes["features"] = [each for each in shapes["features"] if set(each["properties"].values()) & set(codes)]
    target = out / "boundaries" / source.name
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(shapes), encoding="utf-8")


def _write_city(bundle: Path, out: Path) -> None:
    write_folder(bundle, out)
    (whole,) = (out / "street_crime").glob("*.zip")
    with zipfile.ZipFile(whole) as months, zipfile.ZipFile(out / STREET_ZIP, "w", zipfile.ZIP_DEFLATED) as few:
        for month in ("2024-09", "2024-10"):
            name = f"{month}/{month}-city-of-london-street.csv"
            few.writestr(name, b"".join(months.read(name).splitlines(keepends=True)[: 1 + ROWS // 2]))
    whole.unlink()


def _write_extract(out: Path) -> None:
    whole = simulate(out.with_name("simulated"), wards=12, months=48, seed=7)
    shutil.copytree(whole, out, ignore=shutil.ignore_patterns("mps_recorded_crime", "truth"))
    shutil.rmtree(whole)
    records = pd.read_csv(out / EXTRACT, dtype=str, keep_default_na=False)
    last_months = records["recorded_date"].str[:7]
    of_two = records[last_months.isin(sorted(last_months.unique())[-2:])].sort_values("recorded_date")
    records = of_two.iloc[
        np.linspace(0, len(of_two) - 1, ROWS).round().astype(int)
    ]  # the first and the last day among them
    records.to_csv(out / EXTRACT, index=False)

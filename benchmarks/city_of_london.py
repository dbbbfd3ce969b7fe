"""The data folder of the City of London Police, a small second force, cut out of the London bundle.

Walks in: the bundle. Walks out: a folder that `wardcast run --data` takes. What another force must do with the national
files is the same: keep its own areas' rows, and leave the headings as they are.

    python benchmarks/city_of_london.py --bundle ../shared/data --out city
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import pandas as pd

CITY = "E09000001"
FORCE = """name = "City of London Police"
code = "E23000034"
simulated = false
street_force = "city-of-london"
# Outlines of the City's LSOAs and their residents by single year of age are not at hand.{reason}
without = {without}
"""
NO_RESIDENTS = """
# Some 13,000 people live where several hundred thousand work: their number says nothing of how much crime there is. In
# the busiest LSOA it doubled from 2020 to 2022, so to forecast by it would promise growth that nobody has seen."""
NOT_AT_HAND = ["ward_boundaries", "ward_population_by_age"]
RESIDENTS = ["ward_population", "borough_estimates_by_age", "borough_projection"]


def write_folder(bundle: Path, out: Path, *, residents: bool = False) -> Path:
    """Write the City's data folder: its street-level crime, its six LSOAs and, if wanted, who lives there."""
    for folder in ("street_crime", "lookups", "boundaries", "harm_weights", "home_office"):
        (out / folder).mkdir(parents=True)
    without = NOT_AT_HAND if residents else [*NOT_AT_HAND, *RESIDENTS]
    entry = FORCE.format(reason="" if residents else NO_RESIDENTS, without=json.dumps(without))
    (out / "force.toml").write_text(entry, encoding="utf-8")
    shutil.copy(bundle / "police_uk/city_of_london_street_202109_202503.zip", out / "street_crime")
    for name in (
        "lookups/lsoa11_to_lsoa21_exact_london.csv.gz",
        "boundaries/borough_2024_bsc_london.geojson",
        "harm_weights/ons_crime_severity_weights_mopd.csv",
        "home_office/prc_pfa_quarterly_201718.csv.gz",
    ):
        shutil.copy(bundle / name, out / name)
    lookup = pd.read_csv(bundle / "lookups/oa21_lsoa21_ward22_borough_london.csv.gz", dtype=str)
    lsoas = lookup[lookup["LAD22CD"] == CITY].drop_duplicates("LSOA21CD").sort_values("LSOA21CD")
    areas = pd.DataFrame(
        {
            "lsoa21cd": lsoas["LSOA21CD"],
            "lsoa_name": lsoas["LSOA21NM"],
            "lad22cd": lsoas["LAD22CD"],
            "borough": lsoas["LAD22NM"],
            "bcu": "",
        }
    )
    areas.to_csv(out / "lookups/lsoa21_borough_bcu.csv", index=False)
    if residents:
        _write_residents(bundle, out)
    return out


def _write_residents(bundle: Path, out: Path) -> None:
    (out / "population").mkdir()
    shutil.copy(bundle / "population/lsoa21_population_mid2011_mid2022_london.csv.gz", out / "population")
    for name, column in (
        ("population/ons_borough_single_year_age_mid2023_london.csv", "lad_code"),
        ("population/gla_2016based_housing_led_borough_syoa_2011_2050.csv.gz", "gss_code"),
    ):
        table = pd.read_csv(bundle / name, dtype=str, keep_default_na=False)
        table[table[column] == CITY].to_csv(out / name, index=False)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bundle", type=Path, required=True, help="Folder of the London bundle.")
    parser.add_argument("--out", type=Path, required=True, help="Folder to write, which must not exist yet.")
    parser.add_argument("--residents", action="store_true", help="Add who lives there, to see what that does.")
    arguments = parser.parse_args()
    print(write_folder(arguments.bundle, arguments.out, residents=arguments.residents))

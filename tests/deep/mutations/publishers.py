"""The cases of publishers' files: how the product reads each, and how much an independent count finds in it.

Walks in: the path of one file, damaged or not, and the undamaged folder that it is from. Walk out: `Reading`s.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

import pandas as pd
import shapely

from sources.ages.evidence import READERS
from sources.crime.crime_types import identify_vocabulary, read_crime_vocabulary
from sources.crime.editions import Edition, join_editions
from sources.crime.incidents import read_incidents
from sources.crime.mps_crime import read_wide
from sources.crime.severity import read_severity
from sources.crime.wide_counts import area_key
from sources.places.geography import read_areas, read_borough_boundaries, read_lsoa_weights, read_ward_boundaries
from sources.places.ward_profile import DEPRIVATION, read_ward_profile
from sources.places.ward_vintages import read_old_ward_weights
from sources.residents.census_bands import read_ward_population_by_band
from sources.residents.estimates import (
    read_borough_estimates_by_age,
    read_ward_population,
    read_ward_population_by_age,
    ward_population_from_lsoa,
)
from sources.residents.projections import read_borough_projection, read_ward_projection
from sources.streams.entries import read_entries
from sources.streams.read_streams import KNOWN_STREAMS, read_stream
from sources.street.archive import street_files
from sources.street.places import read_places
from sources.street.street_crime import read_street
from sources.tables.force_tables import Force
from tests.deep.mutations.recounts import (
    Row,
    columns_like,
    coordinates,
    features_of,
    number,
    rows_of,
    rows_of_zip,
    total,
)

LONDON = Force("Metropolitan Police Service", "E23000001", False)
CITY = Force("City of London Police", "E23000034", False)
KNOWN = date(2024, 1, 1)
MONTH = r"\d{6}"
YEAR = r"\d{4}"
AGE = r"\d+\+?"

WEIGHTS = "lookups/lsoa21_to_ward22_population_weights.csv.gz"
LSOAS = "population/lsoa21_population_mid2011_mid2022_london.csv.gz"
SCORES = "derived/ward22_iod2019_population_weighted_scores.csv.gz"
GROUPS = "derived/ward22_census2021_ethnic_group5.csv.gz"
SEVERITIES = "harm_weights/ons_crime_severity_weights_mopd.csv"
VOLUMES = "home_office/prc_pfa_quarterly_201718.csv.gz"
OLD_LSOAS = "lookups/lsoa11_to_lsoa21_exact_london.csv.gz"
BEST_FIT = "lookups/lsoa11_to_ward17_bestfit_london.csv.gz"
GLA_WEIGHTS = "lookups/lsoa11_to_ward22_weights_gla_2011_2021.csv.gz"
LSOA11_RESIDENTS = "population/lsoa11_population_single_year_age_2017_2019_2020_london.parquet"
HACKNEY = "population/gla_2016based_housing_led_ward_hackney_2011_2050.csv.gz"


@dataclass(frozen=True)
class Reading:
    """What was read of a file: quantities by name, and how many rows or offences were set aside with a reason."""

    quantities: dict[str, float]
    set_aside: int = 0


Read = Callable[[Path, Path], Reading]
Recount = Callable[[Path, Path], dict[str, float]]


@dataclass(frozen=True)
class Case:
    """A file, how the product reads it, and how it is counted a second time.

    corpus: the folder of excerpts it is in. companions: the folder in it whose other files must stand beside the
    damaged one. The recount takes the same two paths as the reader: those of the file and of the undamaged folder.
    """

    name: str
    corpus: str
    file: str
    read: Read
    recount: Recount = field(repr=False)
    companions: str = ""


@lru_cache
def areas_of(folder: Path) -> pd.DataFrame:
    """Return the areas of an undamaged folder."""
    by_lsoa = folder / "lookups/lsoa21_borough_bcu.csv"
    (file,) = [by_lsoa] if by_lsoa.exists() else folder.glob("lookups/ward22_borough_bcu.csv*")
    return read_areas(file, CITY if by_lsoa.exists() else LONDON)


@lru_cache
def vocabulary() -> pd.DataFrame:
    """Return the publisher's vocabularies."""
    return read_crime_vocabulary()


def _codes(folder: Path, level: str) -> dict[str, str]:
    areas = areas_of(folder)
    if level == "ward":
        return {area_key(code): code for code in areas["ward_code"]}
    names = dict(zip(areas["borough_name"], areas["borough_code"], strict=True)) | {"Unknown": LONDON.code}
    aliases = {"London Heathrow and London City Airports": "E09000017"}
    return {area_key(name): code for name, code in (names | aliases).items()}


def _read_series(level: str) -> Read:
    def read(file: Path, folder: Path) -> Reading:
        joined = join_editions([Edition("series", file)], _codes(folder, level), vocabulary())
        aside = int(joined.quarantine["count"].sum())
        return Reading({"rows": joined.spans["rows"].sum(), "count": joined.offences["count"].sum() + aside}, aside)

    return read


def _read_totals(file: Path, folder: Path) -> Reading:
    wide = read_wide(file)
    identify_vocabulary(wide.rows, vocabulary(), file)
    aside = int(wide.quarantine["count"].sum())
    return Reading({"rows": len(wide.rows), "count": wide.counts.sum() + aside}, aside)


def _recount_wide(file: Path, folder: Path) -> dict[str, float]:
    rows = rows_of(file)
    return {"rows": len(rows), "count": total(rows, columns_like(rows, MONTH))}


def _read_areas(file: Path, folder: Path) -> Reading:
    areas = read_areas(file, LONDON)
    return Reading({"areas": len(areas), "boroughs": areas["borough_code"].nunique()})


def _recount_areas(file: Path, folder: Path) -> dict[str, float]:
    rows = rows_of(file)
    return {"areas": len({row["ward22cd"] for row in rows}), "boroughs": len({row["lad22cd"] for row in rows})}


def _read_shapes(kind: str) -> Read:
    def read(file: Path, folder: Path) -> Reading:
        shapes = read_ward_boundaries(file, areas_of(folder)) if kind == "WD24CD" else read_borough_boundaries(file)
        return Reading({"features": len(shapes), "coordinates": shapely.get_coordinates(shapes.geometry).sum()})

    return read


def _recount_shapes(kind: str) -> Recount:
    def recount(file: Path, folder: Path) -> dict[str, float]:
        known = set(areas_of(folder)["ward_code"])
        shapes = [
            each["geometry"]["coordinates"]
            for each in features_of(file)
            if kind == "LAD24CD" or each["properties"][kind] in known
        ]
        return {"features": len(shapes), "coordinates": float(sum(sum(coordinates(shape)) for shape in shapes))}

    return recount


def _persons(read: Callable[[Path, date, pd.DataFrame], pd.DataFrame]) -> Read:
    return lambda file, folder: Reading({"persons": read(file, KNOWN, areas_of(folder))["persons"].sum()})


def _recount_persons(columns: str, keep: Callable[[Row], bool] = lambda row: True, area: str = "ward22cd") -> Recount:
    def recount(file: Path, folder: Path) -> dict[str, float]:
        areas = areas_of(folder)
        known = {*areas["ward_code"], *areas["borough_code"]}
        rows = [row for row in rows_of(file) if keep(row) and row[area] in known]
        return {"persons": total(rows, columns_like(rows, columns))}

    return recount


def _read_hackney(file: Path, folder: Path) -> Reading:
    wards = sorted({row["gss_code_ward"] for row in rows_of(folder / HACKNEY)})
    projected = read_ward_projection(file, KNOWN, pd.DataFrame({"ward_code": wards}))
    return Reading({"persons": projected["persons"].sum()})


def _recount_hackney(file: Path, folder: Path) -> dict[str, float]:
    rows = [row for row in rows_of(file) if row["age"].casefold() not in ("all persons", "all ages", "total")]
    return {"persons": total(rows, columns_like(rows, YEAR))}


def _read_lsoas(file: Path, folder: Path) -> Reading:
    pair = [file if file.name == Path(name).name else folder / name for name in (LSOAS, WEIGHTS)]
    return Reading({"persons": ward_population_from_lsoa(*pair, KNOWN, areas_of(folder))["persons"].sum()})


def _recount_lsoas(file: Path, folder: Path) -> dict[str, float]:
    lsoas, weights = (rows_of(file if file.name == Path(name).name else folder / name) for name in (LSOAS, WEIGHTS))
    share: Counter[str] = Counter()
    known = set(areas_of(folder)["ward_code"])
    for row in weights:
        if row["ward22cd"] in known:
            share[row["lsoa21cd"]] += number(row["weight"])  # type: ignore[assignment]
    years = columns_like(lsoas, r"pop_\d{4}")
    return {"persons": float(sum(number(row[year]) * share[row["lsoa21cd"]] for row in lsoas for year in years))}


def _read_profile(file: Path, folder: Path) -> Reading:
    scores, groups = (file if file.name == Path(name).name else folder / name for name in (SCORES, GROUPS))
    profile = read_ward_profile(
        scores, groups, deprivation_known_from=KNOWN, ethnic_known_from=KNOWN, areas=areas_of(folder)
    )
    shares = profile["indicator"].str.contains("_share_")
    return Reading(
        {"scores": profile.loc[~shares, "value"].sum(), "squared shares": (profile.loc[shares, "value"] ** 2).sum()}
    )


def _recount_profile(file: Path, folder: Path) -> dict[str, float]:
    scores, groups = (rows_of(file if file.name == Path(name).name else folder / name) for name in (SCORES, GROUPS))
    known = set(areas_of(folder)["ward_code"])
    of_ward: Counter[str] = Counter()
    for row in groups:
        of_ward[row["ward22cd"]] += number(row["population"])  # type: ignore[assignment]
    shares = [
        float(number(row["population"])) / float(of_ward[row["ward22cd"]]) for row in groups if row["ward22cd"] in known
    ]
    return {
        "scores": total([row for row in scores if row["ward22cd"] in known], list(DEPRIVATION)),
        "squared shares": sum(share**2 for share in shares),
    }


def _read_severity(file: Path, folder: Path) -> Reading:
    pair = (file if file.name == Path(name).name else folder / name for name in (SEVERITIES, VOLUMES))
    severity = read_severity(*pair, "Metropolitan Police")
    return Reading({"weights": severity["weight"].sum()})


def _recount_severity(file: Path, folder: Path) -> dict[str, float]:
    weights, volumes = (
        rows_of(file if file.name == Path(name).name else folder / name) for name in (SEVERITIES, VOLUMES)
    )
    weight = {row["code_original"].strip(): float(number(row["weight"])) for row in weights}
    codes = Path(read_severity.__code__.co_filename).with_name("offence_codes.csv")
    crime_type = {row["offence_code"]: row["crime_type"] for row in rows_of(codes)}
    sums: dict[str, dict[str, list[float]]] = {"force": {}, "all": {}}
    for row in volumes:
        if row["Offence Group"] == "Fraud offences":
            continue
        volume = float(number(row["Number of Offences"]))
        for which in ["all", *["force"] * (row["Force Name"] == "Metropolitan Police")]:
            of_type = sums[which].setdefault(crime_type[row["Offence Code"]], [0.0, 0.0])
            of_type[0] += volume
            of_type[1] += volume * weight[row["Offence Code"]]
    means = {
        which: {name: weighted / volume for name, (volume, weighted) in each.items() if volume > 0}
        for which, each in sums.items()
    }
    return {"weights": sum((means["all"] | means["force"]).values())}


def _read_knives(file: Path, folder: Path) -> Reading:
    about = next(entry for entry in read_entries(KNOWN_STREAMS) if entry.name == "knife_crime")
    return Reading({"count": read_stream(file, about, areas_of(folder))[0].table["value"].sum()})


def _recount_knives(file: Path, folder: Path) -> dict[str, float]:
    rows = [row for row in rows_of(file) if row["area_type"] == "Borough" and row["measure"] == "Offences"]
    return {"count": total(rows, ["count"])}


def _read_ages(dataset: str) -> Read:
    def read(file: Path, folder: Path) -> Reading:
        evidence, quarantine = READERS[dataset](file)
        aside = int(quarantine["count"].sum())
        return Reading({"people": evidence["count"].sum() + aside}, aside)

    return read


def _recount_ages(count: str | None, keep: Callable[[Row], bool] = lambda row: True) -> Recount:
    def recount(file: Path, folder: Path) -> dict[str, float]:
        rows = [row for row in rows_of(file) if keep(row)]
        return {"people": len(rows) if count is None else total(rows, [count])}

    return recount


def _recount_suspects(file: Path, folder: Path) -> dict[str, float]:
    rows = rows_of(file)
    errors = [row for row in rows if row["charged_summonsed"] == "Recording Error"]  # set aside by rows
    return {"people": total([row for row in rows if row not in errors], ["count_of_ppa"]) + len(errors)}


def _read_old_wards(file: Path, folder: Path) -> Reading:
    names = (BEST_FIT, GLA_WEIGHTS, LSOA11_RESIDENTS)
    files = (file if file.name == Path(name).name else folder / name for name in names)
    old = {row["ward17_code"] for row in rows_of(folder / BEST_FIT)}
    weights = read_old_ward_weights(*files, old, areas_of(folder))
    if not ((weights.groupby("old_ward_code")["weight"].sum() - 1).abs() < 1e-9).all():
        raise AssertionError("shares of an old ward do not sum to one")
    return Reading({})


def _read_places(file: Path, folder: Path) -> Reading:
    weights, old = (file if file.name == Path(name).name else folder / name for name in (WEIGHTS, OLD_LSOAS))
    places = read_places(areas_of(folder), weights, old)
    read_lsoa_weights(weights, areas_of(folder))
    if not set(places.area_of_lsoa.values()) <= set(areas_of(folder)["ward_code"]):
        raise AssertionError("an LSOA lies in a ward that is not of the force")
    return Reading({})


def _recount_nothing(file: Path, folder: Path) -> dict[str, float]:
    return {}


def _read_extract(file: Path, folder: Path) -> Reading:
    tables = read_incidents(file, areas_of(folder), vocabulary(), LONDON.code, date.max)
    left_out = tables.quarantine["reason"].str.startswith("row left out")
    counted = tables.offences["count"].sum() + tables.unlocated_offences["count"].sum()
    aside = int(tables.quarantine["count"].sum())
    return Reading({"rows": counted + int(tables.quarantine.loc[left_out, "count"].sum())}, aside)


def _recount_rows(file: Path, folder: Path) -> dict[str, float]:
    return {"rows": len(rows_of(file))}


def _read_street(file: Path, folder: Path) -> Reading:
    zips, files = ([file], []) if file.suffix == ".zip" else ([], [file])
    places = read_places(areas_of(folder), None, folder / OLD_LSOAS)
    tables = read_street(street_files(zips, files, None), areas_of(folder), places, CITY.code)
    reasons = tables.quarantine["reason"].str.contains("not counted|left out")
    counted = tables.borough_offences["count"].sum() + tables.antisocial_behaviour["count"].sum()
    aside = int(tables.quarantine["count"].sum())
    return Reading({"rows": counted + tables.quarantine.loc[reasons, "count"].sum()}, aside)


def _recount_street(file: Path, folder: Path) -> dict[str, float]:
    return {"rows": len(rows_of_zip(file, "-street.csv"))}


def _of_people(row: Row) -> bool:
    population = row["Component"].casefold() == "population" and row["sex"].casefold() == "persons"
    return population and row["age"].casefold() not in ("all persons", "all ages", "total")


def _arrested(row: Row) -> bool:
    return row["outcome"] in ("Suspect arrested", "Arrest")


WIDE = "mps_recorded_crime/"
CASES = (
    *(
        Case(name, "london", f"{WIDE}{file}.csv.gz", _read_series(name.split()[0]), _recount_wide)
        for name, file in {
            "ward crime, historical": "ward22_historical_201004_202402",
            "ward crime, recent": "ward22_recent_202402_202503",
            "ward crime, with a stub": "ward22_recent_with_stub_202402_202503",
            "borough crime, historical": "borough_historical_201004_202402",
            "borough crime, recent": "borough_recent_202403_202503",
        }.items()
    ),
    *(
        Case(name, "london", f"{WIDE}{file}.csv.gz", _read_totals, _recount_wide)
        for name, file in {
            "ward totals, 31 types": "ward22_snapshot_202304_202503",
            "ward totals, 56 types": "ward22_snapshot_detailed56_202112_202311",
            "wards of 2018": "ward18_snapshot_202009_202208",
            "wards of 2018, earlier": "ward18_snapshot_202004_202203",
        }.items()
    ),
    Case("areas", "london", "lookups/ward22_borough_bcu.csv", _read_areas, _recount_areas),
    *(
        Case(name, "london", f"boundaries/{file}", _read_shapes(code), _recount_shapes(code))
        for name, file, code in (
            ("ward boundaries", "ward_2024_bsc_london.geojson", "WD24CD"),
            ("borough boundaries", "borough_2024_bsc_london.geojson", "LAD24CD"),
        )
    ),
    Case(
        "ward population",
        "london",
        "derived/ward22_population_mid2011_mid2022.csv.gz",
        _persons(read_ward_population),
        _recount_persons("population"),
    ),
    Case(
        "ward population by age",
        "london",
        "derived/ward22_population_single_year_age_2017_2019_2020.parquet",
        _persons(read_ward_population_by_age),
        _recount_persons(AGE),
    ),
    Case(
        "ward population by band",
        "london",
        "derived/ward22_census2021_age5.csv.gz",
        _persons(read_ward_population_by_band),
        _recount_persons("population"),
    ),
    Case(
        "borough population by age",
        "london",
        "population/ons_borough_single_year_age_mid2023_london.csv",
        _persons(read_borough_estimates_by_age),
        _recount_persons(AGE, area="lad_code"),
    ),
    Case(
        "borough projection",
        "london",
        "population/gla_2016based_housing_led_borough_syoa_2011_2050.csv.gz",
        _persons(read_borough_projection),
        _recount_persons(YEAR, _of_people, "gss_code"),
    ),
    Case("ward projection", "london", HACKNEY, _read_hackney, _recount_hackney),
    Case("LSOA population", "london", LSOAS, _read_lsoas, _recount_lsoas),
    Case("LSOA weights", "london", WEIGHTS, _read_lsoas, _recount_lsoas),
    Case("deprivation", "london", SCORES, _read_profile, _recount_profile),
    Case("ethnic groups", "london", GROUPS, _read_profile, _recount_profile),
    Case("severity weights", "london", SEVERITIES, _read_severity, _recount_severity),
    Case("offence volumes", "london", VOLUMES, _read_severity, _recount_severity),
    Case(
        "knife crime",
        "london",
        "mps_dashboards/knife_crime_borough_snt_202203_202503.parquet",
        _read_knives,
        _recount_knives,
    ),
    *(
        Case(name, "london", file, _read_ages(dataset), recount)
        for name, dataset, file, recount in (
            (
                "arrests",
                "arrests",
                "home_office/arrests_metropolitan_offence_age_200607_201718.csv",
                _recount_ages("arrests"),
            ),
            (
                "Scottish convictions",
                "scottish_convictions",
                "scotland/convictions_age_crime_1990_2018.parquet",
                _recount_ages("Convictions", lambda row: row["Age"] != "All"),
            ),
            (
                "homicide suspects",
                "homicide_suspects",
                "mps_dashboards/homicide_suspects_proceeded_2003_2024.parquet",
                _recount_suspects,
            ),
            (
                "homicide victims",
                "homicide_victims",
                "mps_dashboards/homicide_victims_200301_202108.csv.gz",
                _recount_ages("Count of Victims"),
            ),
            (
                "victims of violence against women",
                "vawg_victims",
                "mps_dashboards/vawg_victims_201401_202503.parquet",
                _recount_ages("count", lambda row: row["sheet"] == "Victim count by age group"),
            ),
            (
                "custody disposals",
                "custody_disposals",
                "mps_dashboards/custody_disposals_202101_202503.parquet",
                _recount_ages("offence_count"),
            ),
            (
                "stops",
                "stops_ending_in_arrest",
                "police_uk/stop_search_metropolitan_201504_202408.parquet",
                _recount_ages(None, _arrested),
            ),
        )
    ),
    Case("best fit of wards", "london", BEST_FIT, _read_old_wards, _recount_nothing),
    Case("weights of LSOAs of 2011", "london", GLA_WEIGHTS, _read_old_wards, _recount_nothing),
    Case("residents of LSOAs of 2011", "london", LSOA11_RESIDENTS, _read_old_wards, _recount_nothing),
    Case("LSOAs of 2011 to 2021", "london", OLD_LSOAS, _read_places, _recount_nothing),
    Case(
        "street-level archive",
        "city",
        "street_crime/city_of_london_street_202409_202410.zip",
        _read_street,
        _recount_street,
    ),
    Case("record-level extract", "extract", "incidents/record_level_extract.csv.gz", _read_extract, _recount_rows),
)

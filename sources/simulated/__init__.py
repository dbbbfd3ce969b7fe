"""A fictional city's police force, simulated from a known truth, in the forms of the real publishers.

Walks in: a size and a seed. Walks out: a data folder that `sources.read_force` reads like any other, with the
truth beside it. `docs/simulated-force.md` says what is true in it.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from sources.catalogue.catalogue import FORCE_ENTRY
from sources.simulated.city import QUELLMOUTH, City, Identity, build_city
from sources.simulated.command_truth import write_command_truth
from sources.simulated.offences import offences_by_type, record
from sources.simulated.plan_truth import plan_truth_of
from sources.simulated.residents import settle
from sources.simulated.stakes import last_year_by_command, stakes_truth_of, write_stakes, write_stakes_truth
from sources.simulated.streams import write_streams
from sources.simulated.truth import Calendar, plan_truth
from sources.simulated.written.crime_files import AIRPORT_IN_BOROUGH_FILES, AIRPORT_IN_WARD_FILES, write_crime_files
from sources.simulated.written.files import write_csv, write_geojson
from sources.simulated.written.people_files import write_people_files
from sources.simulated.written.plan_files import write_plan_folder, write_plan_truth
from sources.simulated.written.records import write_extract
from sources.simulated.written.truth_files import write_truth

FEWEST_WARDS, MOST_WARDS = 12, 7_500
FEWEST_MONTHS = 48
EARLIEST_MONTH, LATEST_MONTH = pd.Period("2005-01", "M"), pd.Period("2035-12", "M")

FORCE_CODE = QUELLMOUTH.code
NOTICE = "SIMULATED.txt"
_CONTENT = {NOTICE, FORCE_ENTRY, "truth", "lookups", "boundaries", "derived", "population"}
_CONTENT |= {"mps_recorded_crime", "incidents", "mps_dashboards", "streams", "plan"}

_NOTICE_TEXT = """SIMULATED

Everything in this folder is simulated. The city, its wards, its residents and the offences are made up; the
files only look like those of real publishers. The folder `truth` holds what the files were drawn from.
"""


def simulate(
    destination: Path,
    *,
    wards: int = 120,
    months: int = 120,
    seed: int = 1,
    last_month: str = "2025-03",
    identity: Identity = QUELLMOUTH,
    truth: bool = True,
) -> Path:
    """Write the data folder of a fictional force and return its path; same arguments, same bytes.

    A folder that an earlier simulation wrote is replaced. Nothing is left behind when the work is cut short. `truth`
    says whether the truth is written beside the data; it is as large as they are.

    Raises
    ------
    ValueError
        If there are fewer than 12 or more than 7,500 wards, fewer than 48 months, or a month is not one from
        2005-01 to 2035-12.
    FileExistsError
        If the destination holds anything that no simulation wrote.
    """
    calendar = _calendar(months, last_month)
    if not FEWEST_WARDS <= wards <= MOST_WARDS:
        raise ValueError(f"A simulated force has from {FEWEST_WARDS} to {MOST_WARDS:,} wards, not {wards:,}")
    destination = Path(destination).absolute()
    _refuse_foreign_content(destination)
    unfinished = destination.with_name(destination.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        _write_force(unfinished, wards, calendar, seed, identity, truth)
        shutil.rmtree(destination, ignore_errors=True)
        unfinished.replace(destination)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return destination


def _write_force(folder: Path, wards: int, calendar: Calendar, seed: int, identity: Identity, with_truth: bool) -> None:
    # Each part draws from a stream of its own: a change to one leaves the others as they were.
    streams = [np.random.default_rng(each) for each in np.random.SeedSequence(seed).spawn(10)]
    for_city, for_residents, for_truth, for_offences, for_crime_files, for_people_files, for_extract, *for_more = (
        streams
    )
    for_streams, for_plan, for_stakes = for_more
    city = build_city(wards, for_city, identity)
    residents = settle(city, for_residents)
    truth = plan_truth(city, residents, calendar, for_truth)
    recorded = record(truth, for_offences)
    folder.mkdir(parents=True)
    (folder / NOTICE).write_text(_NOTICE_TEXT, encoding="utf-8")
    (folder / FORCE_ENTRY).write_text(_force_entry(city, identity), encoding="utf-8")
    _write_geography(folder, city)
    write_people_files(folder, city, residents, for_people_files)
    write_crime_files(folder / "mps_recorded_crime", recorded, truth, for_crime_files)
    write_extract(folder, recorded, truth, for_extract)
    write_streams(folder, recorded, truth, for_streams, with_truth=with_truth)
    types = list(truth.crime_types["crime_type"])
    last_year = offences_by_type(recorded, types)[:, -12:].sum(axis=1)
    work = plan_truth_of(types, last_year, wards, calendar.months, for_plan)
    write_plan_folder(folder / "plan", work, calendar.months[-1], for_plan)
    stakes = stakes_truth_of(types, last_year_by_command(recorded, types, city), for_stakes)
    write_stakes(folder / "plan", stakes, work, calendar.months[-1], for_stakes)
    if with_truth:
        write_truth(folder / "truth", truth, recorded, seed)
        write_plan_truth(folder / "truth", work)
        write_stakes_truth(folder / "truth", stakes, work)
        write_command_truth(folder / "truth" / "command_units", city, seed)


def _calendar(months: int, last_month: str) -> Calendar:
    if months < FEWEST_MONTHS:
        raise ValueError(f"A simulated force has at least {FEWEST_MONTHS} months, not {months}")
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", last_month):
        raise ValueError(f"The last month is given as 2025-03, not {last_month!r}")
    last = pd.Period(last_month, "M")
    if last - (months - 1) < EARLIEST_MONTH or last > LATEST_MONTH:
        raise ValueError(
            f"The {months} months to {last} do not lie between {EARLIEST_MONTH} and {LATEST_MONTH}, "
            "the years that the population files cover or nearly cover"
        )
    # Distances from the end are those of London's files to March 2025.
    return Calendar(
        pd.period_range(end=last, periods=months, freq="M").to_timestamp(),
        change=months - 13,
        rename=months - 24,
        bad=months - 18,
    )


def _refuse_foreign_content(destination: Path) -> None:
    if not destination.exists():
        return
    if not destination.is_dir():
        raise FileExistsError(f"{destination} is a file; name a folder for the simulated force")
    content = {entry.name for entry in destination.iterdir()}
    foreign = sorted(content - _CONTENT) or sorted(content if NOTICE not in content else [])
    if foreign:
        raise FileExistsError(
            f"{destination} holds {foreign[0]}, which no simulation wrote; name an empty or a new folder"
        )


def _force_entry(city: City, identity: Identity) -> str:
    airport = city.wards.loc[city.wards["role"] == "airport", "borough_name"].iloc[0]
    return f"""# SIMULATED: this force does not exist.
name = "{city.name} Police (simulated)"
code = "{identity.code}"
simulated = true

# Places that the crime files count apart, and the borough in which they lie.
[borough_aliases]
"{AIRPORT_IN_WARD_FILES}" = "{airport}"
"{AIRPORT_IN_BOROUGH_FILES}" = "{airport}"
"""


def _write_geography(folder: Path, city: City) -> None:
    wards = city.wards
    lookup = wards[["ward_code", "ward_name", "borough_code", "borough_name", "bcu_name"]]
    lookup = lookup.set_axis(["ward22cd", "ward_name", "lad22cd", "borough", "bcu"], axis="columns")
    write_csv(lookup, folder / "lookups/ward22_borough_bcu.csv")
    write_geojson(
        wards[["ward_code", "ward_name"]].set_axis(["WD24CD", "WD24NM"], axis="columns"),
        list(city.polygons),
        folder / "boundaries/ward_2024_bsc_quellmouth.geojson",
    )
    of_boroughs = [
        shapely.coverage_union_all(city.polygons[city.borough == position]) for position in range(len(city.boroughs))
    ]
    write_geojson(
        city.boroughs.set_axis(["LAD24CD", "LAD24NM"], axis="columns"),
        of_boroughs,
        folder / "boundaries/borough_2024_bsc_quellmouth.geojson",
    )

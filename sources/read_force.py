"""Everything known of one force, read from its data folder.

Walks in: a folder laid out as `catalogue.toml` says. Walks out: `ForceTables`, the canonical tables with what
was found on the way (manifest, overlaps of editions, quarantined rows), savable to and loadable from Parquet.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd

from sources.ages.evidence import read_age_evidence
from sources.catalogue.catalogue import FORCE_ENTRY, check_complete, load_catalogue, read_force_entry
from sources.catalogue.data_folder import DataFolder, manifest
from sources.catalogue.police_forces import read_police_forces
from sources.crime.incidents import RECORD_LEVEL_EXTRACT
from sources.crime.offence_history import OffenceHistory
from sources.crime.severity import read_severity
from sources.files.errors import InputError
from sources.places.geography import is_lsoa, read_areas, read_borough_boundaries, read_ward_boundaries
from sources.places.postcodes import read_postcodes
from sources.places.ward_profile import read_ward_profile
from sources.recorded_crime import read_recorded_crime
from sources.residents.residents import read_residents, refuse_late_projection
from sources.streams.knife_crime import knife_crime_of
from sources.streams.read_streams import read_streams
from sources.tables.contracts import POSTCODES, SEVERITY, WARD_PROFILE, checked, no_rows
from sources.tables.force_tables import Force, ForceTables


def read_force(data: Path, progress: Callable[[str], None] | None = None, *, stops: bool = False) -> ForceTables:
    """Read, check and join everything that a data folder holds of its force.

    `progress` is told each step as it begins; `stops` says whether ages of people arrested after a stop are read too.

    Raises
    ------
    InputError
        If the folder or a required file is missing, a reader refuses a file, `force.toml` names a borough
        that is not there, or the projection starts after the history ends. `FilesChangedError` if a file was replaced
        or written to meanwhile.
    """
    catalogue = load_catalogue()
    check_complete(catalogue, data)
    folder = DataFolder(data, catalogue, read_force_entry(data, catalogue))
    try:
        return _read_folder(folder, progress or (lambda step: None), stops=stops)
    except InputError:
        folder.refuse_changed()  # what a reader says of a half-copied file is not the matter
        raise


def _read_folder(folder: DataFolder, tell: Callable[[str], None], *, stops: bool) -> ForceTables:
    """Return the tables of a data folder that has all the files it must have; errors as `read_force`."""
    force = Force(folder.force.name, folder.force.code, folder.force.simulated)

    tell("Reading wards, boroughs and their boundaries")
    areas = read_areas(folder.one("lsoa_areas" if folder.has("lsoa_areas") else "areas"), force)
    _refuse_unknown_boroughs(folder, areas)
    ward_boundaries, borough_boundaries = _read_boundaries(folder, areas)

    tell("Reading residents and what wards are like")
    residents = read_residents(folder, areas)
    ward_profile = _read_ward_profile(folder, areas)

    tell("Reading recorded crime and joining its editions")
    history = read_recorded_crime(folder, areas)
    refuse_late_projection(folder, residents, history.offences["month"].max())

    tell("Reading the severity of offences")
    severity = _read_severity(folder, force, history)

    tell("Reading streams of other demand")
    streams = read_streams(folder, areas, list(history.crime_types["crime_type"]))

    tell("Reading the ages of victims and suspects")
    age_evidence, ages_left_out = read_age_evidence(folder, history.age_evidence, stops=stops)
    if history.own_types is not None:  # others' tables of ages are of other types
        age_evidence = age_evidence[age_evidence["source"] == RECORD_LEVEL_EXTRACT].reset_index(drop=True)

    tell("Reading postcodes")
    postcodes = read_postcodes(folder.one("postcodes"), areas) if folder.has("postcodes") else no_rows(POSTCODES)

    tell("Noting which files were read")
    spans = history.spans.set_index("file")[["first_month", "last_month"]]
    return ForceTables(
        force=force,
        areas=areas,
        crime_types=history.crime_types,
        offences=history.offences,
        unlocated_offences=history.unlocated_offences,
        borough_offences=history.borough_offences,
        antisocial_behaviour=history.antisocial_behaviour,
        age_evidence=age_evidence,
        ward_population=residents.of_wards,
        ward_population_by_age=residents.of_wards_by_age,
        ward_population_by_band=residents.of_wards_by_band,
        borough_population_by_age=residents.of_boroughs_by_age,
        ward_profile=ward_profile,
        severity=severity,
        knife_crime=knife_crime_of(streams.stream_values, areas),
        ward_boundaries=ward_boundaries,
        borough_boundaries=borough_boundaries,
        overlaps=history.overlaps,
        quarantine=pd.concat([history.quarantine, ages_left_out], ignore_index=True),
        manifest=manifest(folder, {str(row.Index): (row[1], row[2]) for row in spans.itertuples()}, history.rows),
        streams=streams.streams,
        stream_values=streams.stream_values,
        former_wards=history.former_wards,
        postcodes=postcodes,
    )


def _read_boundaries(folder: DataFolder, areas: pd.DataFrame) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return the polygons of wards and of boroughs, none where the force has no such file."""
    none = gpd.GeoDataFrame({"code": pd.Series(dtype="str")}, geometry=[], crs="EPSG:4326")
    of_wards = "lsoa_boundaries" if is_lsoa(areas["ward_code"]).all() else "ward_boundaries"
    wards = read_ward_boundaries(folder.one(of_wards), areas) if folder.has(of_wards) else none
    has_boroughs = folder.has("borough_boundaries")
    return wards, read_borough_boundaries(folder.one("borough_boundaries")) if has_boroughs else none


def _read_ward_profile(folder: DataFolder, areas: pd.DataFrame) -> pd.DataFrame:
    """Return what wards are like, or an empty table where neither of its two files is there."""
    if not folder.has("deprivation") and not folder.has("ethnic_groups"):
        return checked(WARD_PROFILE, pd.DataFrame(columns=list(WARD_PROFILE.columns)), folder.path)
    deprivation, deprivation_day = folder.dated("deprivation")
    ethnic, ethnic_day = folder.dated("ethnic_groups")
    return read_ward_profile(
        deprivation, ethnic, deprivation_known_from=deprivation_day, ethnic_known_from=ethnic_day, areas=areas
    )


def _read_severity(folder: DataFolder, force: Force, history: OffenceHistory) -> pd.DataFrame:
    """Return the severity of crime types: the force's own, or from two files, or none where neither is there."""
    if history.own_types is not None:
        own = history.own_types.severity
        return own[own["crime_type"].isin(history.crime_types["crime_type"])].reset_index(drop=True)
    if not folder.has("severity_weights") and not folder.has("offence_volumes"):
        return no_rows(SEVERITY)
    names = {each.code: each.home_office for each in read_police_forces()}
    name = names.get(force.code, force.name)
    return read_severity(folder.one("severity_weights"), folder.one("offence_volumes"), name, history.broader)


def _refuse_unknown_boroughs(folder: DataFolder, areas: pd.DataFrame) -> None:
    for alias, borough in folder.force.borough_aliases.items():
        if borough not in set(areas["borough_name"]):
            raise InputError(
                f"{alias!r} is said to be part of a borough that the ward lookup does not have",
                file=folder.path / FORCE_ENTRY,
                column="borough_aliases",
                value=borough,
                remedy="Name the force and its boroughs in force.toml; a folder without one is London's.",
            )

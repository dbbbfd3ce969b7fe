"""The offences of one force from all that its data folder holds of them, the sources compared.

Walks in: a `DataFolder` with wide files of recorded crime by ward and by borough, a record-level extract, or both, or
with police.uk's street-level files. Walks out: one `OffenceHistory`, its overlaps telling how far the sources agree.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd

from sources.catalogue.catalogue import find, missing_files
from sources.catalogue.data_folder import DataFolder
from sources.crime.crime_types import crosswalk_of, identify_vocabulary, read_crime_vocabulary
from sources.crime.editions import Edition
from sources.crime.incidents import read_incidents
from sources.crime.mps_crime import read_wide
from sources.crime.offence_history import OffenceHistory, read_offence_history
from sources.crime.own_types import OwnTypes, read_own_types
from sources.crime.volumes import refuse_partial_month
from sources.crime.wide_counts import totals_by_area
from sources.files.errors import InputError
from sources.places.former_wards import former_wards
from sources.places.ward_vintages import compare_with_history, read_old_ward_weights
from sources.street.archive import street_files
from sources.street.places import read_places
from sources.street.street_crime import read_street, read_street_crime_types, street_type_of_harmonised
from sources.tables.contracts import AGE_EVIDENCE, no_rows

_OVERLAPS = {
    "dataset": "str",
    "other": "str",
    "month": "datetime64[us]",
    "offences": "float64",
    "other_offences": "float64",
    "difference": "float64",
}


def read_recorded_crime(folder: DataFolder, areas: pd.DataFrame) -> OffenceHistory:
    """Return the offences of the wide files, or of the extract where there are none, or else of the street-level files.

    An extract beside wide files gives the ages and no counts, files of the wards of 2018 give neither: they are
    compared in `overlaps`, which holds dataset, other, month, offences, other_offences, difference (share of other).
    `spans` has file, first_month and last_month of each.

    Raises
    ------
    InputError
        What the readers refuse; wide files by ward without those by borough, or the other way round; a file
        of wards of 2018 without the lookups to carry it over; a month that does not seem to be whole.
    """
    own = read_own_types(folder.one("crime_types")) if folder.has("crime_types") else None
    history = _with_own_types(_read(folder, areas, read_crime_vocabulary() if own is None else own.vocabulary), own)
    _refuse_partial_months(folder, history)
    return history


def _with_own_types(history: OffenceHistory, own: OwnTypes | None) -> OffenceHistory:
    """Return the history with the force's own crime types and no ages where it tells none, and with types recorded."""
    if own is not None:
        ages = history.age_evidence
        told = ages[ages["crime_type"].isin(set(own.crime_types["crime_type"]) - own.without_ages)]
        history = replace(history, crime_types=own.crime_types, age_evidence=told, own_types=own)
    recorded = {*history.offences["crime_type"], *history.unlocated_offences.query("count > 0")["crime_type"]}
    types = history.crime_types
    return replace(history, crime_types=types[types["crime_type"].isin(recorded)].reset_index(drop=True))


def _read(folder: DataFolder, areas: pd.DataFrame, vocabulary: pd.DataFrame) -> OffenceHistory:
    extract = _read_extract(folder, areas, vocabulary) if folder.has("incidents") else None
    wards = _editions(folder, "ward_crime")
    if extract is not None and not wards:
        return extract
    boroughs = _editions(folder, "borough_crime")
    if not wards and not boroughs and (folder.has("street_archive") or folder.has("street_files")):
        return _read_street(folder, areas)
    if not wards or not boroughs:
        raise missing_files(folder.catalogue.editions("borough_crime" if wards else "ward_crime"), folder.path)
    history = read_offence_history(
        wards,
        boroughs,
        areas,
        vocabulary,
        folder.force.code,
        folder.force.borough_aliases,
        last_month=_last_month(folder),
    )
    return _with_comparisons(history, extract, _read_wards_of_2018(folder, vocabulary), folder, areas)


def _last_month(folder: DataFolder) -> pd.Timestamp | None:
    """Return the last month whose offences count, None where force.toml names none."""
    named = folder.force.last_month
    return None if named is None else pd.Timestamp(f"{named}-01")


def _refuse_partial_months(folder: DataFolder, history: OffenceHistory) -> None:
    """Refuse a history with a month that does not seem to be whole; see `sources.crime.volumes`."""
    located = history.offences.groupby("month")["count"].sum()
    volumes = located.add(history.unlocated_offences.groupby("month")["count"].sum(), fill_value=0)
    refuse_partial_month(volumes, folder.force.whole_months, ", ".join(history.spans["file"]))


def _editions(folder: DataFolder, series: str) -> list[Edition]:
    """Return the files of a series, oldest first; two of one dataset are told apart by their names."""
    editions = []
    for dataset in folder.catalogue.editions(series):
        files = folder.all(dataset.id)
        editions += [Edition(dataset.id if len(files) == 1 else file.name, file) for file in files]
    return editions


def _read_extract(folder: DataFolder, areas: pd.DataFrame, vocabulary: pd.DataFrame) -> OffenceHistory:
    file = folder.one("incidents")
    today = date.max if folder.force.simulated else date.today()  # a simulated force may lie in years to come
    until = _last_month(folder)
    records = read_incidents(file, areas, vocabulary, folder.force.code, today, until.date() if until else None)
    return OffenceHistory(
        offences=records.offences,
        unlocated_offences=records.unlocated_offences,
        borough_offences=records.borough_offences,
        age_evidence=records.age_evidence,
        overlaps=pd.DataFrame(columns=list(_OVERLAPS)).astype(_OVERLAPS),
        quarantine=records.quarantine,
        spans=_span(file, records.borough_offences["month"]),
    )


def _read_street(folder: DataFolder, areas: pd.DataFrame) -> OffenceHistory:
    if folder.has("crime_types"):
        raise InputError(
            "Street-level files have the crime types of police.uk, and the force is said to have its own",
            file=folder.one("crime_types"),
            remedy="Supply the force's offences in an extract or in wide files, or move crime_types.csv away.",
        )
    archive, single = (folder.catalogue[name] for name in ("street_archive", "street_files"))
    files = street_files(find(archive, folder.path), find(single, folder.path), folder.force.street_force)
    every = [one for each in files for one in (each, *each.earlier)]
    folder.files_read.update({each.path: archive if each.member else single for each in every})
    weights = folder.one("lsoa_weights") if folder.has("lsoa_weights") else None
    old_lsoas = folder.one("old_lsoas") if folder.has("old_lsoas") else None
    street = read_street(files, areas, read_places(areas, weights, old_lsoas), folder.force.code, _last_month(folder))
    files = [each for each in files if each.month in street.rows.index]
    months = pd.DataFrame({"file": [each.path.name for each in files], "month": [each.month for each in files]})
    rows = months["month"].map(street.rows).groupby(months["file"]).sum()
    return OffenceHistory(
        offences=street.offences,
        unlocated_offences=street.unlocated_offences,
        borough_offences=street.borough_offences,
        age_evidence=no_rows(AGE_EVIDENCE),
        overlaps=street.overlaps.reindex(columns=list(_OVERLAPS)).astype(_OVERLAPS),
        quarantine=street.quarantine,
        spans=months.groupby("file")["month"].agg(first_month="min", last_month="max").reset_index(),
        crime_types=read_street_crime_types(),
        antisocial_behaviour=street.antisocial_behaviour,
        broader=street_type_of_harmonised(),
        rows=dict.fromkeys((each.path.name for each in every), 0) | {str(file): int(of) for file, of in rows.items()},
    )


def _read_wards_of_2018(folder: DataFolder, vocabulary: pd.DataFrame) -> dict[Path, pd.DataFrame]:
    """Return, by file, offences of all types by ward of 2018: ward_code, month, count."""
    counts = {}
    for file in folder.all("ward_2018_crime"):
        wide = read_wide(file)
        crosswalk = crosswalk_of(vocabulary, identify_vocabulary(wide.rows, vocabulary, file))
        totals = totals_by_area(wide, crosswalk).rename_axis(index="ward_code")
        counts[file] = totals.reset_index().melt("ward_code", var_name="month", value_name="count")
    return counts


def _with_comparisons(
    history: OffenceHistory,
    extract: OffenceHistory | None,
    wards_of_2018: dict[Path, pd.DataFrame],
    folder: DataFolder,
    areas: pd.DataFrame,
) -> OffenceHistory:
    """Return the history with what the other sources showed added to overlaps, quarantine and spans."""
    overlaps, quarantine, spans = [history.overlaps], [history.quarantine], [history.spans]
    gone = history.former_wards
    if wards_of_2018:
        by_ward = history.offences.groupby(["ward_code", "month"])["count"].sum().reset_index()
        weights = read_old_ward_weights(
            folder.one("ward_2017_best_fit"),
            folder.one("lsoa_2011_weights"),
            folder.one("lsoa_2011_population_by_age"),
            set().union(*(counts["ward_code"] for counts in wards_of_2018.values())),
            areas,
        )
        gone = former_wards(list(wards_of_2018), weights, areas)
        for file, counts in wards_of_2018.items():
            compared = compare_with_history(counts, weights, by_ward, areas, dataset=file.name, other="ward_crime")
            overlaps.append(compared.by_month)
            spans.append(_span(file, counts["month"]))
    if extract is not None:
        overlaps.append(_compare_extract(extract, history))
        quarantine.append(extract.quarantine)
        spans.append(extract.spans)
    return replace(
        history,
        age_evidence=history.age_evidence if extract is None else extract.age_evidence,
        overlaps=pd.concat([each.astype(_OVERLAPS) for each in overlaps], ignore_index=True),
        quarantine=pd.concat(quarantine, ignore_index=True),
        spans=pd.concat(spans, ignore_index=True),
        former_wards=gone,
    )


def _compare_extract(extract: OffenceHistory, history: OffenceHistory) -> pd.DataFrame:
    """Return the extract's totals by month, unlocated offences included, beside the borough files'."""
    totals = pd.DataFrame(
        {
            "offences": extract.borough_offences.groupby("month")["count"].sum(),
            "other_offences": history.borough_offences.groupby("month")["count"].sum(),
        }
    ).dropna()
    totals = totals.assign(difference=totals["offences"] / totals["other_offences"] - 1)
    return totals.reset_index().assign(dataset="incidents", other="borough_crime")[list(_OVERLAPS)]


def _span(file: Path, months: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"file": [file.name], "first_month": [months.min()], "last_month": [months.max()]})

"""The wide crime files of the fictional force, by ward and by borough, with the publisher's quirks.

Walks in: `Recorded` offences, the `Truth`. Walks out: four editions of the ward file and two of the borough
file.

The newest edition is the one with a stub; it and the historical files hold the recorded counts exactly.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from sources.simulated.offences import RESIDENTIAL_BURGLARY, Recorded
from sources.simulated.truth import Truth
from sources.simulated.written.files import write_csv

AIRPORT_IN_WARD_FILES = "Aviation Security (SO18)"
AIRPORT_IN_BOROUGH_FILES = "Quellmouth Airport"
NO_BOROUGH = "Unknown"

STUB_OFFENCES = 40
# Offences that an earlier edition has in its newest month and the newest edition took out again, as a share;
# half as many in each month before.
REVISED_SINCE_RECENT, REVISED_SINCE_SNAPSHOT = 0.001, 0.008
_REVISED_MONTHS = 8
_AIRPORT_LABEL_AT_FIRST = 0.06  # share of the airport's offences under its label in the label's first month

# The older list of 31 types folds these into others, and has other names for burglary.
_FOLDED = {
    "STALKING AND HARASSMENT": "VIOLENCE WITHOUT INJURY",
    "DEATH SERIOUS INJURY ILLEGAL DRIVING": "VIOLENCE WITH INJURY",
}
_OLDER_BURGLARY_BEFORE, _OLDER_BURGLARY_AFTER = "BURGLARY IN A DWELLING", "BURGLARY - RESIDENTIAL"

_WARD_COLUMNS = ("MajorText", "MinorText", "WardName", "WardCode", "LookUp_BoroughName")
_LOWER_CASE_WARD_COLUMNS = tuple(column.lower() for column in _WARD_COLUMNS)
_HISTORICAL_COLUMNS = ("wardname", "wardcode", "majortext", "minortext", "lookup_boroughname")
_BOROUGH_COLUMNS = ("majortext", "minortext", "boroughname")


class _WideFile(NamedTuple):
    """A file to be: counts (type, area, month) of the months in `span`; sorted by `areas`."""

    name: str
    columns: tuple[str, ...]
    types: pd.DataFrame
    areas: pd.DataFrame
    counts: np.ndarray
    span: slice
    line_end: str = "\n"


def write_crime_files(folder: Path, recorded: Recorded, truth: Truth, generator: np.random.Generator) -> None:
    """Write every edition of the ward and the borough file into a folder."""
    change = truth.calendar.change
    history, from_change = slice(0, change), slice(change, None)
    recent, two_years = slice(change - 1, None), slice(truth.calendar.rename, None)
    types = recorded.types
    at_airport = _offences_labelled_airport(recorded, truth, generator)
    wards, located = _ward_rows(recorded.located, at_airport, truth)
    stub = located.copy()
    stub[..., change - 1] = _a_few(stub[..., change - 1], STUB_OFFENCES, generator)
    less_revised = _before_revision(located, REVISED_SINCE_RECENT, generator)
    older_types, older = _in_older_list(types, located, change)
    older = _before_revision(older, REVISED_SINCE_SNAPSHOT, generator)
    older_wards = wards.assign(wardname=wards["wardname"].str.replace("&", "and"))
    boroughs, with_airport = _borough_rows(recorded, at_airport, truth)
    _, without_airport = _borough_rows(recorded, np.zeros_like(at_airport), truth)
    for file in (
        _WideFile("ward22_historical", _HISTORICAL_COLUMNS, types, wards, located, history),
        _WideFile("ward22_recent_with_stub", _LOWER_CASE_WARD_COLUMNS, types, wards, stub, recent),
        _WideFile("ward22_recent", _WARD_COLUMNS, types, wards, less_revised, recent),
        _WideFile("ward22_snapshot", _WARD_COLUMNS, older_types, older_wards, older, two_years, "\r\n"),
        _WideFile("borough_historical", _BOROUGH_COLUMNS, types, boroughs, with_airport, history),
        _WideFile("borough_recent", _BOROUGH_COLUMNS, types, boroughs, without_airport, from_change),
    ):
        _write(file, folder, truth.calendar.months)


def _offences_labelled_airport(recorded: Recorded, truth: Truth, generator: np.random.Generator) -> np.ndarray:
    """Return the airport ward's offences under a label of its own, (type, month): all, once it has one."""
    month = np.arange(len(truth.calendar.months))
    share = np.where(month > truth.calendar.rename, 1.0, 0.0)
    share[truth.calendar.rename] = _AIRPORT_LABEL_AT_FIRST
    return generator.binomial(recorded.located[:, _airport(truth)], share).astype(np.int32)


def _ward_rows(located: np.ndarray, at_airport: np.ndarray, truth: Truth) -> tuple[pd.DataFrame, np.ndarray]:
    """Return wards, the airport twice, and their counts (type, row, month)."""
    airport = _airport(truth)
    wards = truth.city.wards[["borough_name", "ward_name", "ward_code"]]
    wards = wards.set_axis(["lookup_boroughname", "wardname", "wardcode"], axis="columns")
    labelled = wards.iloc[[airport]].assign(lookup_boroughname=AIRPORT_IN_WARD_FILES)
    counts = np.concatenate([located, at_airport[:, np.newaxis]], axis=1)
    counts[:, airport] -= at_airport
    return pd.concat([wards, labelled], ignore_index=True), counts


def _borough_rows(recorded: Recorded, at_airport: np.ndarray, truth: Truth) -> tuple[pd.DataFrame, np.ndarray]:
    """Return boroughs, the airport's label and "Unknown", and their counts (type, row, month)."""
    names = [*truth.city.boroughs["borough_name"], AIRPORT_IN_BOROUGH_FILES, NO_BOROUGH]
    counts = truth.city.sum_by_borough(recorded.located + recorded.in_borough, axis=1)
    counts[:, truth.city.borough[_airport(truth)]] -= at_airport
    nowhere = recorded.nowhere.sum(axis=1)
    counts = np.concatenate([counts, at_airport[:, np.newaxis], nowhere[:, np.newaxis]], axis=1)
    return pd.DataFrame({"boroughname": names}), counts


def _airport(truth: Truth) -> int:
    return int(np.flatnonzero(truth.city.wards["role"] == "airport")[0])


def _a_few(counts: np.ndarray, number: int, generator: np.random.Generator) -> np.ndarray:
    """Return counts of a random few of the offences."""
    number = min(number, counts.sum() // 25)  # in a small force too, far fewer than a month's
    drawn = generator.multivariate_hypergeometric(counts.ravel(), number, method="marginals")
    return drawn.reshape(counts.shape)


def _before_revision(counts: np.ndarray, share: float, generator: np.random.Generator) -> np.ndarray:
    """Return counts with the offences that were later taken out of the newest months."""
    counts = counts.copy()
    for age in range(_REVISED_MONTHS):
        newest = counts[..., -1 - age]
        total = newest.sum()
        surplus = generator.multinomial(round(total * share / 2**age), (newest / total).ravel())
        counts[..., -1 - age] += surplus.reshape(newest.shape).astype(np.int32)
    return counts


def _in_older_list(types: pd.DataFrame, counts: np.ndarray, change: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the types of the older list and their counts (type, row, month)."""
    residential = (types["crime_type"] == RESIDENTIAL_BURGLARY).to_numpy()
    before = types.assign(minor_type=types["minor_type"].replace(_FOLDED).mask(residential, _OLDER_BURGLARY_BEFORE))
    older = before[["major_type", "minor_type"]].drop_duplicates()
    summed = np.stack([counts[before["minor_type"] == minor].sum(axis=0) for minor in older["minor_type"]])
    burglary = (older["minor_type"] == _OLDER_BURGLARY_BEFORE).to_numpy()
    after = summed[burglary].copy()
    after[..., :change] = 0
    summed[burglary, ..., change:] = 0
    renamed = older[burglary].assign(minor_type=_OLDER_BURGLARY_AFTER)
    return pd.concat([older, renamed], ignore_index=True), np.concatenate([summed, after])


def _write(file: _WideFile, folder: Path, months: pd.DatetimeIndex) -> None:
    """Write one row an area and type with any offence in the span, one column a month."""
    flat = file.counts[..., file.span].reshape(len(file.types) * len(file.areas), -1)
    some = flat.any(axis=1)
    kind, area = np.divmod(np.flatnonzero(some), len(file.areas))
    identifiers = file.areas.iloc[area].reset_index(drop=True)
    identifiers["majortext"] = file.types["major_type"].to_numpy()[kind]
    identifiers["minortext"] = file.types["minor_type"].to_numpy()[kind]
    headings = list(months[file.span].strftime("%Y%m"))
    table = identifiers.join(pd.DataFrame(flat[some], columns=headings)).sort_values(list(identifiers.columns))
    table = table[[column.lower() for column in file.columns] + headings]
    table.columns = pd.Index([*file.columns, *headings])
    write_csv(table, folder / f"{file.name}_{headings[0]}_{headings[-1]}.csv.gz", file.line_end)

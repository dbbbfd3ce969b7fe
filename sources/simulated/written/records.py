"""A record-level extract of the fictional force: one row an offence, with the ages of victim and suspect.

Walks in: `Recorded` offences, the `Truth`, a random generator. Walks out: the extract of the last months,
which counts up to the wide files of those months.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd

from sources.simulated.offences import Recorded
from sources.simulated.residents import AGES
from sources.simulated.truth import BASES, Truth
from sources.simulated.written.files import write_csv

MONTHS_OF_RECORDS = 24
EXTRACT = "incidents/record_level_extract.csv.gz"


def write_extract(folder: Path, recorded: Recorded, truth: Truth, generator: np.random.Generator) -> None:
    """Write the extract below a data folder.

    Columns: reference, recorded_date, ward_code (empty if lost), borough_code (empty if lost too),
    offence_type (as published), victim_age and suspect_age (empty if not known or not applicable).
    """
    months = truth.calendar.months[-MONTHS_OF_RECORDS:]
    kind, ward, month, ward_known, borough_known = _one_by_one(recorded)
    day = (generator.random(len(kind)) * months.days_in_month.to_numpy()[month]).astype("timedelta64[D]")
    order = np.argsort(months.to_numpy()[month] + day, kind="stable")
    kind, ward, month, ward_known, borough_known, day = (
        each[order] for each in (kind, ward, month, ward_known, borough_known, day)
    )
    date = pd.Series(months.to_numpy()[month] + day)
    number = pd.Series(np.arange(1, len(kind) + 1)).astype(str).str.zfill(8)
    table = pd.DataFrame(
        {
            "reference": "SIM" + number,
            "recorded_date": date.dt.strftime("%Y-%m-%d"),
            "ward_code": pd.Series(truth.city.wards["ward_code"].to_numpy()[ward]).where(ward_known),
            "borough_code": pd.Series(truth.city.wards["borough_code"].to_numpy()[ward]).where(borough_known),
            "offence_type": recorded.types["minor_type"].to_numpy()[kind],
        }
    )
    positions = recorded.types["crime_type"].map(
        dict(zip(truth.crime_types["crime_type"], truth.crime_types.index, strict=True))
    )
    crime_type = positions.fillna(-1).astype(int).to_numpy()[kind]
    for basis in BASES:
        table[f"{basis}_age"] = _ages(basis, crime_type, ward, months.year.to_numpy()[month], truth, generator)
    write_csv(table, folder / EXTRACT)
    # An extract covers the days until its file was made: here until the day after the last month.
    made = (months[-1] + pd.offsets.MonthBegin()).tz_localize("UTC").timestamp()
    os.utime(folder / EXTRACT, (made, made))


def _one_by_one(recorded: Recorded) -> tuple[np.ndarray, ...]:
    """Return each offence's published type, ward and month, and if its ward and borough are known."""
    columns = []
    for counts, ward_known, borough_known in (
        (recorded.located, True, True),
        (recorded.in_borough, False, True),
        (recorded.nowhere, False, False),
    ):
        recent = counts[..., -MONTHS_OF_RECORDS:]
        cell = np.repeat(np.arange(recent.size), recent.ravel())
        known = np.full((2, len(cell)), [[ward_known], [borough_known]])
        columns.append([*np.unravel_index(cell, recent.shape), *known])
    return tuple(np.concatenate(parts) for parts in zip(*columns, strict=True))


def _ages(
    basis: str,
    crime_type: np.ndarray,
    ward: np.ndarray,
    year: np.ndarray,
    truth: Truth,
    generator: np.random.Generator,
) -> pd.Series:
    """Return ages where known, each as likely as the persons of that age in the ward x their rate."""
    first = int(year.min())
    persons = np.concatenate([truth.residents.persons(each) for each in range(first, int(year.max()) + 1)])
    row = (year - first) * len(truth.city.wards) + ward
    share_known = truth.crime_types[f"{basis}_age_known"].to_numpy()
    ages = np.full(len(crime_type), -1)
    for position, rate in enumerate(truth.rates[:, BASES.index(basis)]):
        chosen = np.flatnonzero(crime_type == position)
        chosen = chosen[generator.random(len(chosen)) < share_known[position]]
        shares = np.cumsum(persons * rate, axis=1)
        shares /= shares[:, -1:]
        # One search in all rows at once: row n holds the values from n to n + 1.
        ladder = (shares + np.arange(len(shares))[:, np.newaxis]).ravel()
        found = np.searchsorted(ladder, row[chosen] + generator.random(len(chosen)), side="right")
        ages[chosen] = np.minimum(found - row[chosen] * len(AGES), AGES[-1])
    return pd.Series(ages).astype("Int64").where(ages >= 0)

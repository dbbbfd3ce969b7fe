"""The truth behind the simulated files, written so that tests can ask whether it is recovered.

Walks in: the `Truth`, the `Recorded` offences, the seed. Walks out: Parquet tables and `parameters.json` in
`truth/`.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from sources.simulated.offences import BOROUGH_KNOWN, Recorded
from sources.simulated.residents import AGES
from sources.simulated.truth import BASES, RECORDING_BREAK, SHOCKS, Truth
from sources.simulated.written.files import write_parquet
from sources.simulated.written.people_files import PROJECTION_BASE_YEAR, PROJECTION_ERROR
from sources.simulated.written.records import MONTHS_OF_RECORDS

_YEARS_AHEAD = 5


def write_truth(folder: Path, truth: Truth, recorded: Recorded, seed: int) -> None:
    """Write the tables that `docs/simulated-force.md` describes into a folder."""
    types = truth.crime_types["crime_type"].to_numpy()
    wards = truth.city.wards["ward_code"].to_numpy()
    boroughs = truth.city.boroughs["borough_code"].to_numpy()
    months = truth.calendar.months.to_numpy("datetime64[us]")
    by_type, by_month = ("crime_type", types), ("month", months)
    by_ward, by_borough = ("ward_code", wards), ("borough_code", boroughs)
    located, in_borough, nowhere = (
        _by_crime_type(counts, recorded, types) for counts in (recorded.located, recorded.in_borough, recorded.nowhere)
    )
    calendar_months = ("calendar_month", np.arange(1, 13))
    years = np.arange(truth.calendar.months[0].year - 1, truth.calendar.months[-1].year + _YEARS_AHEAD + 1)
    persons = np.stack([truth.residents.persons(int(year)) for year in years], axis=1)
    tables = {
        "wards": truth.city.wards,
        "crime_types": truth.crime_types,
        "age_rates": _long(by_type, ("basis", np.array(BASES)), ("age", AGES), rate=truth.rates),
        "ward_risks": _long(by_type, by_ward, risk=truth.risk),
        "seasons": _long(by_type, calendar_months, index=truth.season),
        "force_factors": _long(
            by_type,
            by_month,
            trend=truth.trend,
            recording=truth.recording,
            common_shock=np.broadcast_to(truth.common_shock, truth.trend.shape),
            force_shock=truth.force_shock,
            unlocated_share=truth.unlocated,
        ),
        "borough_shocks": _long(by_type, by_borough, by_month, shock=truth.borough_shock),
        "population": _long(by_ward, ("year", years), ("age", AGES), persons=persons.astype(np.float32)),
        "offences": _long(
            by_type,
            by_ward,
            by_month,
            expected=recorded.expected,
            ward_shock=recorded.ward_shock,
            located=located,
            borough_only=in_borough,
            nowhere=nowhere,
        ),
    }
    for name, table in tables.items():
        write_parquet(table, folder / f"{name}.parquet")
    (folder / "parameters.json").write_text(json.dumps(_parameters(truth, seed), indent=2) + "\n", encoding="utf-8")


def _parameters(truth: Truth, seed: int) -> dict[str, object]:
    calendar = truth.calendar
    months = calendar.months.strftime("%Y-%m")
    return {
        "simulated": True,
        "seed": seed,
        "wards": len(truth.city.wards),
        "first_month": months[0],
        "last_month": months[-1],
        "first_month_of_records": months[-MONTHS_OF_RECORDS],
        "change_month": months[calendar.change],
        "rename_month": months[calendar.rename],
        "month_of_lost_locations": months[calendar.bad],
        "recording_break": {"crime_type": RECORDING_BREAK[0], "factor": RECORDING_BREAK[1]},
        "borough_known_of_unlocated_from_change_month": BOROUGH_KNOWN,
        "shocks": {
            level: {"log_standard_deviation": spread, "monthly_correlation": correlation}
            for level, (spread, correlation) in SHOCKS.items()
        },
        "projection_error": {"from_year": PROJECTION_BASE_YEAR, "log_error_a_year": PROJECTION_ERROR},
    }


def _by_crime_type(counts: np.ndarray, recorded: Recorded, types: np.ndarray) -> np.ndarray:
    """Return counts of published types summed by harmonised type."""
    published = recorded.types["crime_type"].to_numpy()
    return np.stack([counts[published == crime_type].sum(axis=0, dtype=np.int32) for crime_type in types])


def _long(*dimensions: tuple[str, np.ndarray], **values: np.ndarray) -> pd.DataFrame:
    """Return arrays as a long table; dimensions of text become categories, in their own order."""
    positions = np.indices([len(labels) for _, labels in dimensions], dtype=np.int32, sparse=True)
    shape = np.broadcast_shapes(*(position.shape for position in positions))
    columns: dict[str, object] = {}
    for (name, labels), position in zip(dimensions, positions, strict=True):
        code = np.broadcast_to(position, shape).ravel()
        text = labels.dtype.kind not in "iM"
        columns[name] = pd.Categorical.from_codes(code, pd.Index(labels)) if text else labels[code]
    return pd.DataFrame(columns | {name: array.ravel() for name, array in values.items()})

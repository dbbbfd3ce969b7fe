"""Streams of the fictional force: one of each category, from a known truth, as publishers and a force would give them.

Walk in: `Recorded` offences, the `Truth`, a random generator. Walk out: two flags in the layout of the Metropolitan
Police's dashboard, and a folder `streams/` of the force's own: calls, missing people, minutes taken from wards.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sources.simulated.offences import Recorded, negative_binomial
from sources.simulated.truth import Truth, persistent_shocks
from sources.simulated.written.files import write_csv, write_parquet
from sources.streams.entries import LIST_FILE

MONTHS_OF_KNIFE_CRIME = 37  # as London's file has
MINUTES_A_SPELL = 240.0  # mean length of what takes an officer away, exponential
_FLAG_TYPES = ("ROBBERY OF PERSONAL PROPERTY", "VIOLENCE WITH INJURY", "VIOLENCE WITHOUT INJURY")
_KNIFE_SHARE, _INJURY_SHARE, _YOUTH_SHARE = 0.12, 0.28, 0.05
_USES = {"Aid": 0.5, "Court": 0.2, "Training": 0.3}


@dataclass(frozen=True)
class _Own:
    """A stream of the force's own: how many a month in the whole force and resident, and how it moves."""

    name: str
    title: str
    category: str
    unit: str
    kind: str
    rate: float  # a resident and month
    season: float
    trend: float  # a year
    dispersion: float
    sensitive: bool


_OWN = (
    _Own("calls_999", "999 calls", "public", "calls", "count", 0.018, 0.10, 0.02, 60.0, sensitive=False),
    _Own(
        "missing_people", "Missing people", "protective", "reports", "count", 0.0004, 0.06, -0.03, 25.0, sensitive=True
    ),
    _Own(
        "minutes_taken",
        "Minutes taken from wards",
        "internal",
        "minutes",
        "amount",
        0.5,
        0.15,
        0.0,
        12.0,
        sensitive=False,
    ),
)


def write_streams(
    folder: Path, recorded: Recorded, truth: Truth, generator: np.random.Generator, *, with_truth: bool
) -> None:
    """Write the streams below a data folder, and what they were drawn from into `truth/`."""
    _write_flags(folder / "mps_dashboards", recorded, truth, generator)
    expected = []
    for own in _OWN:
        mean = _expected(own, truth, generator)
        rows = _drawn(own, mean, truth, generator)
        write_csv(rows, folder / "streams" / f"{own.name}.csv.gz")
        expected.append(_long(truth, expected=mean).assign(stream=own.name))
    (folder / "streams" / LIST_FILE).write_text("\n".join(_entry(own) for own in _OWN), encoding="utf-8")
    if with_truth:
        write_parquet(pd.concat(expected, ignore_index=True), folder / "truth" / "streams.parquet")


def _write_flags(folder: Path, recorded: Recorded, truth: Truth, generator: np.random.Generator) -> None:
    """Write two flags: each of some crime types' offences has one with a known chance, so each lies within them."""
    ours = recorded.types["crime_type"].isin(_FLAG_TYPES).to_numpy()
    by_ward = recorded.located[ours].sum(axis=0)
    borough = truth.city.borough
    offences = np.stack([by_ward[borough == place].sum(axis=0) for place in range(len(truth.city.boroughs))])
    offences = offences[:, -MONTHS_OF_KNIFE_CRIME:]
    knife = generator.binomial(offences, _KNIFE_SHARE)
    injury = generator.binomial(knife, _INJURY_SHARE)
    counts = {
        "Knife Crime": knife,
        "Knife Crime with Injury": injury,
        "Knife Injury Victims (1-24)": generator.binomial(injury, 0.4),
    }
    counts["Knife Injury Victims (non DA 1-24)"] = generator.binomial(counts["Knife Injury Victims (1-24)"], 0.9)
    counts["Knife Crime with Injury (Personal Robbery)"] = generator.binomial(injury, 0.13)
    youth = {"Serious Youth Violence": generator.binomial(offences, _YOUTH_SHARE)}
    for name, flag, series in (
        ("knife_crime", "Knife Crime", counts),
        ("serious_youth_violence", "Serious Youth Violence", youth),
    ):
        months = truth.calendar.months[-MONTHS_OF_KNIFE_CRIME:]
        rows = pd.concat([_dashboard_rows(truth, months, flag, each, count) for each, count in series.items()])
        span = f"{months[0]:%Y%m}_{months[-1]:%Y%m}"
        write_parquet(rows.reset_index(drop=True), folder / f"{name}_borough_snt_{span}.parquet")


def _dashboard_rows(truth: Truth, months: pd.DatetimeIndex, flag: str, series: str, counts: np.ndarray) -> pd.DataFrame:
    boroughs = truth.city.boroughs
    rows = pd.DataFrame(
        {
            "month_year": np.tile(months.to_numpy("datetime64[us]"), len(boroughs)),
            "area_type": "Borough",
            "area_name": np.repeat(boroughs["borough_name"].to_numpy(), len(months)),
            "area_code": np.repeat(boroughs["borough_code"].to_numpy(), len(months)),
            "crime_type": flag,
            "crime_subtype": series,
            "measure": "Offences",
            "count": counts.ravel(),
        }
    )
    outcomes = rows.assign(measure="Positive Outcomes", count=rows["count"] // 8)
    every = pd.concat([rows, outcomes], ignore_index=True)
    every.loc[every.index % 5 == 0, "area_code"] += " "  # as the publisher writes some
    # Zeros have no rows, but each series is there in every month.
    return every[(every["count"] > 0) | (every["area_name"] == boroughs["borough_name"].iloc[0])]


def _expected(own: _Own, truth: Truth, generator: np.random.Generator) -> np.ndarray:
    """Return the expectation, (borough, month): residents x rate x season x trend x a shock that persists."""
    months, city = truth.calendar.months, truth.city
    persons = truth.residents.persons(int(months[-1].year)).sum(axis=1)
    residents = np.array([persons[city.borough == place].sum() for place in range(len(city.boroughs))])
    season = 1 + own.season * np.cos((months.month.to_numpy() - 7) * 2 * np.pi / 12)
    years = (np.arange(len(months)) - len(months) + 1) / 12
    of_force = own.rate * season * np.exp(own.trend * years) * persistent_shocks("force", (1, len(months)), generator)
    shocks = persistent_shocks("borough", (len(residents), len(months)), generator)
    return residents[:, np.newaxis] * of_force * shocks


def _drawn(own: _Own, mean: np.ndarray, truth: Truth, generator: np.random.Generator) -> pd.DataFrame:
    """Return the rows of the long table: counts, or minutes of exponential spells by use."""
    if own.kind == "count":
        return _rows(truth, negative_binomial(mean, own.dispersion, generator))
    parts = []
    for use, share in _USES.items():
        spells = negative_binomial(mean * share / MINUTES_A_SPELL, own.dispersion, generator)
        minutes = generator.gamma(np.maximum(spells, 1e-9), MINUTES_A_SPELL) * (spells > 0)
        parts.append(_rows(truth, minutes.round().astype(int)).assign(series=use))
    rows = pd.concat(parts, ignore_index=True)
    # One borough began to count after a third of the months.
    late = truth.city.boroughs["borough_code"].iloc[-1]
    began = truth.calendar.months[len(truth.calendar.months) // 3]
    return rows[(rows["area_code"] != late) | (rows["month"] >= f"{began:%Y-%m}")]


def _rows(truth: Truth, counts: np.ndarray) -> pd.DataFrame:
    table = _long(truth, value=counts)
    return table.assign(month=table["month"].dt.strftime("%Y-%m"))


def _long(truth: Truth, **values: np.ndarray) -> pd.DataFrame:
    boroughs, months = truth.city.boroughs["borough_code"].to_numpy(), truth.calendar.months.to_numpy("datetime64[us]")
    columns = {name: array.ravel() for name, array in values.items()}
    return pd.DataFrame(
        {"area_code": np.repeat(boroughs, len(months)), "month": np.tile(months, len(boroughs))} | columns
    )


def _entry(own: _Own) -> str:
    absent = "unknown" if own.kind == "amount" else "zero"
    return f"""# SIMULATED
[[stream]]
name = "{own.name}"
title = "{own.title}"
category = "{own.category}"
unit = "{own.unit}"
kind = "{own.kind}"
areas = "borough"
period = "month"
file = "{own.name}.csv.gz"
publisher = "The fictional force"
licence = "Free to use: simulated"
finest_open_level = "borough"
sensitive = {"true" if own.sensitive else "false"}
absent = "{absent}"
"""

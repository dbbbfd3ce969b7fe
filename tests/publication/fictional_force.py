"""A fictional force and a forecast for it, small by default, whose totals are sums of the same draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from models.draws.all_recorded import all_recorded, parts_that_add_up
from publication.release.contents import (
    Ages,
    Ahead,
    Contents,
    CrimeTypes,
    Geography,
    OtherDemand,
    Recorded,
    TrackRecord,
)
from publication.release.release import ReleaseFacts
from publication.tables.tables import AGE_QUALITY, AGE_RATES, ANTISOCIAL_FORECAST, DRIVERS, SEVERITY
from sources.tables.force_tables import Force

if TYPE_CHECKING:
    pass

ACCURACY = pd.DataFrame(
    {
        "area_level": ["ward", "force"],
        "crime_level": ["minor", "all"],
        "origins": [1, 1],
        "cells": [288, 12],
        "cells_without_actuals": [0, 0],
        "floor": [0.307, 0.003],
        "naive_wape": [0.547, 0.058],
        "wape": [0.42, 0.036],
        "wis": [0.2, 0.0215],
        "bias": [0.012, -0.02],
        "coverage_80_strict": [0.7, 0.75],
        "coverage_80_inclusive": [0.9, 0.79],
        "coverage_80_randomised": [0.81, np.nan],
    }
)
OVERLAPS = pd.DataFrame(
    {
        "dataset": ["recent"],
        "other": ["historical"],
        "month": pd.to_datetime(["2024-02-01"]),
        "offences": [110],
        "other_offences": [100],
        "difference": [0.1],
    }
)
QUARANTINE = pd.DataFrame({"file": ["ward.csv"], "row": ["12"], "reason": ["=no such ward"], "count": [3]})
ORIGIN = pd.Timestamp("2025-03-01")
QUANTILES = {
    "q025": 2.5,
    "q05": 5,
    "q10": 10,
    "q25": 25,
    "q50": 50,
    "q75": 75,
    "q90": 90,
    "q95": 95,
    "q975": 97.5,
}
CRIME_TYPES = pd.DataFrame(
    {
        "crime_type": ["ARSON", "CRIMINAL DAMAGE", "RESIDENTIAL BURGLARY", "POSSESSION OF WEAPONS"],
        "major_type": [
            "ARSON AND CRIMINAL DAMAGE",
            "ARSON AND CRIMINAL DAMAGE",
            "BURGLARY",
            "POSSESSION OF WEAPONS",
        ],
        "neighbourhood_crime": [False, False, True, False],
        "finest_open_level": "ward",
    }
)


@dataclass(frozen=True)
class Publication:
    """What a release is made from."""

    forecast: pd.DataFrame
    offences: pd.DataFrame
    unlocated_offences: pd.DataFrame
    areas: pd.DataFrame
    crime_types: pd.DataFrame
    facts: ReleaseFacts
    accuracy: pd.DataFrame
    overlaps: pd.DataFrame
    quarantine: pd.DataFrame
    all_recorded: pd.DataFrame

    @property
    def table(self) -> pd.DataFrame:
        """The forecast as files hold it."""
        return pd.concat([self.forecast, self.all_recorded], ignore_index=True)

    def contents(self, **changes: Any) -> Contents:
        """The contents of the release, with these fields changed; nothing where a run may have nothing."""
        none = dict.fromkeys(("forecast_by_age", "scenario_differences", "last_year"), self.forecast.iloc[:0])
        columns = {"age_rates": AGE_RATES, "age_quality": AGE_QUALITY, "drivers": DRIVERS, "severity": SEVERITY}
        none |= {name: pd.DataFrame(columns=names) for name, names in columns.items()}
        residents = self.areas[["ward_code"]].assign(year=2024, age_group="all", variant="estimate", persons=10_000.0)
        boundaries = gpd.GeoDataFrame({"code": []}, geometry=[], crs=4326)
        usual = {
            "facts": self.facts,
            "areas": self.areas,
            "crime_types": self.crime_types,
            "forecast": self.forecast,
            "all_recorded": self.all_recorded,
            "offences": self.offences,
            "unlocated_offences": self.unlocated_offences,
            "residents": residents,
            "accuracy": self.accuracy,
            "ward_profile": pd.DataFrame(columns=["ward_code", "indicator", "value"]),
            "ward_boundaries": boundaries,
            "borough_boundaries": boundaries,
            "overlaps": self.overlaps,
            "quarantine": self.quarantine,
        }
        return in_parts(**(none | usual | changes))

    def contents_in_full(self, **changes: Any) -> Contents:
        """Contents with something in every table that a run may have nothing for."""
        shares = {"under 18": 0.3, "18 and over": 0.7}
        by_age = [
            self.forecast.assign(age_basis=basis, age_group=group, mean=self.forecast["mean"] * share)
            for basis in ("victim", "suspect")
            for group, share in shares.items()
        ]
        yearly = self.forecast[self.forecast["period"] == "year"]
        rate = {"crime_type": ["ARSON"], "basis": ["victim"], "age": [30], "rate": [1.5], "low": [1.0], "high": [2.0]}
        counts = {"area_level": "borough", "area_code": self.areas["borough_code"].unique(), "crime_type": "ARSON"}
        counts |= {"month": pd.Timestamp("2024-04-01"), "count": pd.array([7, *[None] * (self.boroughs - 1)], "Int64")}
        filled = {
            "forecast_by_age": pd.concat(by_age, ignore_index=True),
            "scenario_differences": yearly.assign(scenario="low", mean=-0.02 * yearly["mean"]),
            "drivers": yearly.rename(columns={"mean": "offences"}).assign(step="after")[DRIVERS],
            "age_rates": pd.DataFrame(rate),
            "age_quality": pd.DataFrame(
                {
                    "crime_type": ["ARSON"],
                    "basis": ["victim"],
                    "quality": ["proxy"],
                    "people": [850.0],
                    "source": ["a survey"],
                }
            ),
            "severity": pd.DataFrame({"crime_type": ["ARSON"], "weight": [120.5]}),
            "antisocial_behaviour": pd.DataFrame({"area_code": ["E05000000"], "month": [ORIGIN], "count": [3]}),
            "antisocial_forecast": pd.DataFrame(
                [["ward", "E05000000", "Ward", "month", ORIGIN + pd.DateOffset(months=1), 3.5, 0, 1, 7, 9]],
                columns=ANTISOCIAL_FORECAST,
            ),
            "protected_counts": pd.DataFrame(counts).assign(marker=["", *["suppressed"] * (self.boroughs - 1)]),
        }
        return self.contents(**(filled | changes))

    @property
    def boroughs(self) -> int:
        """The number of boroughs."""
        return self.areas["borough_code"].nunique()

    def tables(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """The tables in the order in which the writers take them."""
        return self.forecast, self.offences, self.unlocated_offences, self.areas, self.crime_types

    def quality(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """The tables of quality in the order in which their writer takes them."""
        return self.accuracy, self.overlaps, self.quarantine


PARTS = {
    "crime": CrimeTypes,
    "geography": Geography,
    "recorded": Recorded,
    "ahead": Ahead,
    "ages": Ages,
    "track_record": TrackRecord,
    "other_demand": OtherDemand,
}
PART_OF = {field.name: name for name, part in PARTS.items() for field in fields(part)}


def in_parts(**tables: Any) -> Contents:
    """Contents of these tables, each in the part that has a field of its name."""
    parts: dict[str, dict[str, Any]] = {name: {} for name in PARTS}
    for name in PART_OF.keys() & tables.keys():
        parts[PART_OF[name]][name] = tables.pop(name)
    return Contents(**{name: PARTS[name](**given) for name, given in parts.items()}, **tables)


def changed(contents: Contents, **tables: Any) -> Contents:
    """The same contents with these tables, each in its part."""
    for name in PART_OF.keys() & tables.keys():
        part = PART_OF[name]
        contents = replace(contents, **{part: replace(getattr(contents, part), **{name: tables.pop(name)})})
    return replace(contents, **tables)


def make_areas(wards: int, boroughs: int) -> pd.DataFrame:
    """Wards dealt to boroughs in turn; two boroughs a BCU."""
    borough = np.arange(wards) % boroughs
    return pd.DataFrame(
        {
            "ward_code": [f"E05{ward:06d}" for ward in range(wards)],
            "ward_name": [f"Ward {ward}" for ward in range(wards)],
            "borough_code": [f"E09{one:06d}" for one in borough],
            "borough_name": [f"Market & Quay {one}" for one in borough],
            "bcu_code": [f"BCU{one // 2}" for one in borough],
            "bcu_name": [f"Command {one // 2}" for one in borough],
            "force_code": "E23000099",
            "force_name": "Fictional Police",
        }
    ).sort_values("ward_code", ignore_index=True)


def make_publication(
    *, wards: int = 6, boroughs: int = 3, horizon: int = 24, history: int = 36, simulated: bool = True
) -> Publication:
    """A forecast, its history and its facts; counts are Poisson about levels that differ by ward and type."""
    generator = np.random.default_rng(1)
    areas, minors = make_areas(wards, boroughs), CRIME_TYPES["crime_type"]
    rate = np.outer(generator.uniform(1, 12, wards), [0.2, 3.0, 2.0, 0.6])
    past = pd.date_range(end=ORIGIN, periods=history, freq="MS", unit="us", name="month")
    offences = _long(generator.poisson(rate[..., None], (wards, len(minors), history)), areas["ward_code"], past)
    offences = offences[offences["count"] > 0].rename(columns={"area_code": "ward_code"}).reset_index(drop=True)
    places = pd.Index([*areas["borough_code"].unique(), areas["force_code"].iloc[0]])
    unlocated = _long(generator.poisson(0.7, (len(places), len(minors), history)), places, past)
    # Boroughs publish offences with no known ward for the last 13 months only, as London does.
    unlocated = unlocated[(unlocated["area_code"] == places[-1]) | (unlocated["month"] > past[-14])]
    facts = ReleaseFacts(
        run_id="a1b2c3d4e5f60718",
        force=Force("Fictional Police", "E23000099", simulated),
        origin=ORIGIN,
        horizon=horizon,
        scenarios=("central",),
        data_vintage="offences to March 2025",
        inputs=pd.DataFrame({"dataset": ["offences"], "file": ["a.csv"], "first_month": [past[0]]}),
        code_version="0.1.0",
        created_at=datetime(2025, 4, 20, 9, 30, tzinfo=UTC),
    )
    table = _forecast(generator, rate, areas, places, horizon)
    return Publication(
        parts_that_add_up(table).reset_index(drop=True),
        offences,
        unlocated.reset_index(drop=True),
        areas,
        CRIME_TYPES,
        facts,
        ACCURACY,
        OVERLAPS,
        QUARANTINE,
        all_recorded(table).reset_index(drop=True),
    )


def make_reported(made: Publication, **changes: Any) -> Contents:
    """Contents with what the reports draw on: a forecast made a year before, ages, residents by age, ward profiles."""
    year = pd.DateOffset(years=1)
    before, every_before = (
        table[table["month"] < ORIGIN + pd.DateOffset(months=13)] for table in (made.forecast, made.all_recorded)
    )
    groups = {"10-17": 0.25, "18-24": 0.35, "not known or not applicable": 0.4}
    by_age = [
        made.forecast.assign(age_basis=basis, age_group=group, mean=made.forecast["mean"] * share)
        for basis in ("suspect", "victim")
        for group, share in groups.items()
    ]
    wards = made.areas["ward_code"].to_numpy()
    residents = pd.DataFrame(
        [
            (ward, year, group, variant, 100.0 * (1 + number) * (1 + 0.01 * number * (year - 2025)) * size)
            for number, ward in enumerate(wards)
            for year in (2025, 2026)
            for group in ("all", "10-17", "18-24")
            for variant, size in (("central", 1.0), ("low", 0.9), ("high", 1.1))
        ],
        columns=["ward_code", "year", "age_group", "variant", "persons"],
    )
    profile = [
        (ward, name, number / len(wards))
        for number, ward in enumerate(wards)
        for name in ("imd_score_2019", "white_share_2021", "black_share_2021", "asian_share_2021")
    ]
    months = pd.date_range(end=ORIGIN, periods=24, freq="MS", unit="us")
    series = ("knife crime with injury", "knife injury victims aged 1 to 24")
    places = pd.MultiIndex.from_product([[*made.areas["borough_code"].unique(), "E23000099"], series, months])
    knife = places.to_frame(index=False, name=["area_code", "series", "month"]).assign(count=2)
    legs = (("2022-04-01", "2024-04-01", 100.0, 90.0), ("2024-04-01", "2026-04-01", 90.0, 95.0))
    steps = [
        ("force", "E23000099", "all", "all", "central", pd.Timestamp(start), pd.Timestamp(end), step, offences)
        for start, end, old, new in legs
        for step, offences in (("before", old), ("age mix", 2.0), ("rate", new - old - 2), ("after", new))
    ]
    waterfall = ["area_level", "area_code", "crime_level", "crime_type", "scenario", "month_before", "month_after"]
    quality = {"crime_type": CRIME_TYPES["crime_type"], "basis": "suspect", "quality": "proxy", "people": 900.0}
    quality["source"] = "arrests"
    return made.contents(
        **{
            "last_year": before.assign(origin=before["origin"] - year, month=before["month"] - year),
            "last_year_all_recorded": every_before.assign(
                origin=every_before["origin"] - year, month=every_before["month"] - year
            ),
            "forecast_by_age": pd.concat(by_age, ignore_index=True),
            "age_quality": pd.DataFrame(quality),
            "residents": residents,
            "ward_profile": pd.DataFrame(profile, columns=["ward_code", "indicator", "value"]),
            "knife_crime": knife,
            "demand_waterfall": pd.DataFrame(steps, columns=[*waterfall, "step", "offences"]),
            "model": "boosted",
        }
        | changes
    )


@pytest.fixture(scope="session")
def reported() -> Callable[..., Contents]:
    """`make_reported`: contents with what the reports draw on."""
    return make_reported


@pytest.fixture(scope="session")
def publication() -> Publication:
    """A small simulated force with a forecast of two years."""
    return make_publication()


@pytest.fixture(scope="session")
def make() -> Callable[..., Publication]:
    """`make_publication`, for tests that need another size or a real force."""
    return make_publication


def _long(counts: np.ndarray, places: pd.Index | pd.Series, months: pd.DatetimeIndex) -> pd.DataFrame:
    index = pd.MultiIndex.from_product(
        [places, CRIME_TYPES["crime_type"], months], names=["area_code", "crime_type", "month"]
    )
    return pd.DataFrame({"count": counts.ravel()}, index=index).reset_index()


def _forecast(
    generator: np.random.Generator, rate: np.ndarray, areas: pd.DataFrame, places: pd.Index, horizon: int
) -> pd.DataFrame:
    months = pd.date_range(ORIGIN + pd.DateOffset(months=1), periods=horizon, freq="MS", unit="us")
    shock = generator.gamma(50, 1 / 50, (1, 1, horizon, 50))
    mean = np.repeat(np.concatenate([rate, np.full((len(places), rate.shape[1]), 0.7)])[..., None], horizon, axis=2)
    draws = generator.poisson(mean[..., None] * shock)
    wards = len(areas)
    groups = [
        *[("ward", code, name, [row]) for row, (code, name) in enumerate(areas[["ward_code", "ward_name"]].to_numpy())],
        *[
            (level, code, name, areas.index[areas[f"{level}_code"] == code])
            for level in ("borough", "bcu", "force")
            for code, name in areas[[f"{level}_code", f"{level}_name"]].drop_duplicates().to_numpy()
        ],
        *[("unlocated", code, f"Area {code}", [wards + row]) for row, code in enumerate(places)],
    ]
    lost = {code: wards + row for row, code in enumerate(places)}
    everything = [*range(wards + len(places))]
    of_all = [
        (level, code, name, [*rows, *(lost[one] for one in areas.loc[rows, "borough_code"].unique())])
        for level, code, name, rows in groups
        if level in ("borough", "bcu")
    ] + [("force", areas["force_code"].iloc[0], areas["force_name"].iloc[0], everything)]
    types = [
        *[("minor", name, [row]) for row, name in enumerate(CRIME_TYPES["crime_type"])],
        *[
            ("major", name, CRIME_TYPES.index[CRIME_TYPES["major_type"] == name])
            for name in CRIME_TYPES["major_type"].unique()
        ],
        ("all", "all", CRIME_TYPES.index),
    ]
    years = horizon // 12
    blocks = []
    parts = [(group, "unlocated" if group[0] == "unlocated" else "located") for group in groups]
    for (area_level, area_code, area_name, rows), measure in [*parts, *((one, "all recorded") for one in of_all)]:
        for crime_level, crime_type, columns in types:
            cell, expected = draws[rows][:, columns].sum(axis=(0, 1)), mean[rows][:, columns].sum(axis=(0, 1))
            cell = np.concatenate([cell, cell[: years * 12].reshape(years, 12, 50).sum(axis=1)])
            expected = np.concatenate([expected, expected[: years * 12].reshape(years, 12).sum(axis=1)])
            block = pd.DataFrame({"mean": expected, "period": ["month"] * horizon + ["year"] * years})
            block["month"] = [*months, *months[: years * 12 : 12]]
            quantiles = np.percentile(cell, list(QUANTILES.values()), axis=1, method="inverted_cdf")
            block[list(QUANTILES)] = quantiles.T.astype(int)
            blocks.append(
                block.assign(
                    measure=measure,
                    area_level=area_level,
                    area_code=area_code,
                    area_name=area_name,
                    crime_level=crime_level,
                    crime_type=crime_type,
                )
            )
    table = pd.concat(blocks, ignore_index=True)
    return table.assign(origin=ORIGIN, scenario="central", age_group="all", age_basis="")

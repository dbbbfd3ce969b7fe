"""Nothing that disclosure control keeps back can be had from what is told, however it is put together."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, linprog, milp

from models.forecast.vocabulary import ALL_EXCLUDING, EXCLUDING
from planning.make import PlanResult
from publication.atlas.write import write_atlas
from publication.disclosure.control import protected
from publication.disclosure.count_suppression import suppressed
from publication.disclosure.rules import (
    RULES_FILE,
    Rules,
    TypeRules,
    members,
    open_places,
    protected_types,
    read_rules,
)
from publication.release.contents import Contents
from publication.release.manifest import ReleaseError
from publication.tables.database import write_database
from publication.tables.tables import write_tables
from tests.publication.fictional_force import PARTS, changed

pytestmark = pytest.mark.unit

RULES = read_rules()
MAJORS = {
    "ARSON": "ARSON AND CRIMINAL DAMAGE",
    "CRIMINAL DAMAGE": "ARSON AND CRIMINAL DAMAGE",
    "RAPE": "SEXUAL OFFENCES",
    "OTHER SEXUAL OFFENCES": "SEXUAL OFFENCES",
    "HOMICIDE": "VIOLENCE AGAINST THE PERSON",
    "VIOLENCE WITH INJURY": "VIOLENCE AGAINST THE PERSON",
    "VIOLENCE WITHOUT INJURY": "VIOLENCE AGAINST THE PERSON",
    "BICYCLE THEFT": "THEFT",
    "SHOPLIFTING": "THEFT",
    "OTHER THEFT": "THEFT",
    "POSSESSION OF WEAPONS": "POSSESSION OF WEAPONS",
}
SENSITIVE = ("RAPE", "OTHER SEXUAL OFFENCES", "HOMICIDE")
CRIME_TYPES = pd.DataFrame(
    {
        "crime_type": [*MAJORS],
        "major_type": [*MAJORS.values()],
        "neighbourhood_crime": [name == "BICYCLE THEFT" for name in MAJORS],
        "finest_open_level": ["borough" if name in SENSITIVE else "ward" for name in MAJORS],
    }
)
MEMBERS = members(CRIME_TYPES)
YEARLY = np.array([3, 60, 4, 9, 0.2, 70, 110, 20, 90, 160, 12.0])  # offences a ward
GROUPS = ["under 10", "10-17", "18-34", "35-64", "65 and over", "not known"]
SHARES = {"victim": [0.02, 0.1, 0.4, 0.3, 0.08, 0.1], "suspect": [0.0005, 0.2, 0.4, 0.25, 0.02, 0.1295]}
ORIGIN = pd.Timestamp("2025-03-01")
YEARS = pd.to_datetime(["2025-04-01", "2026-04-01"]).astype("datetime64[us]")
KIND = ["crime_level", "crime_type"]


@dataclass
class Truth:
    """Expected offences, (basis and group, ward, minor type, year), and sums of wards and of minor types."""

    contents: Contents
    cells: dict[tuple[str, str], np.ndarray]
    areas: dict[tuple[str, str], np.ndarray]
    kinds: dict[tuple[str, str], np.ndarray]

    def weights(self, place: tuple[str, str], kind: tuple[str, str]) -> np.ndarray:
        """Which wards and minor types, (ward x type), a figure adds up."""
        return np.outer(self.areas[place], self.kinds[kind]).ravel()


def make_areas(wards_by_borough: Iterable[int], boroughs_a_bcu: int = 2) -> pd.DataFrame:
    rows = [(ward, borough) for borough, wards in enumerate(wards_by_borough) for ward in range(wards)]
    return pd.DataFrame(
        {
            "ward_code": [f"E05{place:06d}" for place in range(len(rows))],
            "ward_name": [f"Ward {place}" for place in range(len(rows))],
            "borough_code": [f"E09{borough:06d}" for _, borough in rows],
            "borough_name": [f"Borough {borough}" for _, borough in rows],
            "bcu_code": [f"BCU{borough // boroughs_a_bcu}" for _, borough in rows],
            "bcu_name": [f"Command {borough // boroughs_a_bcu}" for _, borough in rows],
            "force_code": "E23000099",
            "force_name": "Fictional Police",
        }
    )


def truth_of(publication: Any, wards_by_borough: tuple[int, ...] = (3, 4, 3, 2), seed: int = 1) -> Truth:
    """A force whose every figure is a sum of the same cells, before disclosure control."""
    generator = np.random.default_rng(seed)
    areas = make_areas(wards_by_borough)
    yearly = YEARLY * generator.gamma(4, 1 / 4, (len(areas), len(YEARLY)))
    yearly = np.stack([yearly, yearly * generator.uniform(0.9, 1.1, yearly.shape)], axis=-1)
    cells = {("", "all"): yearly}
    for basis, shares in SHARES.items():
        split = generator.dirichlet(np.array(shares) * 60 + 1e-3, yearly.shape)
        cells |= {(basis, group): yearly * split[..., place] for place, group in enumerate(GROUPS)}
    levels = ("ward", "borough", "bcu", "force")
    sums_of_areas = {
        (level, code): (areas[f"{level}_code"] == code).to_numpy(float)
        for level in levels
        for code in areas[f"{level}_code"].unique()
    }
    sums_of_types = {
        (level, name): CRIME_TYPES["crime_type"].isin(minors).to_numpy(float)
        for (level, name), minors in MEMBERS.items()
        if minors and level != "group"
        if not name.endswith(EXCLUDING) or minors != MEMBERS[level, name.removesuffix(EXCLUDING)]
    }
    tables = {
        key: tabulated(cell, key, sums_of_areas, sums_of_types).assign(measure="located") for key, cell in cells.items()
    }
    forecast = tables.pop(("", "all"))
    months = pd.date_range(end=ORIGIN, periods=40, freq="MS", unit="us")
    recorded = generator.poisson(yearly[..., :1] / 12, (*yearly.shape[:2], len(months)))
    index = pd.MultiIndex.from_product([areas["ward_code"], MAJORS, months], names=["ward_code", "crime_type", "month"])
    offences = pd.DataFrame({"count": recorded.ravel()}, index=index).reset_index()
    places = [*areas["borough_code"].unique(), "E23000099"]
    index = pd.MultiIndex.from_product([places, MAJORS, months], names=["area_code", "crime_type", "month"])
    unlocated = pd.DataFrame({"count": generator.poisson(0.1, len(index))}, index=index).reset_index()
    drivers = forecast[["area_level", "area_code", *KIND, "month"]].assign(step="after", offences=forecast["mean"])
    every = forecast[forecast["area_level"] != "ward"].assign(measure="all recorded")
    past = every[every["period"] == "year"].assign(years_ahead=1, recorded=every["mean"])
    past = past.assign(low=past["recorded"], middle=past["recorded"], high=past["recorded"], origin=ORIGIN)
    contents = publication.contents(
        areas=areas,
        crime_types=CRIME_TYPES,
        forecast=forecast,
        forecast_by_age=pd.concat(tables.values(), ignore_index=True),
        last_year=forecast,
        all_recorded=every,
        last_year_all_recorded=every,
        past_years=past,
        drivers=drivers[drivers["month"] == YEARS[0]],
        demand_waterfall=drivers.drop(columns="month"),
        offences=offences,
        unlocated_offences=unlocated,
        age_rates=pd.DataFrame(
            [(name, basis, 30, 1.0, 0.5, 1.5) for name in MAJORS for basis in SHARES],
            columns=["crime_type", "basis", "age", "rate", "low", "high"],
        ),
    )
    return Truth(contents, cells, sums_of_areas, sums_of_types)


def tabulated(
    cell: np.ndarray,
    key: tuple[str, str],
    areas: dict[tuple[str, str], np.ndarray],
    kinds: dict[tuple[str, str], np.ndarray],
) -> pd.DataFrame:
    rows = [
        (*place, *kind, month, float(wards @ cell[..., year] @ types))
        for place, wards in areas.items()
        for kind, types in kinds.items()
        for year, month in enumerate(YEARS)
    ]
    table = pd.DataFrame(rows, columns=["area_level", "area_code", *KIND, "month", "mean"])
    quantiles = dict.fromkeys(["q025", "q05", "q10", "q25", "q50", "q75", "q90", "q95", "q975"], 1)
    return table.assign(
        origin=ORIGIN,
        scenario="central",
        age_basis=key[0],
        age_group=key[1],
        period="year",
        area_name=table["area_code"],
        **quantiles,
    )


@pytest.fixture(scope="module")
def truth(publication: Any) -> Truth:
    return truth_of(publication)


def told_of(truth: Truth, **changes: Any) -> Contents:
    return protected(changed(truth.contents, **changes), RULES)


def with_level(crime_type: str, level: str) -> Rules:
    """The rules with one crime type stopping at a level."""
    return RULES.model_copy(update={"types": TypeRules(fewest_wards=2, finest_open_level={crime_type: level})})


# The attacker


def bounds(figure: np.ndarray, known: np.ndarray, values: np.ndarray) -> tuple[float, float]:
    """The least and the greatest that a sum of unknown cells can be, given sums that are known to six decimals."""
    slack = 1e-5
    limits = {"A_ub": np.vstack([known, -known]), "b_ub": np.concatenate([values + slack, slack - values])}
    found = [linprog(sign * figure, **limits, method="highs") for sign in (1, -1)]
    assert all(one.status in (0, 3) for one in found), "the attacker's own figures contradict each other"
    return (found[0].fun, -found[1].fun if found[1].status == 0 else np.inf)


def linear(truth: Truth, table: pd.DataFrame, month: pd.Timestamp, value: str) -> tuple[np.ndarray, np.ndarray]:
    """The sums of ward and type that a table tells of one year."""
    rows = table[(table["month"] == month) & table[value].notna()]
    keys = rows[["area_level", "area_code", *KIND]].astype(str).itertuples(index=False)
    weights = [truth.weights((level, code), (of, name)) for level, code, of, name in keys]
    return np.array(weights), rows[value].to_numpy(float)


def test_sensitive_types_of_wards_cannot_be_had_from_any_forecast(truth: Truth, tmp_path: Path) -> None:
    """From all formats together an attacker learns of a ward no more than that it has some of its borough's."""
    told = told_of(truth)
    write_tables(tmp_path, told)
    write_database(tmp_path, told)
    tables = [
        (pd.read_parquet(tmp_path / "forecast.parquet"), "mean"),
        (pd.concat([pd.read_csv(file, parse_dates=["month"]) for file in (tmp_path / "csv").glob("*.csv")]), "mean"),
        (pd.read_parquet(tmp_path / "drivers.parquet"), "offences"),
        (told.track_record.last_year, "mean"),
        (told.ahead.all_recorded, "mean"),
        (told.track_record.last_year_all_recorded, "mean"),
        (told.track_record.past_years, "recorded"),
        (from_database(tmp_path), "mean"),
    ]
    systems = [linear(truth, table, YEARS[0], value) for table, value in tables]
    known, values = np.vstack([one for one, _ in systems]), np.concatenate([one for _, one in systems])
    known, first = np.unique(known, axis=0, return_index=True)
    borough_of = truth.contents.geography.areas.set_index("ward_code")["borough_code"]
    for ward in borough_of.index[::3]:
        for kind in [*(("minor", name) for name in SENSITIVE), ("major", "SEXUAL OFFENCES")]:
            low, high = bounds(truth.weights(("ward", ward), kind), known, values[first])
            whole = float(truth.weights(("borough", borough_of[ward]), kind) @ truth.cells[("", "all")][..., 0].ravel())
            assert low <= 1e-3
            assert high >= whole - 1e-3


def from_database(folder: Path) -> pd.DataFrame:
    with duckdb.connect(str(folder / "wardcast.duckdb"), read_only=True) as one:
        return one.execute("SELECT * FROM forecast").df()


def test_the_data_files_of_the_atlas_tell_nothing_of_wards_that_the_tables_do_not(truth: Truth, tmp_path: Path) -> None:
    told = told_of(truth, ages_from_extract=True)
    write_atlas(tmp_path, told)
    data = tmp_path / "atlas" / "data"
    first = (data / "release.js").read_text().split("\n")[0]
    index = json.loads(first.removeprefix("wardcast.open(").removesuffix(");"))
    ward = np.array(index["areas"]["level"]) == "ward"
    shown = set(
        told.ahead.forecast.loc[told.ahead.forecast["area_level"] == "ward", KIND].itertuples(index=False, name=None)
    )
    seen = 0
    for crime in index["crimes"]:
        files = [data / f"{crime['id']}.js", data / f"{crime['id']}-ages.js"]
        columns = {name: known for file in files if file.exists() for name, known in known_in(file).items()}
        figures = {name: known for name, known in columns.items() if len(ward) in known.shape}
        of_wards = {name: np.compress(ward, known, known.shape.index(len(ward))) for name, known in figures.items()}
        if (crime["level"], crime["type"]) in shown:
            assert of_wards["year.central.mean"].all()
            seen += 1
        else:
            assert not any(known.any() for known in of_wards.values())
        if "age.mean" in of_wards and crime["type"] == ALL_EXCLUDING:
            hidden = told.ages.forecast_by_age[told.ages.forecast_by_age["area_level"] == "ward"]
            assert of_wards["age.mean"].mean() == pytest.approx((hidden["marker"] == "").mean())
        elif "age.mean" in of_wards:
            assert not of_wards["age.mean"].any()
    assert seen == len(shown)
    year_ahead = known_in(data / "year-ahead.js")
    told_of_wards = [(crime["level"], crime["type"]) in shown for crime in index["crimes"]]
    assert (told_of_wards == year_ahead["mean"][:, ward].T).all()
    assert (told_of_wards == year_ahead["quantiles"][:, :, ward].transpose(0, 2, 1)).all()


def known_in(file: Path) -> dict[str, np.ndarray]:
    """Which numbers of a data file of the atlas are there."""
    rest = file.read_text().split(",", 1)[1]
    described, end = json.JSONDecoder().raw_decode(rest)
    content = gzip.decompress(base64.b64decode(rest[end:].split('"')[1]))
    known, start = {}, 0
    for column in described:
        width, size = column["width"], int(np.prod(column["shape"]))
        part = np.frombuffer(content[start : start + width * size], np.uint8).reshape(width, size)
        numbers = np.ascontiguousarray(part.T).view(f"<i{width}").reshape(column["shape"])
        known[column["name"]] = numbers != np.iinfo(f"i{width}").min
        start += width * size
    return known


def test_wards_have_totals_without_the_protected_types_that_add_up(truth: Truth) -> None:
    told = told_of(truth)
    assert told.crime.protected_types == ("RAPE", "OTHER SEXUAL OFFENCES", "HOMICIDE")
    for table in (told.ahead.all_recorded, told.track_record.last_year_all_recorded, told.track_record.past_years):
        assert "ward" not in set(table["area_level"])
    for table in (
        told.ahead.forecast,
        told.ages.forecast_by_age,
        told.track_record.last_year,
        told.ahead.drivers,
        told.ahead.demand_waterfall,
    ):
        ward = set(map(tuple, table.loc[table["area_level"] == "ward", KIND].drop_duplicates().to_numpy()))
        assert ("all", ALL_EXCLUDING) in ward
        assert ("major", f"VIOLENCE AGAINST THE PERSON{EXCLUDING}") in ward
        assert not ward & {("all", "all"), ("major", "SEXUAL OFFENCES"), ("major", "VIOLENCE AGAINST THE PERSON")}
        assert not ward & {("minor", name) for name in SENSITIVE}
        borough = set(map(tuple, table.loc[table["area_level"] == "borough", KIND].drop_duplicates().to_numpy()))
        assert borough >= {("all", "all"), ("all", ALL_EXCLUDING), ("minor", "HOMICIDE"), ("major", "SEXUAL OFFENCES")}
    by_level = (
        told.ahead.forecast[told.ahead.forecast["crime_type"] == ALL_EXCLUDING].groupby("area_level")["mean"].sum()
    )
    assert np.allclose(by_level, by_level.iloc[0])
    assert told.recorded.offences is truth.contents.recorded.offences, (
        "counts that are open already are told as they are"
    )
    assert told.crime.total == "all"


@pytest.mark.parametrize(("wards", "seed"), [((3, 4, 3, 2), 1), ((3, 1, 3, 2), 4), ((5,), 3)])
def test_ages_that_come_from_an_extract_cannot_be_had(publication: Any, wards: tuple[int, ...], seed: int) -> None:
    truth = truth_of(publication, wards, seed)
    told = told_of(truth, ages_from_extract=True)
    by_age = told.ages.forecast_by_age
    assert set(by_age["marker"]) == {"", "suppressed"}
    assert set(by_age.loc[by_age["area_level"] == "ward", "crime_type"]) == {ALL_EXCLUDING}
    assert not by_age["crime_type"].isin([*SENSITIVE, "SEXUAL OFFENCES", "all"]).any()
    assert by_age["mean"].min() >= RULES.ages.smallest
    for basis in SHARES:
        for low, high, everyone in attacked(truth, told, basis, times=10, seed=seed):
            assert high - low >= min(1.0, everyone / 2)


def test_the_attacker_finds_what_small_numbers_suppressed_alone_leave(
    truth: Truth, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publication.disclosure.age_suppression._complement", lambda *_: None)
    told = told_of(truth, ages_from_extract=True)
    assert any(high - low < 0.001 for low, high, _ in attacked(truth, told, "victim", times=60, seed=1))


def attacked(
    truth: Truth, told: Contents, basis: str, *, times: int, seed: int
) -> Iterable[tuple[float, float, float]]:
    """What an attacker finds of figures by age that are not told: the least and greatest, and those of all ages."""
    known, values = ages_as_a_system(truth, told, basis)
    kinds = [("minor", "ARSON"), ("minor", "RAPE"), ("minor", "POSSESSION OF WEAPONS"), ("major", "THEFT")]
    rows = told.ages.forecast_by_age[
        (told.ages.forecast_by_age["age_basis"] == basis) & (told.ages.forecast_by_age["month"] == YEARS[0])
    ]
    columns = ["area_level", "area_code", *KIND, "age_group"]
    shown = set(rows.loc[rows["marker"] == "", columns].itertuples(index=False, name=None))
    hidden = set(rows.loc[rows["marker"] != "", columns].itertuples(index=False, name=None))
    hidden |= {(*place, *kind, group) for place in truth.areas for kind in kinds for group in GROUPS}
    targets = sorted(hidden - shown)
    for number in np.random.default_rng(seed).choice(len(targets), min(times, len(targets)), replace=False):
        level, code, of, name, group = targets[number]
        weights = truth.weights((level, code), (of, name))
        low, high = bounds(spread(weights, group), known, values)
        yield low, high, float(weights @ truth.cells[("", "all")][..., 0].ravel())


def spread(weights: np.ndarray, group: str) -> np.ndarray:
    """The sum over one age group, of unknowns by group, ward and type."""
    return np.concatenate([weights if one == group else np.zeros_like(weights) for one in GROUPS])


def ages_as_a_system(truth: Truth, told: Contents, basis: str) -> tuple[np.ndarray, np.ndarray]:
    """What is told of one basis in the first year, and of all ages, as sums of unknowns by group, ward and type."""
    whole, totals = linear(truth, told.ahead.forecast, YEARS[0], "mean")
    known, values = [np.tile(whole, (1, len(GROUPS)))], [totals]
    ages = told.ages.forecast_by_age[told.ages.forecast_by_age["age_basis"] == basis]
    for group, rows in ages.groupby("age_group"):
        weights, means = linear(truth, rows, YEARS[0], "mean")
        if len(weights):
            known.append(np.array([spread(one, str(group)) for one in weights]))
            values.append(means)
    return np.vstack(known), np.concatenate(values)


def test_counts_of_an_extract_are_told_by_borough_and_year_and_no_small_one_can_be_had(truth: Truth) -> None:
    told = told_of(truth, from_extract=True)
    assert told.crime.withheld_counts == ("RAPE", "OTHER SEXUAL OFFENCES", "HOMICIDE")
    assert told.crime.total == ALL_EXCLUDING
    assert not told.recorded.offences["crime_type"].isin(SENSITIVE).any()
    assert not told.recorded.unlocated_offences["crime_type"].isin(SENSITIVE).any()
    assert not told.ahead.drivers["crime_type"].isin(["all", "SEXUAL OFFENCES", "RAPE"]).any()
    counts = told.recorded.protected_counts
    assert counts is not None
    assert set(counts["month"]) == {pd.Timestamp("2022-04-01"), pd.Timestamp("2023-04-01"), pd.Timestamp("2024-04-01")}
    assert len(counts) == 3 * 3 * 5
    assert counts["count"].isna().equals(counts["marker"] == "suppressed")
    assert not counts["count"].between(1, RULES.counts.smallest - 1).any()
    offences, unlocated = truth.contents.recorded.offences, truth.contents.recorded.unlocated_offences
    rape = counts[(counts["crime_type"] == "RAPE") & (counts["area_level"] == "force") & (counts["marker"] == "")]
    for row in rape.itertuples():
        year = pd.date_range(row.month, periods=12, freq="MS")
        parts = [table[(table["crime_type"] == "RAPE") & table["month"].isin(year)] for table in (offences, unlocated)]
        assert row.count == sum(part["count"].sum() for part in parts)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 12) | st.integers(0, 300), min_size=1, max_size=8), st.integers(2, 8))
def test_no_suppressed_count_can_be_had_from_the_total(counts: list[int], smallest: int) -> None:
    values = np.array(counts)
    hidden = suppressed(values, smallest)
    assert not ((values > 0) & (values < smallest) & ~hidden[:-1]).any()
    unknown = np.flatnonzero(hidden[:-1])
    if hidden[-1] or not len(unknown):
        return
    for place in range(len(unknown)):
        low, high = whole_bounds(np.eye(len(unknown))[place], np.ones((1, len(unknown))), [values[unknown].sum()])
        assert high - low >= smallest - 1


def whole_bounds(
    figure: np.ndarray, known: np.ndarray, values: Iterable[float], least: np.ndarray | float = 1.0
) -> tuple[float, float]:
    """The least and the greatest that a sum of unknown counts, each at least `least`, can be."""
    sums = LinearConstraint(known, values, values)
    everywhere = np.ones(known.shape[1])
    found = [milp(sign * figure, constraints=sums, integrality=everywhere, bounds=(least, np.inf)) for sign in (1, -1)]
    assert found[0].status == 0, "the attacker's own figures contradict each other"
    return round(found[0].fun), np.inf if found[1].fun is None else round(-found[1].fun)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 12) | st.integers(0, 60), min_size=3, max_size=8), st.integers(-9, 9))
@example([5, 1, 5], -5)  # the other count had hidden the small one, until it was revised to none
def test_two_releases_together_give_no_count_away(counts: list[int], revision: int) -> None:
    """One count is revised. Even an attacker who knows which, and that no other is, has no small count for certain."""
    first = np.array(counts)
    second = first + np.where(np.arange(len(first)) == 0, max(revision, -first[0]), 0)
    hidden = suppressed(first, 5)
    later = suppressed(second, 5, hidden, ~hidden[:-1])
    assert (later >= hidden).all()
    unknown = [*np.flatnonzero(hidden[:-1]), -1]  # those of the first release, and last the revised one
    known, values = [], []
    for count, concealed in ((first, hidden), (second, later)):
        revised = count is second
        cells = [-1 if place == 0 and revised else place for place in np.flatnonzero(concealed[:-1])]
        if concealed[-1]:
            continue
        rest = [place for place in cells if place not in unknown]  # told by the first release, and taken for the same
        known.append([cell in cells for cell in unknown])
        values.append(count[np.flatnonzero(concealed[:-1])].sum() - first[rest].sum())
    small = [place for place, cell in enumerate(unknown) if 0 < (second[0] if cell == -1 else first[cell]) < 5]
    for place in small:
        if (unknown[place] == -1 and hidden[0]) or not known:
            continue  # what is left of a count that was small before is its revision
        least = np.array([1.0] * (len(unknown) - 1) + [0.0])  # a count that was suppressed before may have become none
        low, high = whole_bounds(np.eye(len(unknown))[place], np.array(known, dtype=float), values, least)
        assert high > low


def test_what_a_release_suppressed_stays_suppressed_in_the_next(truth: Truth, tmp_path: Path) -> None:
    first = told_of(truth, from_extract=True).recorded.protected_counts
    assert first is not None
    first.assign(marker="suppressed").to_csv(tmp_path / "protected_counts.csv", index=False)
    second = told_of(truth, from_extract=True, previous=tmp_path).recorded.protected_counts
    assert second is not None
    assert (second["marker"] == "suppressed").all()


# The rules


@pytest.mark.parametrize(
    ("wards", "finest", "levels"),
    [
        ((3, 4, 3, 2), "borough", {"borough", "bcu", "force", "unlocated"}),
        ((3, 4, 3, 2), "bcu", {"bcu", "force", "unlocated"}),
        ((3, 4, 3, 2), "force", {"force", "unlocated"}),
        ((5,), "borough", {"borough", "bcu", "force", "unlocated"}),
        ((1,), "borough", set()),
        ((3, 4, 1), "borough", {"force", "unlocated"}),
    ],
)
def test_sensitive_types_stop_where_an_area_would_give_a_finer_one_away(
    wards: tuple[int, ...], finest: str, levels: set[str]
) -> None:
    assert {level for level, _ in open_places(make_areas(wards), finest, 2)} == levels


def test_a_borough_of_one_ward_closes_the_boroughs_of_its_command_only() -> None:
    places = open_places(make_areas((3, 1, 3, 2)), "borough", 2)
    assert {code for level, code in places if level == "borough"} == {"E09000002", "E09000003"}
    assert {code for level, code in places if level == "bcu"} == {"BCU0", "BCU1"}


@pytest.mark.parametrize("wards", [(3, 1, 3, 2), (1, 1), (6,), (2, 1, 5)])
def test_odd_forces_give_nothing_away(publication: Any, wards: tuple[int, ...]) -> None:
    truth = truth_of(publication, wards)
    told = told_of(truth, from_extract=True, ages_from_extract=True)
    known, values = linear(truth, told.ahead.forecast, YEARS[0], "mean")
    cells = truth.cells[("", "all")][..., 0].ravel()
    for ward in truth.contents.geography.areas["ward_code"]:
        figure = truth.weights(("ward", ward), ("minor", "RAPE"))
        low, high = bounds(figure, known, values)
        assert high - low > min(0.5, figure @ cells / 2)


def test_the_force_itself_gets_everything(truth: Truth) -> None:
    facts = replace(truth.contents.facts, audience="internal")
    contents = changed(truth.contents, facts=facts, from_extract=True, ages_from_extract=True)
    assert protected(contents, RULES) is contents
    assert facts.name.endswith("-internal")
    assert facts.mark.endswith("-INTERNAL")


def test_nothing_but_what_control_knows_of_is_in_the_contents() -> None:
    """A new field must be thought about here, and in `protected`, before it can be published."""
    controlled = {
        "forecast", "forecast_by_age", "scenario_differences", "last_year", "quarters", "drivers", "demand_waterfall",
        "all_recorded", "last_year_all_recorded", "past_years",
        "offences", "unlocated_offences", "overlaps", "knife_crime", "streams",
        "stream_values", "stream_forecast", "stream_last_year", "antisocial_behaviour", "antisocial_forecast",
        "age_rates", "crime_types", "plan", "protected_types", "withheld_counts", "protected_counts",
    }  # fmt: skip
    harmless = {
        "facts", "areas", "residents", "age_quality", "severity", "accuracy", "accuracy_by_horizon",
        "ward_profile", "ward_boundaries", "borough_boundaries", "quarantine", "from_extract", "ages_from_extract",
        "previous", "model", "alerts", "promises", "population_strength", "importance",
        "former_wards", "postcodes",
    }  # fmt: skip
    whole = {field.name for field in fields(Contents)}
    tables = [field.name for part in PARTS.values() for field in fields(part)]
    assert sorted([*(whole - PARTS.keys()), *tables]) == sorted(controlled | harmless)  # no name stands in two parts


def test_hours_and_harm_of_wards_count_no_protected_type(truth: Truth) -> None:
    """An attacker who knows the hours or the harm of a case would read the count off their sum."""
    first = truth.contents.geography.areas.iloc[0]
    codes = {level: first[f"{level}_code"] for level in ("ward", "borough", "force")}
    rows = [("ward", "all"), ("ward", f"all{EXCLUDING}"), ("ward", "RAPE"), ("force", "RAPE"), ("force", "calls")]
    work = pd.DataFrame(
        [(level, codes[level], what) for level, what in rows], columns=["area_level", "area_code", "what"]
    )
    tables = dict.fromkeys(("work", "harm", "hidden", "money"), work)
    told = protected(replace(truth.contents, plan=PlanResult(tables, (), {})), RULES).plan
    assert told is not None
    for table in told.tables.values():
        left = table[["area_level", "what"]].to_numpy().tolist()
        assert left == [["ward", f"all{EXCLUDING}"], ["force", "RAPE"], ["force", "calls"]]


def test_wards_without_totals_of_the_models_have_none_rather_than_whole_ones(truth: Truth) -> None:
    forecast = truth.contents.ahead.forecast
    told = told_of(truth, forecast=forecast[~forecast["crime_type"].str.endswith(EXCLUDING)])
    ward = told.ahead.forecast[told.ahead.forecast["area_level"] == "ward"]
    assert "all" not in set(ward["crime_level"])


def test_sums_made_under_other_rules_are_refused(truth: Truth) -> None:
    stricter = RULES.model_copy(
        update={"types": RULES.types.model_copy(update={"finest_open_level": {"ARSON": "bcu"}})}
    )
    assert protected_types(CRIME_TYPES, stricter) == ("ARSON", "RAPE", "OTHER SEXUAL OFFENCES", "HOMICIDE")
    with pytest.raises(ReleaseError, match="leaves out other types than the rules"):
        protected(truth.contents, stricter)


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda text: text.replace("fewest_wards = 2", "fewest_wards = 1"), "types.fewest_wards"),
        (lambda text: text.replace("fewest_wards", "fewest_words"), "types.fewest_wards: Field required"),
        (lambda text: text + "\nmore = 1", "ages.more: Extra inputs"),
        (lambda text: text.replace("[counts]", "[counts"), "Expected"),
        (
            lambda text: text.replace("[types.finest_open_level]", '[types.finest_open_level]\nX = "street"'),
            "finest_open",
        ),
    ],
)
def test_rules_that_cannot_be_used_are_refused(tmp_path: Path, spoil: Callable[[str], str], problem: str) -> None:
    (tmp_path / "rules.toml").write_text(spoil(RULES_FILE.read_text()))
    with pytest.raises(ReleaseError, match=f"(?s)rules.toml, .*{problem}"):
        read_rules(tmp_path / "rules.toml")


def test_rules_for_a_type_that_there_is_not_are_refused(truth: Truth) -> None:
    rules = RULES.model_copy(
        update={"types": RULES.types.model_copy(update={"finest_open_level": {"PIRACY": "force"}})}
    )
    with pytest.raises(ReleaseError, match="'PIRACY'"):
        protected(truth.contents, rules)


def test_a_crime_type_that_control_does_not_know_is_refused(truth: Truth) -> None:
    forecast = truth.contents.ahead.forecast
    with pytest.raises(ReleaseError, match="does not know the crime type 'PIRACY'"):
        told_of(truth, forecast=pd.concat([forecast, forecast.iloc[:1].assign(crime_type="PIRACY")]))


def test_a_force_without_ages(truth: Truth) -> None:
    told = told_of(
        truth, forecast_by_age=truth.contents.ahead.forecast.iloc[:0], from_extract=True, ages_from_extract=True
    )
    assert told.ages.forecast_by_age.empty
    assert told.ages.age_rates.empty

"""The atlas's files: the page, its bundle, and its data.

Walks in: the contents of a release. Walks out, in the release's folder:

    atlas/index.html           the page
    atlas/atlas.js, atlas.css  its bundle, built at development time from `page/`
    atlas/data/release.js      what the page needs before any figure: areas, map, crime types, facts, residents
    atlas/data/year-ahead.js   the next twelve months of every crime type and area
    atlas/data/postcodes.js    postcodes and their wards, where the force gave them
    atlas/data/<crime>.js      one crime type; <crime>-ages.js its age groups
    atlas/data/posts.js        posts by ward with their reasons, where the plan has any

Everything depends on the contents alone, so that publishing a run twice gives the same bytes.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from models.forecast.vocabulary import ALL_RECORDED
from publication.atlas.ages import age_groups
from publication.atlas.columns import Column, literal, script
from publication.atlas.counts import History, by_crime, recorded_history
from publication.atlas.crime_columns import (
    TENTHS,
    Axes,
    age_columns,
    difference_columns,
    driver_columns,
    forecast_columns,
    last_year_columns,
)
from publication.atlas.crimes import Crime, crimes_of
from publication.atlas.other_names import postcode_columns
from publication.atlas.places import LEVELS, UNLOCATED, base_area
from publication.atlas.posts import posts_told
from publication.atlas.rates import residents_ahead
from publication.atlas.release_index import driver_steps, release_index
from publication.atlas.severity import severity_columns
from publication.numbers.misleading_rates import misleading_rates
from publication.numbers.recorded import measure_told
from publication.release.contents import Contents
from publication.words import NOT_FOR, day_name, page_links

BUILT = Path(__file__).with_name("built")
TEMPLATES = Path(__file__).with_name("page")


def write_atlas(folder: Path, contents: Contents) -> None:
    """Write `atlas/` into a release's folder.

    Raises
    ------
    ReleaseError
        When figures name an area that is not in the table of areas.
    """
    atlas = folder / "atlas"
    (atlas / "data").mkdir(parents=True)
    for path in sorted(BUILT.iterdir()):
        shutil.copyfile(path, atlas / path.name)
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    environment.filters["day"] = day_name
    page = environment.get_template("index.html").render(
        facts=contents.facts,
        audience=contents.audience,
        base=base_area(contents.geography.areas),
        links=page_links(contents.has_plan),
        not_for=NOT_FOR,
        counted=_counted(contents),
        former=len(contents.geography.former_wards),
        postcodes=len(contents.geography.postcodes),
    )
    _write(atlas / "index.html", page)
    _write_data(atlas / "data", contents)


def _counted(contents: Contents) -> str:
    """Say what the levels above the base count."""
    names = {"borough": "Boroughs", "bcu": "BCUs", "force": "the force"}
    every = [name for level, name in names.items() if measure_told(contents.ahead, level) == ALL_RECORDED]
    text = f"All recorded offences, located or not, are counted for: {', '.join(every)}." if every else ""
    others = [name for name in names.values() if name not in every]
    return f"{text} Offences with a known place alone are counted for: {', '.join(others)}." if others else text


def _write_data(folder: Path, contents: Contents) -> None:
    """Write the data scripts: crime types one by one, then what is gathered from all of them."""
    contents = as_told(contents)
    axes, crimes = Axes.of(contents), crimes_of(contents)
    history = recorded_history(contents, axes.places)
    columns = _crime_columns(contents, axes, crimes, history)
    for crime in crimes:
        _write(folder / f"{crime.identity}.js", script(crime.identity, columns[crime.identity]))
    groups = age_groups(contents.ages.forecast_by_age)
    with_ages = _write_ages(folder, contents, axes, crimes, groups)
    if len(axes.years):
        _write(folder / "year-ahead.js", script("year-ahead", _year_ahead(crimes, columns)))
    posts = posts_told(contents.plan.tables if contents.plan else {}, axes.places)
    if posts:
        _write(folder / "posts.js", f'wardcast.tell("posts",{literal(posts)});\n')
    people = _residents(contents, axes, groups)
    if len(contents.geography.postcodes):
        _write(folder / "postcodes.js", script("postcodes", postcode_columns(contents, axes.places)))
    index = release_index(
        contents,
        axes,
        crimes,
        recorded=history.months,
        whole_from=history.whole_from,
        groups=groups,
        with_ages=with_ages,
        finest={crime.identity: _finest(columns[crime.identity], axes) for crime in crimes},
        marks=_marks(crimes, columns, people[0], axes),
        with_posts=bool(posts),
    )
    _write(folder / "release.js", f"wardcast.open({literal(index)});\n" + script("residents", people))


def as_told(contents: Contents) -> Contents:
    """Return contents whose forecasts are of all recorded offences at the levels that tell them."""
    ahead, past = contents.ahead, contents.track_record
    return replace(
        contents,
        ahead=replace(ahead, forecast=_with_all_recorded(ahead.forecast, ahead.all_recorded)),
        track_record=replace(past, last_year=_with_all_recorded(past.last_year, past.last_year_all_recorded)),
    )


def _with_all_recorded(located: pd.DataFrame, every: pd.DataFrame) -> pd.DataFrame:
    """Return rows of all recorded offences at the levels that have any, and of located ones at the others."""
    rows = every[every["period"] != "quarter"]
    told = set(rows["area_level"].astype(str))
    return pd.concat([located[~located["area_level"].isin(told)], rows]) if told else located


def _crime_columns(
    contents: Contents, axes: Axes, crimes: Sequence[Crime], history: History
) -> dict[str, list[Column]]:
    """Return the columns of each crime type by its id."""
    tables = (
        contents.ahead.forecast,
        contents.track_record.last_year,
        contents.ahead.scenario_differences,
        contents.ahead.drivers,
    )
    forecast, last_year, differences, drivers = (by_crime(table, axes.places) for table in tables)
    steps = driver_steps(contents.ahead.drivers)
    weights = dict(
        zip(contents.crime.severity["crime_type"], contents.crime.severity["weight"].astype(float), strict=True)
    )
    expected = {crime.key: forecast_columns(forecast[crime.key], axes) for crime in crimes}
    means = {key: [one for one in columns if one.name.endswith(".mean")] for key, columns in expected.items()}
    return {
        crime.identity: [
            *expected[crime.key],
            *_recorded(crime, history, means[crime.key], axes),
            *severity_columns(crime, means, weights),
            *last_year_columns(last_year.get(crime.key), axes),
            *difference_columns(differences.get(crime.key), axes),
            *driver_columns(drivers.get(crime.key), axes, steps),
        ]
        for crime in crimes
    }


def _recorded(crime: Crime, history: History, means: Sequence[Column], axes: Axes) -> list[Column]:
    """Return what was recorded by month and in the last twelve months.

    Where a forecast stops at a coarser level, so does its history.
    """
    located = (axes.places.table["level"] != UNLOCATED).to_numpy()
    untold = located & np.all([np.isnan(column.cells).all(axis=1) for column in means], axis=0)
    by_month, last_year = history.of(crime.minor_types), history.last_year(crime.minor_types)
    by_month[untold], last_year[untold] = np.nan, np.nan
    return [Column("history", by_month), Column("recorded", last_year)]


def _finest(columns: Sequence[Column], axes: Axes) -> str:
    """Return the finest level of areas with a forecast of the type."""
    told = np.isfinite(columns[0].cells).any(axis=1) | np.isfinite(columns[2].cells).any(axis=1)  # by year, by month
    return next(level for level in LEVELS if told[axes.places.table["level"] == level].any())


def _write_ages(
    folder: Path, contents: Contents, axes: Axes, crimes: Sequence[Crime], groups: pd.MultiIndex
) -> set[str]:
    """Write a file of ages for each crime type that has any; return the ids of those types."""
    ages = contents.ages.forecast_by_age
    rows = by_crime(ages[(ages["period"] == "year") & (ages["scenario"] == axes.scenarios[0])], axes.places)
    with_ages = [crime for crime in crimes if crime.key in rows]
    for crime in with_ages:
        name = f"{crime.identity}-ages"
        _write(folder / f"{name}.js", script(name, age_columns(rows[crime.key], axes, groups)))
    return {crime.identity for crime in with_ages}


def _year_ahead(crimes: Sequence[Crime], columns: dict[str, list[Column]]) -> list[Column]:
    """Return the last twelve months and the next, with all quantiles of the page, (crime type, area)."""
    mean, quantiles = columns[crimes[0].identity][:2]
    named = [{column.name: column.cells for column in columns[crime.identity]} for crime in crimes]
    return [
        Column("mean", np.array([one[mean.name][:, 0] for one in named]), TENTHS),
        Column("quantiles", np.array([one[quantiles.name][:, :, 0] for one in named]).swapaxes(0, 1), rungs=True),
        Column("recorded", np.array([one["recorded"] for one in named])),
    ]


def _residents(contents: Contents, axes: Axes, groups: pd.MultiIndex) -> list[Column]:
    """Return residents, (scenario, area, year), and where there are ages those of each group, (group, area, year)."""

    def ahead(scenario: str, age_group: str) -> np.ndarray:
        return residents_ahead(contents.geography.residents, axes.places, axes.years, scenario, age_group)

    columns = [Column("residents", np.array([ahead(scenario, "all") for scenario in axes.scenarios]))]
    if len(groups):
        columns.append(Column("residents.age", np.array([ahead(axes.scenarios[0], group) for _, group in groups])))
    return columns


def _marks(crimes: Sequence[Crime], columns: dict[str, list[Column]], residents: Column, axes: Axes) -> list[str]:
    """Return why the rate of each ward misleads, judged by the total of all types that wards have."""
    wards = axes.places.count("ward")
    if not len(axes.years):
        return [""] * wards
    totals = [columns[crime.identity][0].cells[:wards, 0] for crime in crimes if crime.key[0] == "all"]
    # Where protected types stop at boroughs, the total that wards have is the one without them.
    told = next((total for total in totals if np.isfinite(total).any()), np.full(wards, np.nan))
    return misleading_rates(told, residents.cells[0, :wards, 0])


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")

"""The question of command units as a force's files ask it: its areas, measures and rules joined.

Walk in: the tables `areas`, `borough_offences` and others, boundaries, a `CommandsFile`. Walk out: measures by borough,
a `CommandQuestion`, wished-for options.
"""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd

from planning.folder.commands_file import CommandsFile, Pair, shipped_barriers
from planning.places.command_units.borders import AreaMap, area_map
from planning.places.command_units.command_rules import CommandQuestion, CommandRules, Limit
from sources.files.errors import InputError

CRIME, HARM, RESIDENTS, HOURS = "crime", "harm", "residents", "hours"
MONTHS_OF_A_YEAR = 12


def borough_names(areas: pd.DataFrame) -> pd.Series:
    """Return the names of boroughs by code, in the order of the table `areas`."""
    return areas.drop_duplicates("borough_code").set_index("borough_code")["borough_name"]


def recorded_measures(
    areas: pd.DataFrame,
    borough_offences: pd.DataFrame,
    severity: pd.DataFrame,
    ward_population: pd.DataFrame,
    first_month: pd.Timestamp,
    hours: pd.Series | None = None,
) -> pd.DataFrame:
    """Return measures of boroughs in the twelve months from `first_month`: crime, and others where they are known.

    crime : recorded offences, those of no known ward with their borough, those of no known borough with none. harm :
    offences by their Crime Severity Score weights, of types that have one. residents : the latest estimate. hours :
    offences by `hours` of a case, by crime type.

    Raises
    ------
    InputError
        If any of the months was not recorded.
    """
    months = pd.date_range(first_month, periods=MONTHS_OF_A_YEAR, freq="MS")
    of_year = borough_offences[borough_offences["month"].isin(months)]
    lacking = sorted(set(months) - set(of_year["month"]))
    if lacking:
        recorded = borough_offences["month"]
        raise InputError(
            f"Offences of {lacking[0]:%Y-%m} are not recorded, so the year is not whole",
            value=f"{first_month:%Y-%m}",
            remedy=f"Name a first month from {recorded.min():%Y-%m} to "
            f"{recorded.max() - pd.DateOffset(months=MONTHS_OF_A_YEAR - 1):%Y-%m}.",
        )
    codes = borough_names(areas).index
    found = {CRIME: of_year.groupby("borough_code")["count"].sum()}
    if not severity.empty:
        weights = of_year["crime_type"].map(severity.set_index("crime_type")["weight"]).fillna(0)
        found[HARM] = (of_year["count"] * weights).groupby(of_year["borough_code"]).sum()
    if hours is not None:
        worked = of_year["count"] * of_year["crime_type"].map(hours).fillna(0)
        found[HOURS] = worked.groupby(of_year["borough_code"]).sum()
    estimates = ward_population[ward_population["variant"] == "estimate"]
    if not estimates.empty:
        latest = estimates[estimates["year"] == estimates["year"].max()]
        borough = latest["ward_code"].map(areas.set_index("ward_code")["borough_code"])
        found[RESIDENTS] = latest["persons"].groupby(borough).sum()
    return pd.DataFrame({name: figures.reindex(codes).fillna(0) for name, figures in found.items()}).astype(float)


def with_own_measures(measures: pd.DataFrame, names: pd.Series, own: pd.DataFrame) -> pd.DataFrame:
    """Return measures with those of the force's own file added; a figure that it lacks is missing.

    Raises
    ------
    InputError
        If an area is not one of the force's, or a measure is there already.
    """
    by_name = {str(value): code for code, value in names.items()} | {str(code): code for code in names.index}
    strange = own[~own["area"].isin(list(by_name))]
    if not strange.empty:
        raise InputError(
            "The measures name an area that the force does not have",
            column="area",
            value=strange["area"].iloc[0],
            remedy=f"Name one of: {', '.join(sorted(names))}.",
        )
    known = sorted(set(own["measure"]) & set(measures) - {HOURS})
    if known:
        raise InputError("A measure of this name is there already", value=known[0], remedy="Give yours another name.")
    wide = own.assign(area=own["area"].map(by_name)).pivot(index="area", columns="measure", values="value")
    # Hours that a force has measured take the place of those worked out from stand-ins.
    return measures.drop(columns=[HOURS], errors="ignore").join(wide) if HOURS in wide else measures.join(wide)


def command_question(
    areas: pd.DataFrame, boundaries: gpd.GeoDataFrame, measures: pd.DataFrame, rules: CommandsFile
) -> CommandQuestion:
    """Return the question of a force's boroughs; a force of one borough has one too, with nothing to decide.

    Raises
    ------
    InputError
        As `area_map`, `CommandQuestion` and `shipped_barriers`; if a rule names an area that is not there.
    """
    names = borough_names(areas)
    by_name = {str(value): str(code) for code, value in names.items()}
    shipped = shipped_barriers(str(areas["force_code"].iloc[0]), rules.barriers)
    barriers = pd.DataFrame(
        {"one": shipped["one"].map(by_name), "other": shipped["other"].map(by_name), "name": shipped["barrier"]}
    ).dropna()  # a subset of a force has not all its boroughs
    placing = AreaMap(tuple(by_name.values()), tuple(by_name), (), {})
    drawn = area_map(
        names,
        boundaries,
        barriers=pd.concat([barriers, _named_pairs(placing, rules.barrier)], ignore_index=True),
        bridges=_named_pairs(placing, rules.bridge),
        shortest=rules.shortest_border,
    )
    limits = [Limit(each.name, each.measure, each.at_least, each.at_most) for each in rules.limit]
    if rules.span is not None:
        span, each = rules.span, rules.span.superintendents_each
        words = f"{span.measure}, with {each:g} superintendents of {span.at_most:g} inspectors each"
        limits.append(Limit(words, span.measure, at_most=span.at_most * each))
    kept = tuple(drawn.group(group) for group in rules.keep)
    units = areas.drop_duplicates("borough_code").groupby("bcu_code", sort=False)["borough_code"]
    today = tuple(drawn.group(list(unit)) for _, unit in units)
    return CommandQuestion(drawn, measures, rules.measures, CommandRules(rules.singles, kept, tuple(limits)), today)


def wished_options(areas: AreaMap, rules: CommandsFile) -> dict[str, tuple[int, ...]]:
    """Return the options that the file wishes for; raises as `AreaMap.place`."""
    return {wish.name: tuple(areas.group(command) for command in wish.commands) for wish in rules.wish}


def _named_pairs(areas: AreaMap, pairs: Sequence[Pair]) -> pd.DataFrame:
    rows = [
        (areas.codes[areas.place(pair.areas[0])], areas.codes[areas.place(pair.areas[1])], pair.name) for pair in pairs
    ]
    return pd.DataFrame(rows, columns=["one", "other", "name"])

"""Disclosure control: what of a release's contents may leave the building.

Walks in: `Contents` with everything the run found, and the rules. Walks out: `Contents` that every writer may publish
whole. Writers never see what may not be told, so no format can give it away.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from models.forecast.vocabulary import ALL_EXCLUDING, EXCLUDING
from planning.make import PlanResult
from publication.disclosure.age_suppression import Kind, suppressed_ages
from publication.disclosure.count_suppression import protected_counts
from publication.disclosure.rules import Closed, Rules, members, protected_types, read_rules, with_levels
from publication.disclosure.streams import open_forecast, open_values
from publication.release.contents import Contents
from publication.release.manifest import ReleaseError

__all__ = ["protected", "protected_types", "read_rules"]

TOLERANCE = 1e-3  # offences a year, between a sum without protected types and its parts


def protected(contents: Contents, rules: Rules) -> Contents:
    """Return what may be told to the audience of the contents.

    To `internal`, everything. To `open`, forecasts without the types that stop at coarser areas, nor any sum that would
    give them away; recorded counts and ages as published, or, where no publisher has released them, without those
    types and with small numbers suppressed.

    Raises
    ------
    ReleaseError
        When the rules name an unknown crime type, or the sums without protected types were made of other types.
    """
    if contents.audience == "internal":
        return contents
    crime_types = with_levels(contents.crime_types, rules)
    _refuse_other_sums(contents.forecast, members(crime_types))
    closed = Closed.by(rules, contents.areas, crime_types)
    told = replace(
        contents,
        crime_types=crime_types,
        protected_types=protected_types(contents.crime_types, rules),
        forecast=_open_rows(contents.forecast, closed),
        forecast_by_age=_open_rows(contents.forecast_by_age, closed),
        scenario_differences=_open_rows(contents.scenario_differences, closed),
        all_recorded=_open_rows(contents.all_recorded, closed),
        last_year=_open_rows(contents.last_year, closed),
        last_year_all_recorded=_open_rows(contents.last_year_all_recorded, closed),
        quarters=_open_rows(contents.quarters, closed),
        past_years=_open_rows(contents.past_years, closed),
        drivers=_open_rows(contents.drivers, closed),
        demand_waterfall=_open_rows(contents.demand_waterfall, closed),
        stream_forecast=open_forecast(contents.stream_forecast, contents.streams),
        stream_last_year=open_forecast(contents.stream_last_year, contents.streams),
        stream_values=open_values(contents.stream_values, contents.streams, contents.areas, rules.counts.smallest),
        plan=_open_plan(contents.plan, closed),
    )
    exempt = rules.openly_released_is_exempt
    if contents.from_extract or not exempt:
        told = _with_protected_counts(told, closed, rules)
    if contents.ages_from_extract or not exempt:
        told = _with_protected_ages(told, rules)
    return told


def _open_plan(plan: PlanResult | None, closed: Closed) -> PlanResult | None:
    """Return a plan that counts no type where that may not be told: the weights of a count are known to all."""
    if plan is None:
        return None
    of_types = [name for name, table in plan.tables.items() if {"what", "area_level"} <= set(table)]
    return replace(plan, tables={**plan.tables, **{name: _open_table(plan.tables[name], closed) for name in of_types}})


def _open_table(table: pd.DataFrame, closed: Closed) -> pd.DataFrame:
    of_crime = table["what"].isin(list(closed.levels))
    known = of_crime | table["what"].isin(["all", ALL_EXCLUDING])
    asked = table.assign(crime_level=np.where(of_crime, "minor", "all"), crime_type=table["what"])[known]
    hidden = known.to_numpy(copy=True)
    hidden[hidden] = closed.rows(asked)
    return table[~hidden]


def _open_rows(table: pd.DataFrame, closed: Closed) -> pd.DataFrame:
    return table[~closed.rows(table)] if len(table) else table


def _with_protected_counts(contents: Contents, closed: Closed, rules: Rules) -> Contents:
    """Return contents that tell of recorded counts of protected types only by borough and financial year.

    What else counts them goes: the last year that drivers start from, and the totals of months that editions share.
    """
    contents = _without_flags(contents)
    withheld = contents.protected_types
    counts = protected_counts(
        contents.offences,
        contents.unlocated_offences,
        contents.areas,
        {crime_type: closed.telling[closed.levels[crime_type]] for crime_type in withheld},
        rules.counts.smallest,
        contents.previous,
    )
    return replace(
        contents,
        offences=contents.offences[~contents.offences["crime_type"].isin(withheld)],
        unlocated_offences=contents.unlocated_offences[~contents.unlocated_offences["crime_type"].isin(withheld)],
        drivers=_without(contents.drivers, contents),
        demand_waterfall=_without(contents.demand_waterfall, contents),
        past_years=_without(contents.past_years, contents),
        knife_crime=contents.knife_crime.iloc[:0],
        antisocial_behaviour=contents.antisocial_behaviour.iloc[:0],
        antisocial_forecast=contents.antisocial_forecast.iloc[:0],
        overlaps=contents.overlaps.iloc[:0],
        withheld_counts=withheld,
        protected_counts=counts,
    )


def _without_flags(contents: Contents) -> Contents:
    """Return contents without the streams that cut across crime types, whose counts are guarded here."""
    if contents.streams.empty:
        return contents
    flags = contents.streams.loc[contents.streams["overlaps"] != "", "stream"]

    def without(table: pd.DataFrame) -> pd.DataFrame:
        return table[~table["stream"].isin(flags)] if len(table) else table

    return replace(
        contents,
        streams=without(contents.streams),
        stream_values=without(contents.stream_values),
        stream_forecast=without(contents.stream_forecast),
        stream_last_year=without(contents.stream_last_year),
    )


def _without(table: pd.DataFrame, contents: Contents) -> pd.DataFrame:
    """Return the rows of crime types that have no protected types in them."""
    if table.empty:
        return table
    sums = members(contents.crime_types)
    kinds = zip(table["crime_level"].astype(str), table["crime_type"].astype(str), strict=True)
    return table[[sums[kind].isdisjoint(contents.protected_types) for kind in kinds]]


def _with_protected_ages(contents: Contents, rules: Rules) -> Contents:
    """Return contents with ages of the types that are not protected only, small groups suppressed.

    Rates by single year of age stay for types of which the force may tell every group.
    """
    parents = _parents(contents)
    by_age = suppressed_ages(contents.forecast_by_age, contents.areas, parents, rules)
    of_force = by_age[(by_age["area_level"] == "force") & (by_age["crime_level"] == "minor")]
    whole = (of_force["marker"] == "").groupby([of_force["crime_type"], of_force["age_basis"]]).all()
    rates = contents.age_rates
    rates = rates[pd.MultiIndex.from_frame(rates[["crime_type", "basis"]]).isin(whole.index[whole])]
    differences = contents.scenario_differences
    if len(differences):
        differences = differences[differences["age_group"] == "all"]
    last_year = contents.last_year
    if len(last_year):
        last_year = last_year[last_year["age_group"] == "all"]
    return replace(
        contents, forecast_by_age=by_age, age_rates=rates, scenario_differences=differences, last_year=last_year
    )


def _parents(contents: Contents) -> dict[Kind, Kind | None]:
    """Return the crime types that ages may be told of, and the sum that each is part of."""
    types, guarded = contents.crime_types, set(contents.protected_types)
    total: Kind = ("all", f"all{EXCLUDING}" if guarded else "all")
    parents: dict[Kind, Kind | None] = {total: None}
    for major, minors in types.groupby("major_type")["crime_type"]:
        told = [minor for minor in minors if minor not in guarded]
        if told:
            code: Kind = ("major", str(major) + ("" if len(told) == len(minors) else EXCLUDING))
            parents |= {code: total, **{("minor", minor): code for minor in told}}
    return parents


def _refuse_other_sums(forecast: pd.DataFrame, sums: dict[Kind, frozenset[str]]) -> None:
    """Raise if a sum without protected types is not the sum of its members, as those rules have them."""
    rows = forecast[(forecast["area_level"] == "force") & (forecast["period"] == "year")]
    rows = rows[(rows["month"] == rows["month"].min()) & (rows["scenario"] == rows["scenario"].astype(str).min())]
    by_kind = rows.astype({"crime_level": str, "crime_type": str}).groupby(["crime_level", "crime_type"])["mean"].sum()
    for kind in by_kind.index:
        if kind[1].endswith(EXCLUDING):
            parts = sum(by_kind.get(("minor", minor), np.nan) for minor in sums.get(kind, ()))
            if not abs(by_kind[kind] - parts) <= TOLERANCE:
                raise ReleaseError(
                    f"The forecast of {kind[1]!r} leaves out other types than the rules of disclosure control do",
                    remedy="Forecast again, so that its sums are made under the same rules.",
                )

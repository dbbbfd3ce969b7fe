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
from publication.disclosure.places import without_recorded_demand
from publication.disclosure.rules import Closed, Rules, members, protected_types, read_rules, with_levels
from publication.disclosure.streams import open_forecast, open_values
from publication.release.contents import Ahead, Contents, CrimeTypes, OtherDemand, TrackRecord
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
    crime_types = with_levels(contents.crime.crime_types, rules)
    _refuse_other_sums(contents.ahead.forecast, members(crime_types))
    closed = Closed.by(rules, contents.geography.areas, crime_types)
    told = replace(
        contents,
        crime=replace(
            contents.crime,
            crime_types=crime_types,
            protected_types=protected_types(contents.crime.crime_types, rules),
        ),
        ahead=_open_ahead(contents.ahead, closed),
        ages=replace(contents.ages, forecast_by_age=_open_rows(contents.ages.forecast_by_age, closed)),
        track_record=_open_track_record(contents.track_record, closed),
        other_demand=_open_streams(contents.other_demand, contents.geography.areas, rules),
        plan=_open_plan(contents.plan, closed),
    )
    exempt = rules.openly_released_is_exempt
    if contents.recorded.from_extract or not exempt:
        told = _with_protected_counts(told, closed, rules)
    if contents.ages.ages_from_extract or not exempt:
        told = _with_protected_ages(told, rules)
    return told


def _open_ahead(ahead: Ahead, closed: Closed) -> Ahead:
    return replace(
        ahead,
        forecast=_open_rows(ahead.forecast, closed),
        all_recorded=_open_rows(ahead.all_recorded, closed),
        scenario_differences=_open_rows(ahead.scenario_differences, closed),
        quarters=_open_rows(ahead.quarters, closed),
        drivers=_open_rows(ahead.drivers, closed),
        demand_waterfall=_open_rows(ahead.demand_waterfall, closed),
    )


def _open_track_record(past: TrackRecord, closed: Closed) -> TrackRecord:
    return replace(
        past,
        last_year=_open_rows(past.last_year, closed),
        last_year_all_recorded=_open_rows(past.last_year_all_recorded, closed),
        past_years=_open_rows(past.past_years, closed),
    )


def _open_streams(other: OtherDemand, areas: pd.DataFrame, rules: Rules) -> OtherDemand:
    return replace(
        other,
        stream_forecast=open_forecast(other.stream_forecast, other.streams),
        stream_last_year=open_forecast(other.stream_last_year, other.streams),
        stream_values=open_values(other.stream_values, other.streams, areas, rules.counts.smallest),
    )


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
    crime, recorded = contents.crime, contents.recorded
    withheld = crime.protected_types
    counts = protected_counts(
        recorded.offences,
        recorded.unlocated_offences,
        contents.geography.areas,
        {crime_type: closed.telling[closed.levels[crime_type]] for crime_type in withheld},
        rules.counts.smallest,
        contents.previous,
    )
    return replace(
        contents,
        crime=replace(crime, withheld_counts=withheld),
        recorded=replace(
            recorded,
            offences=recorded.offences[~recorded.offences["crime_type"].isin(withheld)],
            unlocated_offences=recorded.unlocated_offences[~recorded.unlocated_offences["crime_type"].isin(withheld)],
            knife_crime=recorded.knife_crime.iloc[:0],
            antisocial_behaviour=recorded.antisocial_behaviour.iloc[:0],
            overlaps=recorded.overlaps.iloc[:0],
            protected_counts=counts,
        ),
        ahead=replace(
            contents.ahead,
            drivers=_without(contents.ahead.drivers, crime),
            demand_waterfall=_without(contents.ahead.demand_waterfall, crime),
            antisocial_forecast=contents.ahead.antisocial_forecast.iloc[:0],
        ),
        track_record=replace(contents.track_record, past_years=_without(contents.track_record.past_years, crime)),
        other_demand=_without_flags(contents.other_demand),
        plan=without_recorded_demand(contents.plan),
    )


def _without_flags(other: OtherDemand) -> OtherDemand:
    """Return other demand without the streams that cut across crime types, whose counts are guarded here."""
    if other.streams.empty:
        return other
    flags = other.streams.loc[other.streams["overlaps"] != "", "stream"]

    def without(table: pd.DataFrame) -> pd.DataFrame:
        return table[~table["stream"].isin(flags)] if len(table) else table

    return OtherDemand(
        streams=without(other.streams),
        stream_values=without(other.stream_values),
        stream_forecast=without(other.stream_forecast),
        stream_last_year=without(other.stream_last_year),
    )


def _without(table: pd.DataFrame, crime: CrimeTypes) -> pd.DataFrame:
    """Return the rows of crime types that have no protected types in them."""
    if table.empty:
        return table
    sums = members(crime.crime_types)
    kinds = zip(table["crime_level"].astype(str), table["crime_type"].astype(str), strict=True)
    return table[[sums[kind].isdisjoint(crime.protected_types) for kind in kinds]]


def _with_protected_ages(contents: Contents, rules: Rules) -> Contents:
    """Return contents with ages of the types that are not protected only, small groups suppressed.

    Rates by single year of age stay for types of which the force may tell every group.
    """
    parents = _parents(contents.crime)
    by_age = suppressed_ages(contents.ages.forecast_by_age, contents.geography.areas, parents, rules)
    of_force = by_age[(by_age["area_level"] == "force") & (by_age["crime_level"] == "minor")]
    whole = (of_force["marker"] == "").groupby([of_force["crime_type"], of_force["age_basis"]]).all()
    rates = contents.ages.age_rates
    rates = rates[pd.MultiIndex.from_frame(rates[["crime_type", "basis"]]).isin(whole.index[whole])]
    ahead, past = contents.ahead, contents.track_record
    return replace(
        contents,
        ages=replace(contents.ages, forecast_by_age=by_age, age_rates=rates),
        ahead=replace(ahead, scenario_differences=_of_all_ages(ahead.scenario_differences)),
        track_record=replace(past, last_year=_of_all_ages(past.last_year)),
    )


def _of_all_ages(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["age_group"] == "all"] if len(table) else table


def _parents(crime: CrimeTypes) -> dict[Kind, Kind | None]:
    """Return the crime types that ages may be told of, and the sum that each is part of."""
    types, guarded = crime.crime_types, set(crime.protected_types)
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

"""What demand costs: hours times pounds an hour, by function, crime type and area, an offence and a resident.

Walk in: hours of a scenario and prices. Walk out: rows. Spending by command is not kept anywhere: what a BCU costs is
imputed from its hours, and marked so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from planning.areas import PlanAreas
from planning.folder.vocabulary import ALL, FUNCTIONS, worst
from planning.money.prices import Prices
from planning.scenario_work import Work
from planning.summary import labelled

LEVELS = ("bcu", "force")


def residents_of(areas: PlanAreas, table: pd.DataFrame, residents: Mapping[str, float]) -> np.ndarray:
    """Return residents of each area of a plan, (area); missing where they are not known.

    residents : by ward code; table : of areas.
    """
    of_ward = table["ward_code"].map(residents)
    found = []
    for level, code in zip(areas.table["area_level"], areas.table["area_code"], strict=True):
        inside = table[f"{level}_code"] == code
        known = residents and of_ward[inside].notna().any()
        found.append(float(of_ward[inside].sum()) if known else np.nan)
    return np.array(found)


def costs_table(
    pair: Sequence[Work],
    prices: tuple[Prices, Prices],
    yearly: np.ndarray,
    types: Sequence[str],
    areas: PlanAreas,
    residents: np.ndarray,
    years: Sequence[pd.Timestamp],
    quality: Mapping[str, str],
) -> pd.DataFrame:
    """Return costs of the force and its BCUs: of each function, and of each crime type over all functions; of the
    force those of streams too.

    pair, prices : from demand alone, and with assumptions. yearly : recorded offences, (area of the kept draws, crime
    type, year, draw). quality : of the hours of each function, and of `all`.
    """
    places = np.flatnonzero(areas.table["area_level"].isin(LEVELS))
    alone, drawn = (_with_all(work.by_year[places] * of.ahead[None]) for work, of in zip(pair, prices, strict=True))
    base = _with_all(pair[1].base[places] * prices[1].base[None])
    parts = [_by_function(alone, drawn, base, areas, places, years)]
    if pair[1].crimes.by_type is not None:
        parts.append(_by_type(pair[1].crimes.by_type, prices[1], yearly, types, areas, places, years))
    parts += [_of_stream(name, hours, prices[1], areas, years) for name, hours in pair[1].streams.items()]
    table = pd.concat(parts, ignore_index=True)
    people = pd.Series(residents, index=areas.table["area_code"])
    table["a_resident"] = table["mean"] / table["area_code"].map(people)
    table["imputed"] = table["area_level"] == "bcu"
    of_prices = prices[1].quality
    table["quality"] = [worst([quality.get(function, of_prices), of_prices]) for function in table["function"]]
    return table


def _with_all(by_function: np.ndarray) -> np.ndarray:
    return np.concatenate([by_function, by_function.sum(axis=1, keepdims=True)], axis=1)


def _by_function(
    alone: np.ndarray,
    drawn: np.ndarray,
    base: np.ndarray,
    areas: PlanAreas,
    places: np.ndarray,
    years: Sequence[pd.Timestamp],
) -> pd.DataFrame:
    """Return rows of functions; alone, drawn : (area, function, year, draw); base : (area, function, draw)."""
    narrow = np.quantile(alone, [0.1, 0.9], axis=-1)
    low, high = np.quantile(drawn, [0.1, 0.9], axis=-1)
    columns = {
        "base": np.broadcast_to(base.mean(axis=-1)[..., None], low.shape),
        "mean": drawn.mean(axis=-1),
        "q10": low,
        "q90": high,
        "q10_demand_alone": narrow[0],
        "q90_demand_alone": narrow[1],
    }
    dimensions = [("place", list(places)), ("function", (*FUNCTIONS, ALL)), ("year", years)]
    rows = labelled(dimensions, {name: values.ravel() for name, values in columns.items()})
    return _named(rows.assign(what=ALL), areas)


def _by_type(
    by_type: np.ndarray,
    prices: Prices,
    yearly: np.ndarray,
    types: Sequence[str],
    areas: PlanAreas,
    places: np.ndarray,
    years: Sequence[pd.Timestamp],
) -> pd.DataFrame:
    """Return rows of crime types; by_type : (area of the kept draws, crime type, function, year, draw) hours."""
    cost = np.einsum("atfyd,fyd->atyd", by_type, prices.ahead)
    member = areas.member[places]
    cost, offences = (np.tensordot(member, values, axes=1) for values in (cost, yearly))
    each = np.divide(cost, offences, out=np.full_like(cost, np.nan), where=offences > 0)
    low, high = np.quantile(cost, [0.1, 0.9], axis=-1)
    bounds = (
        np.nanquantile(each, [0.1, 0.9], axis=-1) if np.isnan(each).any() else np.quantile(each, [0.1, 0.9], axis=-1)
    )
    total = offences.sum(axis=-1)
    columns = {
        "mean": cost.mean(axis=-1),
        "q10": low,
        "q90": high,
        "offences": offences.mean(axis=-1),
        "an_offence": np.divide(cost.sum(axis=-1), total, out=np.full_like(total, np.nan), where=total > 0),
        "an_offence_q10": bounds[0],
        "an_offence_q90": bounds[1],
    }
    dimensions = [("place", list(places)), ("what", types), ("year", years)]
    rows = labelled(dimensions, {name: values.ravel() for name, values in columns.items()})
    return _named(rows.assign(function=ALL), areas)


def _of_stream(
    name: str, hours: np.ndarray, prices: Prices, areas: PlanAreas, years: Sequence[pd.Timestamp]
) -> pd.DataFrame:
    """Return rows of a stream, of the force alone; hours : (function, year, draw)."""
    cost = (hours * prices.ahead).sum(axis=0)
    low, high = np.quantile(cost, [0.1, 0.9], axis=-1)
    columns = {"mean": cost.mean(axis=-1), "q10": low, "q90": high}
    rows = labelled([("place", [areas.force]), ("year", years)], columns)
    return _named(rows.assign(function=ALL, what=name), areas)


def _named(rows: pd.DataFrame, areas: PlanAreas) -> pd.DataFrame:
    named = areas.table.iloc[rows["place"]].reset_index(drop=True)
    return pd.concat([named, rows.drop(columns="place").reset_index(drop=True)], axis=1)

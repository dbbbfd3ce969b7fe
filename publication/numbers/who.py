"""Who is growing where: residents aged 10 to 17 and 18 to 24, and what their growth implies for violence and robbery.

Walks in: `Contents`. Walks out: one table, a row an area, age group, crime type and basis. What growth implies is
arithmetic, not a forecast of its own: the offences expected of that age in the first year, times the growth of the
group. The forecast stands beside it.
"""

from __future__ import annotations

import pandas as pd

from models.forecast.vocabulary import EXCLUDING
from publication.numbers.age_quality import qualities
from publication.numbers.misleading_rates import misleading_rates
from publication.numbers.recorded import shown_scenario, whole_totals
from publication.release.contents import Contents, Geography

AGE_GROUPS = ("10-17", "18-24")
CRIME_TYPES = ("VIOLENCE AGAINST THE PERSON", "ROBBERY")
LEVELS = ("ward", "borough")
RESIDENTS = ["residents", "residents_ahead", "residents_low", "residents_high"]
COLUMNS = [
    "area_level",
    "area_code",
    "area_name",
    "borough_name",
    "age_group",
    "from_year",
    "to_year",
    *RESIDENTS,
    "growth",
    "crime_type",
    "age_basis",
    "quality",
    "expected",
    "low",
    "high",
    "rate",
    "rate_misleads",
    "implied",
    "implied_low",
    "implied_high",
    "expected_ahead",
    "low_ahead",
    "high_ahead",
]
COUNTS = ["low", "high", "low_ahead", "high_ahead"]  # the columns of whole numbers
KEYS = ["area_level", "area_code", "age_group"]


def who_grows(contents: Contents) -> pd.DataFrame:
    """Return columns `COLUMNS`: wards, then boroughs, those whose group grows by most people first.

    from_year, to_year : the 30 June within the first and the last year ahead, of the four kinds of residents: then, and
        ahead under the scenario shown, with the least and the most of all variants. growth : share.
    expected, low, high : offences of suspects or victims of that age in the first year, with the 80 % interval, and in
        the last year (`_ahead`). rate : expected per 1,000 residents of that age; rate_misleads : `few` residents, or a
        `busy` place where most people are who do not live there.
    implied : offences more in the last year than in the first if rates stood still, from growth alone, with the least
        and the most of all variants. Missing where the contents have no ages. Without rows where residents have no such
        groups.
    """
    years = sorted(
        pd.DatetimeIndex(contents.ahead.forecast.loc[contents.ahead.forecast["period"] == "year", "month"].unique())
    )
    if len(years) < 2:
        return pd.DataFrame(columns=COLUMNS)
    table = _residents(contents, years[0], years[-1])
    if table.empty:
        return pd.DataFrame(columns=COLUMNS)
    table = table.merge(_offences(contents, years[0], years[-1]), on=KEYS, how="left")
    scale = table["expected"] / table["residents"].where(table["residents"] > 0)
    more = {"implied": "residents_ahead", "implied_low": "residents_low", "implied_high": "residents_high"}
    table = table.assign(
        growth=table["residents_ahead"] / table["residents"].where(table["residents"] > 0) - 1,
        rate=1000 * scale,
        **{name: scale * (table[ahead] - table["residents"]) for name, ahead in more.items()},
    )
    added = table["residents_ahead"] - table["residents"]
    order = table.assign(level=table["area_level"].map(LEVELS.index), added=-added)
    order = order.sort_values(["level", "age_group", "added", "area_name", "area_code", "crime_type", "age_basis"])
    return order[COLUMNS].reset_index(drop=True)


def growth_of_force(contents: Contents) -> pd.DataFrame:
    """Return a row an age group of the force: age_group, from_year, to_year, and `RESIDENTS`; empty where not known."""
    years = sorted(
        pd.DatetimeIndex(contents.ahead.forecast.loc[contents.ahead.forecast["period"] == "year", "month"].unique())
    )
    table = _residents(contents, years[0], years[-1]) if len(years) > 1 else pd.DataFrame()
    if table.empty:
        return pd.DataFrame(columns=["age_group", "from_year", "to_year", *RESIDENTS])
    boroughs = table[table["area_level"] == "borough"]
    return boroughs.groupby(["age_group", "from_year", "to_year"], as_index=False)[RESIDENTS].sum()


def mid_year(first_month: pd.Timestamp) -> int:
    """Return the year whose 30 June falls within the twelve months from a month."""
    return first_month.year if first_month.month <= 6 else first_month.year + 1


def _residents(contents: Contents, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """Return residents of each group in the first and in the last year ahead, of wards and boroughs, with marks."""
    table = contents.geography.residents[contents.geography.residents["age_group"].isin(AGE_GROUPS)]
    start, end = mid_year(first), mid_year(last)
    variants = set(table["variant"]) - {"estimate"}
    shown = contents.facts.scenarios[0] if contents.facts.scenarios[0] in variants else "central"
    now = pd.concat([table[(table["variant"] == name) & (table["year"] == start)] for name in ("estimate", shown)])
    now = now.drop_duplicates(["ward_code", "age_group"])  # an estimate comes before a projection
    ahead = table[(table["variant"] != "estimate") & (table["year"] == end)]
    if now.empty or not (ahead["variant"] == shown).any():
        return pd.DataFrame()
    boroughs = contents.geography.areas.set_index("ward_code")["borough_code"]
    parts = []
    for level in LEVELS:
        persons = [
            _persons(rows, boroughs if level == "borough" else None, by)
            for rows, by in ((now, []), (ahead[ahead["variant"] == shown], []), (ahead, ["variant"]))
        ]
        every = persons[2].unstack("variant")
        figures = [persons[0], persons[1], every.min(axis="columns"), every.max(axis="columns")]
        part = pd.concat(figures, axis="columns", keys=RESIDENTS).dropna().reset_index()
        parts.append(part.assign(area_level=level, from_year=start, to_year=end))
    named = pd.concat(parts, ignore_index=True).merge(_names(contents.geography), on=["area_level", "area_code"])
    return named.assign(rate_misleads=named["area_code"].map(_marks(contents, first)).fillna(""))


def _persons(residents: pd.DataFrame, boroughs: pd.Series | None, by: list[str]) -> pd.Series:
    """Return residents by area_code, age_group and more, of wards, or of boroughs where wards are mapped to them."""
    codes = residents["ward_code"] if boroughs is None else residents["ward_code"].map(boroughs)
    return residents.assign(area_code=codes).groupby(["area_code", "age_group", *by])["persons"].sum()


def _names(geography: Geography) -> pd.DataFrame:
    areas = geography.areas
    wards = areas[["ward_code", "ward_name", "borough_name"]].set_axis(
        ["area_code", "area_name", "borough_name"], axis=1
    )
    boroughs = areas[["borough_code", "borough_name", "borough_name"]].drop_duplicates()
    boroughs = boroughs.set_axis(["area_code", "area_name", "borough_name"], axis=1)
    return pd.concat([wards.assign(area_level="ward"), boroughs.assign(area_level="borough")], ignore_index=True)


def _marks(contents: Contents, first: pd.Timestamp) -> dict[str, str]:
    """Return why a ward's rates per resident mislead, by code."""
    cells = shown_scenario(contents)
    cells = cells[(cells["area_level"] == "ward") & (cells["crime_level"] == "all") & (cells["period"] == "year")]
    expected = cells[cells["month"] == first].set_index("area_code")["mean"]
    whole = contents.geography.residents[(contents.geography.residents["age_group"] == "all")]
    latest = whole[whole["variant"].isin(["estimate", contents.facts.scenarios[0]])].sort_values("year")
    residents = latest.groupby("ward_code")["persons"].last().reindex(expected.index.astype(str))
    found = misleading_rates(expected.to_numpy(dtype=float), residents.to_numpy(dtype=float))
    return dict(zip(expected.index.astype(str), found, strict=True))


def _offences(contents: Contents, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """Return offences of each age group and basis in the first and the last year, with the quality of their ages.

    Where wards tell a type without its protected ones, their crime_type says so; boroughs tell the whole.
    """
    ages = contents.ages.forecast_by_age
    chosen = ages["age_group"].isin(AGE_GROUPS) & ages["area_level"].isin(LEVELS) & (ages["period"] == "year")
    chosen &= (ages["scenario"] == contents.facts.scenarios[0]) & (ages["crime_level"] == "major")
    keys = [*KEYS, "crime_type", "age_basis"]
    cells = ages[chosen].astype(dict.fromkeys(keys, str))
    cells = cells[cells["crime_type"].str.removesuffix(EXCLUDING).isin(CRIME_TYPES)]
    cells = pd.concat([whole_totals(cells[cells["area_level"] == level], contents.crime) for level in LEVELS])
    parts = []
    for month, suffix in ((first, ""), (last, "_ahead")):
        figures = {"mean": f"expected{suffix}", "q10": f"low{suffix}", "q90": f"high{suffix}"}
        parts.append(cells[cells["month"] == month].set_index(keys)[list(figures)].rename(columns=figures))
    table = pd.concat(parts, axis="columns").reset_index()
    quality = {basis: qualities(contents, basis) for basis in table["age_basis"].unique()}
    pairs = zip(table["crime_type"], table["age_basis"], strict=True)
    return table.assign(quality=[quality[basis].get(("major", name), "") for name, basis in pairs])

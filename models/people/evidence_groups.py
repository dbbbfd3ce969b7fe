"""Which evidence the rates of each crime type are made of.

Walks in: the table `age_evidence` as known at the origin, and the crime types. Walks out: for each basis the groups
by which people of an age are counted, each with its newest years, its crime types, its quality and words for readers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from models.forecast.vocabulary import BASES
from sources.ages.arrests import ARRESTS
from sources.ages.dashboards import HOMICIDE_SUSPECTS, HOMICIDE_VICTIMS, VAWG_VICTIMS
from sources.ages.groups import POOLS
from sources.ages.stops import STOPS_ENDING_IN_ARREST
from sources.crime.incidents import RECORD_LEVEL_EXTRACT

MEASURED, FEW, PROXY, NONE = "measured", "few", "proxy", "none"
# People behind ages that are called measured. The share of an eighth of them, as one of eight groups has, then has a
# relative standard error of 19 %; above 20 % the ONS calls estimates of its surveys unreliable for practical purposes.
ENOUGH_PEOPLE = 200

# Of each basis the best source first; a type takes the first that counts it. An extract replaces all others.
PRECEDENCE = {
    "victim": (HOMICIDE_VICTIMS, VAWG_VICTIMS),
    "suspect": (HOMICIDE_SUSPECTS, ARRESTS, STOPS_ENDING_IN_ARREST),
}
# Months of each source, back from its newest: few enough to be of today, enough to tell ages apart.
WINDOWS = {
    RECORD_LEVEL_EXTRACT: 36,
    ARRESTS: 36,
    STOPS_ENDING_IN_ARREST: 36,
    VAWG_VICTIMS: 36,
    HOMICIDE_VICTIMS: 120,
    HOMICIDE_SUSPECTS: 120,
}
WORDS = {
    RECORD_LEVEL_EXTRACT: "The force's own records",
    ARRESTS: "Arrests in London, Home Office",
    STOPS_ENDING_IN_ARREST: "Arrests after a stop and search, data.police.uk",
    VAWG_VICTIMS: "Victims of violence against women and girls, Metropolitan Police",
    HOMICIDE_VICTIMS: "Homicide victims, Metropolitan Police",
    HOMICIDE_SUSPECTS: "People proceeded against for homicide, Metropolitan Police",
}
_NOTES = {
    RECORD_LEVEL_EXTRACT: "Ages as recorded, by single year.",
    ARRESTS: "Arrests show policing as well as offending. Published for 10 to 17, 18 to 20 and 21 and over: among "
    "adults the curve follows people convicted in Scotland, as far as these counts allow.",
    STOPS_ENDING_IN_ARREST: "Who is stopped is the choice of police officers and falls mostly on the young.",
    VAWG_VICTIMS: "Women and girls of any violent or sexual offence together, per resident of either sex; other "
    "victims, and children under ten, are among those not known.",
    HOMICIDE_VICTIMS: "Every victim; few a year, so ten years together. Children under 13 are one band, which hides "
    "how many of them are infants.",
    HOMICIDE_SUSPECTS: "People charged or dead before charge; few a year, so ten years together. They are more than "
    "the homicides, so that none of these counts as without a suspect.",
}


@dataclass(frozen=True, eq=False)
class EvidenceGroup:
    """People counted together by age.

    rows : `age_evidence` of its newest years. members : minor types that take their rates from it. counted : all minor
    types whose offences it counts. quality, note : of its members.
    """

    basis: str
    source: str
    name: str
    rows: pd.DataFrame
    members: tuple[str, ...]
    counted: tuple[str, ...]
    quality: str
    note: str

    @property
    def people(self) -> int:
        """How many people were counted."""
        return int(self.rows["count"].sum())

    @property
    def words(self) -> str:
        """Where its people come from, and years: `Arrests in London 2015/16 to 2017/18, Home Office`."""
        return words_of(self.source, self.rows)


def words_of(source: str, rows: pd.DataFrame) -> str:
    """Return what readers call a source, with the years of its rows before its publisher."""
    what, comma, publisher = WORDS[source].partition(", ")
    first, last = rows["first_month"].min(), rows["last_month"].max()
    financial = (rows["first_month"].dt.month == 4).all() and last.month == 3
    years = [_financial_year(month) if financial else f"{month:%B %Y}" for month in (first, last)]
    return f"{what} {' to '.join(dict.fromkeys(years))}{comma}{publisher}"


def _financial_year(month: pd.Timestamp) -> str:
    start = month.year - (month.month < 4)
    return f"{start}/{(start + 1) % 100:02d}"


def evidence_groups(evidence: pd.DataFrame, crime_types: pd.DataFrame) -> Iterator[EvidenceGroup]:
    """Yield the groups that rates are made of; each minor type and basis is a member of one of them at most."""
    extract = (evidence["source"] == RECORD_LEVEL_EXTRACT).any()
    for basis in BASES:
        sources = (RECORD_LEVEL_EXTRACT,) if extract else PRECEDENCE[basis]
        of_basis = evidence[(evidence["basis"] == basis) & evidence["source"].isin(sources)]
        chosen = _chosen(of_basis, crime_types, sources)
        for (source, name), of_group in chosen.groupby(["source", "name"], sort=False):
            source, name, members = str(source), str(name), tuple(of_group["crime_type"])
            of_source = of_basis[of_basis["source"] == source]
            rows = of_source[of_source["crime_type"] == name]
            # An extract has every type to its end: a type without people then has none that are of today.
            ended = (of_source if source == RECORD_LEVEL_EXTRACT else rows)["last_month"].max()
            rows = rows[rows["last_month"] > ended - pd.DateOffset(months=WINDOWS[source])]
            if rows["count"].sum() > 0:
                yield EvidenceGroup(
                    basis=basis,
                    source=source,
                    name=name,
                    rows=rows,
                    members=members,
                    counted=tuple(crime_types["crime_type"][_is_of(crime_types, name)]),
                    quality=_quality(rows),
                    note=_note(source, name, members, rows),
                )


def _chosen(evidence: pd.DataFrame, crime_types: pd.DataFrame, sources: tuple[str, ...]) -> pd.DataFrame:
    """Return crime_type, source and name of the group that each minor type takes, those without one left out."""
    candidates = []
    for rank, source in enumerate(sources):
        for name in evidence.loc[evidence["source"] == source, "crime_type"].unique():
            found = crime_types.loc[_is_of(crime_types, name), ["crime_type"]]
            candidates.append(found.assign(source=source, name=name, rank=rank, width=len(found)))
    if not candidates:
        return pd.DataFrame(columns=["crime_type", "source", "name"])
    # Of one source the narrowest group: burglary before theft, burglary and vehicle offences together.
    ranked = pd.concat(candidates).sort_values(["rank", "width"], kind="stable")
    return ranked.drop_duplicates("crime_type").sort_index()[["crime_type", "source", "name"]]


def _is_of(crime_types: pd.DataFrame, name: str) -> pd.Series:
    """Return which minor types a group's name covers: itself, those of a major type, or those of a pool."""
    names = POOLS.get(name, (name,))
    return crime_types["crime_type"].isin(names) | crime_types["major_type"].isin(names)


def _quality(rows: pd.DataFrame) -> str:
    """Return the quality that the source states; what is measured on few people is called so."""
    stated = str(rows["quality"].iloc[-1])
    return FEW if stated == MEASURED and rows["count"].sum() < ENOUGH_PEOPLE else stated


def _note(source: str, name: str, members: tuple[str, ...], rows: pd.DataFrame) -> str:
    span = f"{rows['first_month'].min():%B %Y} to {rows['last_month'].max():%B %Y}, {rows['count'].sum():,} people."
    shared = "" if members == (name,) else f" Of {name.lower()} as a whole: its types are taken to have the same ages."
    return f"{_NOTES[source]} {span}{shared}"

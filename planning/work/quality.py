"""How well the hours of a function are known: the worst quality of what they rest on.

Walk in: the tables of a plan. Walks out: a quality by function, and what share of its hours rests on the force's own
rows.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from planning.folder.vocabulary import ALL, FUNCTIONS, worst
from planning.work.choice import rows_for
from planning.work.handling import KEYS


def quality_by_function(tables: Mapping[str, pd.DataFrame], majors: Mapping[str, str]) -> dict[str, str]:
    """Return the worst quality of the rows that make a function's hours, with those of handling where they act."""
    found: dict[str, list[str]] = {function: [] for function in FUNCTIONS}
    for minor, major in majors.items():
        hours = rows_for(tables["workload"], minor, major, ("function", "way"))
        own = hours["of_force"].groupby(hours["function"]).transform("any") if len(hours) else hours["of_force"]
        hours = hours[(hours["of_force"] == own) & (hours["p90"] > 0)]
        handling = list(rows_for(tables["handling"], minor, major, KEYS)["quality"])
        for function, rows in hours.groupby("function"):
            found[str(function)] += [*rows["quality"], *(handling if (rows["way"] != "").any() else [])]
    for stream, counted in tables["streams"][["stream", "quality"]].itertuples(index=False):
        for function, rows in tables["workload"][tables["workload"]["what"] == stream].groupby("function"):
            found[str(function)] += [str(counted), *rows["quality"]]
    time = tables["time"]
    own = time["of_force"].groupby(time["kind"]).transform("any")
    lost = list(time.loc[time["of_force"] == own, "quality"])
    of_functions = {function: worst([*named, *lost]) for function, named in found.items() if named}
    return of_functions | {ALL: worst(list(of_functions.values()))}


def assumptions_used(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return every assumption that a plan rests on, a row each: table, of_force, quality, source and its values."""
    parts = []
    for name, table in tables.items():
        keys = [column for column in table if column not in _COMMON]
        words = [table[column].astype(object).where(table[column].notna(), "").map(_in_words) for column in keys]
        said = [", ".join(word for word in row if word) for row in zip(*words, strict=True)]
        part = table.reindex(columns=list(_COMMON))
        parts.append(part.assign(table=name, what=said).rename(columns={"year": "of_year"}))
    return pd.concat(parts, ignore_index=True)[
        ["table", "what", *("of_year" if name == "year" else name for name in _COMMON)]
    ]


_COMMON = ("p10", "p50", "p90", "fte", "unit", "year", "country", "source", "quality", "error_group", "of_force")


def _in_words(value: object) -> str:
    return f"{value:%Y-%m}" if isinstance(value, pd.Timestamp) else str(value)

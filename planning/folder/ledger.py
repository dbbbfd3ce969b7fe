"""The ledger: an hour is either demand or time lost to it, and stands once.

Walk in: hours by case, streams and lost time of a plan. Walks out: nothing, or an `InputError`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from planning.folder.vocabulary import STAGES, WAYS_TOGETHER
from planning.series import Series
from sources.files.errors import InputError


def check_ledger(workload: pd.DataFrame, streams: pd.DataFrame, time: pd.DataFrame, folder: Path) -> None:
    """Refuse an hour in two places.

    An internal stream with hours that is also lost time of `time.csv`; or calls that are a stream with contact hours of
    their own, by a way for which the crimes reported in them have contact hours too.
    """
    with_hours = set(workload["what"])
    lost = {_plain(name) for name in time["name"]}
    for place, (_, stream) in enumerate(streams.iterrows()):
        name, way = stream["stream"], stream["of"]
        if name in with_hours and _plain(name) in lost:
            raise InputError(
                "An hour stands in two places: as work of a stream and as lost time",
                file=folder / "time.csv",
                row=place + 2,
                column="name",
                value=name,
                remedy="Keep it in streams.csv with its hours, or in time.csv, not in both.",
            )
        if way not in STAGES["reported by"]:
            continue
        contact = workload[workload["function"] == "contact"]
        of_stream = (contact["what"] == name).any()
        of_crimes = contact["way"].map(lambda ways, way=way: way in ways.split(WAYS_TOGETHER))
        own = of_crimes & (contact["of_force"] if (contact["of_force"] & of_crimes).any() else True)
        if of_stream and own.any() and (contact.loc[own, "p50"] > 0).any():
            raise InputError(
                f"An hour stands in two places: calls by {way} are the stream {name!r} and part of the crimes' contact",
                file=folder / "workload.csv",
                column="way",
                value=way,
                remedy=f"Give the crimes no contact hours by {way} (a row with 0), or the stream none.",
            )


def check_streams(
    streams: pd.DataFrame,
    workload: pd.DataFrame,
    time: pd.DataFrame,
    crimes: Sequence[str],
    series: Mapping[str, Series],
    folder: Path,
) -> None:
    """Refuse streams of what is not known, and hours that stand elsewhere already.

    Those are hours of a flag that cuts across crime types, whose offences have hours of their own; and of a series that
    is lost time of `time.csv`.
    """
    known = {
        "fixed": {"", *STAGES["reported by"]},
        "crime": set(crimes),
        "per": {name for name in series if name.startswith("residents")},
        "series": {name for name in series if not name.startswith("residents")},
    }
    lost = {_plain(name) for name in time.loc[time["kind"] == "abstraction", "name"]}
    with_hours = set(workload.loc[workload["p90"] > 0, "what"])
    for place, (_, stream) in enumerate(streams.iterrows()):
        said = {"file": folder / "streams.csv", "row": place + 2, "column": "of", "value": stream["of"]}
        if stream["of"] not in known[stream["projected_by"]]:
            some = ", ".join(sorted(filter(None, known[stream["projected_by"]]))[:12]) or "none for this force"
            raise InputError(
                f"A stream by {stream['projected_by']!r} is of what is not known", **said, remedy=f"Known are {some}."
            )
        if stream["projected_by"] != "series" or stream["stream"] not in with_hours:
            continue
        if series[stream["of"]].cuts_across:
            raise InputError(
                "An hour stands in two places: the stream counts offences of crime types over again",
                **said,
                remedy="Take its rows out of workload.csv: a flag that cuts across crime types earns no hours.",
            )
        if _plain(stream["of"]) in lost:
            raise InputError(
                "An hour stands in two places: as work of a stream and as lost time",
                **said,
                remedy="Keep it in streams.csv with its hours, or in time.csv, not in both.",
            )


def _plain(name: str) -> str:
    return name.casefold().replace("_", " ")

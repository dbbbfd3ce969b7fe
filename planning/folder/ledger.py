"""The ledger: an hour is either demand or time lost to it, and stands once.

Walk in: hours by case, streams and lost time of a plan. Walks out: nothing, or an `InputError`.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from planning.folder.vocabulary import STAGES, WAYS_TOGETHER
from sources.files.errors import InputError


def check_ledger(workload: pd.DataFrame, streams: pd.DataFrame, time: pd.DataFrame, folder: Path) -> None:
    """Refuse an hour in two places.

    An internal stream with hours that is also lost time of `time.csv`; or calls that are a stream with contact hours of
    their own, by a way for which the crimes reported in them have contact hours too.
    """
    with_hours = set(workload["what"])
    lost = dict(zip(time["name"].str.casefold(), time["role"], strict=True))
    for label, stream in streams.iterrows():
        name, way = stream["stream"], stream["of"]
        if name in with_hours and name.casefold() in lost:
            raise InputError(
                "An hour stands in two places: as work of a stream and as lost time",
                file=folder / "time.csv",
                row=int(streams.index.get_loc(label)) + 2,
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

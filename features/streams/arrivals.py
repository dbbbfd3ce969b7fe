"""Streams that have stopped coming, and newest months that no forecast expected.

Walk in: the tables of streams, and what earlier releases said of months recorded since. Walk out: alerts, columns of
`features.arrivals`.
"""

from __future__ import annotations

import pandas as pd

from features.arrivals import COLUMNS
from sources.streams.tables import stream_named

PATIENCE = 3  # months behind the force's offences before a stream is told to have stalled


def stalled_streams(
    streams: pd.DataFrame, values: pd.DataFrame, newest: pd.Timestamp, areas: pd.DataFrame
) -> pd.DataFrame:
    """Return an alert for each forecast stream that ends `PATIENCE` months or more before the force's newest month."""
    rows = []
    for name in streams["stream"]:
        about = stream_named(streams, values, str(name)).about
        last = pd.Timestamp(streams.loc[streams["stream"] == name, "last"].iloc[0])
        behind = (newest.year - last.year) * 12 + newest.month - last.month
        if about.forecast and behind >= PATIENCE:
            said = f"{about.title} ends in {last:%B %Y}, {behind} months before the offences"
            to_do = "Ask for the newest file; until then its forecast starts from that month"
            rows.append((newest, "stalled stream", *_force(areas), said, to_do))
    return pd.DataFrame(rows, columns=COLUMNS)


def surprising_streams(
    values: pd.DataFrame, said: pd.DataFrame, titles: dict[str, str], areas: pd.DataFrame
) -> pd.DataFrame:
    """Return an alert for each stream whose newest month came in outside the 95 % interval made before it.

    values : contract STREAM_VALUES. said : rows of the force, of single months, of `stream_forecast` in earlier
    releases; of several that tell a month the one from the latest origin counts. A month is of all series together, or
    of the only one.
    """
    if said.empty:
        return pd.DataFrame(columns=COLUMNS)
    newest = values.groupby("stream")["start"].transform("max")
    parts = values[values["start"] == newest].groupby(["stream", "series", "start"])["value"].sum().reset_index()
    sums = parts.groupby(["stream", "start"])["value"].sum().reset_index().assign(series="all")
    came = pd.concat([parts, sums]).drop_duplicates(["stream", "series"]).rename(columns={"start": "month"})
    told = said.sort_values("origin").drop_duplicates(["stream", "series", "month"], keep="last")
    both = told.astype({"stream": str, "series": str}).merge(came, on=["stream", "series", "month"])
    odd = both[(both["value"] < both["q025"]) | (both["value"] > both["q975"])]
    words = [
        f"{titles.get(name, name)}{'' if series == 'all' else f' ({series})'}: {value:,.0f} in {month:%B %Y}, where "
        f"95 in 100 were expected from {low:,.0f} to {high:,.0f}"
        for name, series, value, month, low, high in zip(
            odd["stream"], odd["series"], odd["value"], odd["month"], odd["q025"], odd["q975"], strict=True
        )
    ]
    level, code, force = _force(areas)
    to_do = "See whether the month is whole, and whether its recording changed"
    return pd.DataFrame(
        {
            "month": odd["month"].to_numpy(),
            "kind": "stream",
            "area_level": level,
            "area_code": code,
            "area_name": force,
            "said": words,
            "to_do": to_do,
        },
        columns=COLUMNS,
    )


def _force(areas: pd.DataFrame) -> tuple[str, str, str]:
    return "force", str(areas["force_code"].iloc[0]), str(areas["force_name"].iloc[0])

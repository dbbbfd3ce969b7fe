"""The workbook's sheet of streams: the last twelve months and the next, of the force and its boroughs.

Walks in: `Contents`. Walks out: a `Sheet`, or None for a force without streams.
"""

from __future__ import annotations

from publication.release.contents import OtherDemand
from publication.tables.workbook_tables import COUNT, MONTHLY, SHARE, Sheet, make_sheet

BEFORE, CHANCE = "Last twelve months", "Chance of a rise"
LEVELS = {"force": 0, "borough": 1}


def stream_sheet(other: OtherDemand) -> Sheet | None:
    """Return the streams by area: recorded in the twelve months before the forecast's first, and expected from it."""
    ahead = other.stream_forecast
    if ahead.empty:
        return None
    first = ahead.groupby("stream")["month"].transform("min")
    years = ahead[(ahead["period"] == "year") & (ahead["month"] == first) & ahead["area_level"].isin(list(LEVELS))]
    if years.empty:
        return None
    about = other.streams.set_index("stream")
    table = years.assign(
        place=years["area_level"].map(LEVELS),
        Stream=years["stream"].map(about["title"]),
        Category=years["stream"].map(about["category"]).str.capitalize(),
        Unit=years["stream"].map(about["unit"]),
        Series=years["series"].replace("all", "All"),
        Area=years["area_name"],
        From=years["month"].dt.strftime("%B %Y"),
    )
    table = table.sort_values(["Category", "Stream", "Series", "place", "area_name"], kind="stable")
    table = table.rename(columns={**MONTHLY, "year_before": BEFORE, "chance_of_rise": CHANCE})
    formats = {BEFORE: COUNT, **dict.fromkeys(MONTHLY.values(), COUNT), CHANCE: SHARE}
    texts = ["Stream", "Category", "Unit", "Series", "Area", "From"]
    title = "Other demand than recorded crime: twelve months ahead. Streams are never added to crime or to one another"
    return make_sheet("Streams", title, [*texts, *formats], table, formats, fixed=5)

"""What is odd about the newest months as they arrived: lost locations, silent wards, a feed that stalls.

Walks in: offences as recorded. Walks out: alerts about the data, before any forecast is asked.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

LOST_LOCATIONS = 0.03  # fall of the share of offences with a known ward below its usual, from which it is told
USUAL_MONTHS = 24  # whose middle is what is usual
FEWEST_USUAL = 15.0  # offences a month, from which a ward without any has surely gone missing
PUBLISHED_WITHIN = 75  # days after a month's end, within which it is usually published

COLUMNS = ["month", "kind", "area_level", "area_code", "area_name", "said", "to_do"]


def lost_locations(offences: pd.DataFrame, unlocated: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Return the months in which the share of offences with a known ward fell clearly below its usual, as alerts.

    offences, unlocated : contracts of the same names. Usual is the median of the 24 months before.
    """
    located = offences.groupby("month")["count"].sum()
    every = located.add(unlocated.groupby("month")["count"].sum(), fill_value=0)
    share = (located / every).sort_index()
    usual = share.shift(1).rolling(USUAL_MONTHS, min_periods=6).median()
    fallen = share[usual - share > LOST_LOCATIONS]
    return pd.DataFrame(
        {
            "month": fallen.index,
            "kind": "lost locations",
            "area_level": "force",
            "area_code": areas["force_code"].iloc[0],
            "area_name": areas["force_name"].iloc[0],
            "said": [
                f"{now:.1%} of offences have a known ward, {before:.1%} is usual"
                for now, before in zip(fallen, usual[fallen.index], strict=True)
            ],
            "to_do": "Do not read fewer offences in wards as less crime; ask when places will be filled in",
        },
        columns=COLUMNS,
    )


def known_breaks(breaks: pd.DataFrame, areas: pd.DataFrame, last: pd.Timestamp) -> pd.DataFrame:
    """Return every known break in recording of the force up to the last month, as alerts of the month it began in.

    breaks : as `features.breaks.load_breaks` lists them.
    """
    begun = breaks[breaks["first_month"] <= last]
    until = [f" to {month:%B %Y}" if pd.notna(month) else "" for month in begun["last_month"]]
    of_type = begun["crime_type"].map(lambda name: "all crime types" if name == "all" else str(name).capitalize())
    return pd.DataFrame(
        {
            "month": begun["first_month"].astype("datetime64[us]"),
            "kind": "known break",
            "area_level": "force",
            "area_code": areas["force_code"].iloc[0],
            "area_name": areas["force_name"].iloc[0],
            "said": [
                f"{event}, {name}{end}: {evidence}"
                for event, name, end, evidence in zip(begun["event"], of_type, until, begun["evidence"], strict=True)
            ],
            "to_do": "Compare with the months since, not with the year before; the charts mark it",
        },
        columns=COLUMNS,
    )


def silent_wards(offences: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Return the wards without any offence in a month though they usually have many, as alerts; usual as above."""
    by_ward = offences.pivot_table(index="month", columns="ward_code", values="count", aggfunc="sum", fill_value=0)
    by_ward = by_ward.reindex(columns=areas["ward_code"], fill_value=0)
    usual = by_ward.shift(1).rolling(USUAL_MONTHS, min_periods=6).median()
    month, ward = np.nonzero((by_ward == 0).to_numpy() & (usual >= FEWEST_USUAL).to_numpy())
    names = areas.set_index("ward_code")["ward_name"].reindex(by_ward.columns)
    many = usual.to_numpy()[month, ward]
    return pd.DataFrame(
        {
            "month": by_ward.index[month],
            "kind": "silent ward",
            "area_level": "ward",
            "area_code": by_ward.columns[ward],
            "area_name": names.to_numpy()[ward],
            "said": [f"No offence at all, {one:.0f} a month are usual" for one in many],
            "to_do": "Ask whether the ward was renamed, redrawn or left out of the file",
        },
        columns=COLUMNS,
    )


def stalled_feed(offences: pd.DataFrame, areas: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """Return an alert if the month after the newest should have been published by `today`."""
    newest = pd.Timestamp(offences["month"].max())
    awaited = newest + pd.DateOffset(months=1)
    overdue = (today - (awaited + pd.offsets.MonthEnd(0))).days - PUBLISHED_WITHIN
    alert = {
        "month": awaited,
        "kind": "stalled feed",
        "area_level": "force",
        "area_code": areas["force_code"].iloc[0],
        "area_name": areas["force_name"].iloc[0],
        "said": f"The newest month is {newest:%Y-%m}; {awaited:%Y-%m} is {overdue} days overdue",
        "to_do": "Look whether the supplier publishes elsewhere or has stopped, and whether the files still arrive",
    }
    return pd.DataFrame([alert] if overdue > 0 else [], columns=COLUMNS)

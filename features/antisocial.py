"""Anti-social behaviour as a stream of its own: a panel of it alone.

Walks in: the tables of a force. Walks out: a panel with one type, incidents, that any model can be fitted to. They are
no recorded crime, so they are never put beside crime types, whose sum they would enter.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from features.panel import Panel, build_panel
from sources.tables.contracts import AGE_EVIDENCE, no_rows

if TYPE_CHECKING:
    from sources.tables.force_tables import ForceTables

ANTISOCIAL = "ANTI-SOCIAL BEHAVIOUR"


def antisocial_panel(tables: ForceTables) -> Panel | None:
    """Return the dense panel of incidents, with the months of the force's offences; None where no source gives them."""
    if tables.antisocial_behaviour.empty:
        return None
    incidents = tables.antisocial_behaviour.assign(crime_type=ANTISOCIAL)
    known = incidents["area_code"].isin(tables.areas["ward_code"])
    months = tables.offences["month"].drop_duplicates()
    # A month without an incident is a month of zeros, and all that have a place may be known.
    located, nowhere = (
        pd.DataFrame({area: code, "crime_type": ANTISOCIAL, "month": months, "count": 0})
        for area, code in (("ward_code", tables.areas["ward_code"].iloc[0]), ("area_code", tables.force.code))
    )
    kinds = pd.DataFrame(
        {"crime_type": [ANTISOCIAL], "major_type": [ANTISOCIAL], "neighbourhood_crime": [False]}
    ).assign(finest_open_level="ward")
    return build_panel(
        replace(
            tables,
            crime_types=kinds,
            offences=pd.concat([located, incidents[known].rename(columns={"area_code": "ward_code"})]),
            unlocated_offences=pd.concat([nowhere, incidents[~known]]),
            age_evidence=no_rows(AGE_EVIDENCE),
        )
    )

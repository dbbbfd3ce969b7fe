"""Ages of people arrested after a stop and search: read only where a setting asks for it.

Walks in: one row a stop. Walks out: a proxy of the ages of suspects by the object of the search and month, contract
`AGE_EVIDENCE`, and what was left out of it. Who is stopped is the choice of police officers and falls mostly on the
young: these ages say more of where the police look than of who offends.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sources.ages.bands import whole, with_bands
from sources.ages.groups import Faults, harmonised, without_unknown_ages
from sources.crime.months import months_of
from sources.files.reading import read_table
from sources.tables.contracts import AGE_EVIDENCE, checked, quarantined

STOPS_ENDING_IN_ARREST = "stops_ending_in_arrest"

_ARRESTED = ("Suspect arrested", "Arrest")


def read_stops_ending_in_arrest(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return people arrested after a stop by band of age and month, and the quarantine of what was left out.

    Columns of the file: file_month ("2015-04"), age_range, object_of_search, outcome. Months without a file are absent.

    Raises
    ------
    InputError
        If a month, an age or an object of search cannot be told, or bands overlap or leave a gap.
    """
    table = read_table(path, ["file_month", "age_range", "object_of_search", "outcome"])
    arrested = table[table["outcome"].astype("str").isin(_ARRESTED)]
    month = months_of(arrested, "file_month", path)
    rows = pd.DataFrame({"first_month": month, "count": 1, "label": arrested["age_range"]})
    faults: Faults = []
    rows = with_bands(rows, "label", path).join(arrested["object_of_search"])
    rows = without_unknown_ages(harmonised(rows, "object_of_search", STOPS_ENDING_IN_ARREST, path, faults), faults)
    evidence = whole(rows, ["crime_type", "quality", "first_month"]).assign(
        last_month=lambda rows: rows["first_month"],
        known_from=lambda rows: rows["first_month"] + pd.offsets.MonthEnd(0),
        basis="suspect",
        borough_code="",
        source=STOPS_ENDING_IN_ARREST,
    )
    return checked(AGE_EVIDENCE, evidence, path), quarantined(path.name, faults)

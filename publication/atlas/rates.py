"""Residents, and where a rate per resident misleads.

Walks in: residents by ward, year and variant. Walks out: residents of every area in the forecast's years, and marks.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from publication.atlas.places import Places


def residents_ahead(
    residents: pd.DataFrame, places: Places, years: pd.DatetimeIndex, variant: str, age_group: str = "all"
) -> np.ndarray:
    """Return residents, (area, year), on the 30 June that falls within each twelve months; missing where not told.

    A year that has been estimated has the estimate, any other the variant's projection, or the central one where there
    is no variant of that name.
    """
    ahead = [year.year if year.month <= 6 else year.year + 1 for year in years]
    persons = np.full((places.count("ward"), len(years)), np.nan)
    chosen = residents[(residents["age_group"] == age_group) & residents["year"].isin(ahead)]
    projected = variant if (chosen["variant"] == variant).any() else "central"
    for source in (projected, "estimate"):
        rows = chosen[chosen["variant"] == source]
        place = places.rows("ward", rows["ward_code"])
        persons[place, pd.Index(ahead).get_indexer(pd.Index(rows["year"]))] = rows["persons"].to_numpy(dtype=float)
    return places.summed_up(persons.T).T

"""Hours by the age of victims and of suspects, where the forecast knows ages.

    hours of an age group = hours of the crime type x share of its expected offences whose victim, or suspect, is of it

A type's hours by the age of victims, and again by that of suspects, add up to its hours with what has no known age; the
two are never added. Ages of victims are known of fewer types than those of suspects, so the totals of the two differ.

Walks in: a `Made`, whose ground has the shares. Walk out: rows.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from planning.folder.vocabulary import ALL
from planning.made import Made
from planning.work.work_table import EVERY, with_all

UNKNOWN = "not known or not applicable"
NOT_KNOWN = ("none", "")  # qualities of ages of which nothing is known
COLUMNS = ["what", "age_basis", "age_group", "function", "year", "share", "mean", "q10", "q90", "ages"]


def work_by_age(made: Made) -> pd.DataFrame:
    """Return hours of the force by what (a crime type, or all with known ages), age_basis, age_group, function, year.

    share : of offences; mean, q10, q90 : hours, whose interval is that of the type's hours, for shares are those
    expected; ages : how well ages are known. Empty where no ages are.
    """
    shares, types = made.ground.ages, made.central.demand.types
    shares = shares[~shares["ages"].isin(NOT_KNOWN)] if len(shares) else shares
    by_type = made.pair[1].crimes.by_type
    if shares.empty or by_type is None:
        return pd.DataFrame(columns=COLUMNS)
    hours = by_type.sum(axis=0)  # crime type, function, year, draw
    places = {year: place for place, year in enumerate(made.years)}
    parts: list[pd.DataFrame] = []
    sums: dict[tuple[str, str], np.ndarray] = {}
    for key, rows in shares[shares["year"].isin(places)].groupby(["age_basis", "crime_type", "age_group"]):
        basis, crime_type, group = map(str, key)
        if crime_type not in types or len(rows) < len(places):
            continue
        of_group = rows.set_index("year")["share"].reindex(made.years).to_numpy(float)
        drawn = with_all(hours[types.index(crime_type)] * of_group[:, None], 0)
        sums[basis, group] = sums[basis, group] + drawn if (basis, group) in sums else drawn
        parts.append(_rows(made, crime_type, basis, group, drawn, of_group, rows["ages"].iloc[0]))
    for (basis, group), drawn in sums.items():
        whole = np.sum([of for (other, _), of in sums.items() if other == basis], axis=0)[-1].mean(axis=-1)
        share = drawn[-1].mean(axis=-1) / np.maximum(whole, 1e-12)
        parts.append(_rows(made, ALL, basis, group, drawn, share, "measured or proxy"))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)


def _rows(
    made: Made, what: str, basis: str, group: str, drawn: np.ndarray, share: np.ndarray, ages: str
) -> pd.DataFrame:
    low, high = np.quantile(drawn, [0.1, 0.9], axis=-1)
    index = pd.MultiIndex.from_product([EVERY, made.years], names=["function", "year"]).to_frame(index=False)
    numbers = {"share": np.tile(share, len(EVERY)), "mean": drawn.mean(axis=-1).ravel()}
    numbers |= {"q10": low.ravel(), "q90": high.ravel()}
    return index.assign(what=what, age_basis=basis, age_group=group, ages=ages, **numbers)[COLUMNS]

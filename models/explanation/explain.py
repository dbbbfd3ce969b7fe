"""Why expected demand changes between two years: parts by factor that add up exactly.

Walk in: a forecast, and the panel it was made from. Walks out: a `Change`: the offences of both years and the part that
each factor has in their difference, by ward and minor crime type, so that the parts of a total are the totals of parts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from scipy.special import exprel

from features.history import YEAR
from features.panel import Panel
from features.population.exposure import population_factor
from models.forecast.forecast import FACTORS, Forecast
from models.forecast.hierarchy import AreaTree
from sources.files.errors import InputError

LEVEL_AND_CHANCE = "level and chance"


@dataclass(frozen=True)
class Change:
    """Two years compared: `before` and `after`, (ward, crime_type) offences; `parts`, (part, ward, crime_type).

    The parts of each cell add up to `after` - `before`. They are named as the factors are, or `level and chance` in
    place of `level` where `before` was recorded: a recorded year differs from what the level now would have given
    because the level has moved since, and by chance, and one year cannot tell the two apart.
    """

    before: xr.DataArray
    after: xr.DataArray
    parts: xr.DataArray

    def steps(self, wards: np.ndarray, crime_types: np.ndarray) -> pd.DataFrame:
        """Return the steps from one year to the other, summed over wards and minor types (both boolean).

        Columns: step (`before`, the parts, `after`) and offences, a total for `before` and `after`, else a change.
        """
        chosen = {"ward": wards, "crime_type": crime_types}
        parts = self.parts.isel(chosen).sum(["ward", "crime_type"])
        totals = [float(total.isel(chosen).sum()) for total in (self.before, self.after)]
        return pd.DataFrame(
            {
                "step": ["before", *parts["part"].to_numpy(), "after"],
                "offences": [totals[0], *parts.to_numpy(), totals[1]],
            }
        )


def explain(
    forecast: Forecast, panel: Panel, *, year: int = 1, against: int = 0, past: xr.DataArray | None = None
) -> Change:
    """Return why a forecast year differs from an earlier one, or from the last recorded year (`against` 0).

    Years are blocks of twelve months from the first month ahead, counted from 1. `past`: (ward, [crime_type,] month)
    the exposure of the last recorded year, made as the forecast's own; residents alone if it is not given. Raises
    InputError for years that the forecast does not hold whole, or not in order.
    """
    years = len(forecast.months) // YEAR
    if not 0 <= against < year <= years:
        raise InputError(
            f"Year {year} cannot be explained against year {against}",
            remedy=f"Choose a year from 1 to {years} and an earlier one to set against it; 0 is the last recorded.",
        )
    after = factors_of_year(forecast, year)
    if against:
        return change_between(factors_of_year(forecast, against), after)
    seen = change_between(factors_at_the_origin(forecast, panel, past), after)
    recorded = last_year(panel, forecast.origin).sum("month").astype(float).reindex_like(seen.before)
    parts = seen.parts.copy()
    parts.loc[{"part": "level"}] += seen.before - recorded
    return Change(recorded, seen.after, parts.assign_coords(part=[LEVEL_AND_CHANCE, *FACTORS[1:]]))


def factors_of_year(forecast: Forecast, year: int) -> dict[str, xr.DataArray]:
    """Return the factors of a forecast year, those with months by `month` 0..11 of the year."""
    months = slice((year - 1) * YEAR, year * YEAR)
    return {name: _by_position(factor, months) for name, factor in forecast.factors.items()}


def log_mean_parts(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Return the part of each factor in the change of their product, (factor, ...), from factors of both times.

    Additive log-mean Divisia index (LMDI-I): part = L(b, a) ln(after / before) with b and a the products and the
    logarithmic mean L(b, a) = (a - b) / ln(a / b); the parts add up without a residual. Source: Ang (2005), "The LMDI
    approach to decomposition analysis: a practical guide", Energy Policy 33. Where a factor is zero at one time only,
    its limit for small values: the whole change is its own, shared evenly if there are several; where the product is
    zero at both times every part is zero. Source: Ang and Liu (2007), "Handling zero values in the logarithmic mean
    Divisia index decomposition approach", Energy Policy 35.
    """
    positive = (before > 0) & (after > 0)
    ratios = np.log(np.where(positive, after, 1.0) / np.where(positive, before, 1.0))
    start, end = before.prod(axis=0), after.prod(axis=0)
    # exprel(x) = (exp(x) - 1) / x keeps L exact where nearly nothing changes.
    parts = start * exprel(ratios.sum(axis=0)) * ratios
    appears_or_goes = (start > 0) != (end > 0)
    zeros = ~positive / np.maximum((~positive).sum(axis=0), 1)
    return np.where(positive.all(axis=0), parts, np.where(appears_or_goes, zeros * (end - start), 0.0))


def wards_of(areas: pd.DataFrame, area: str) -> tuple[np.ndarray, str]:
    """Return which wards make up an area of any level, by its code, (ward) bool, and its name.

    Raises InputError for an unknown code, with the codes of areas of that name if there are any.
    """
    tree = AreaTree.of(areas).table
    found = tree[tree["area_code"] == area]
    if found.empty:
        alike = tree[tree["area_name"].str.casefold() == area.casefold()]
        codes = ", ".join(f"{row.area_code} ({row.area_level})" for row in alike.itertuples())
        raise InputError(
            "There is no area with this code",
            value=area,
            remedy=f"Areas of that name: {codes}." if codes else "Give the code of a ward, borough, BCU or the force.",
        )
    level = found["area_level"].iloc[0]
    return (areas[f"{level}_code"] == area).to_numpy(), str(found["area_name"].iloc[0])


def minor_types_of(crime_types: pd.DataFrame, crime: str) -> tuple[np.ndarray, str]:
    """Return which minor types make up a minor or major type or `all`, (crime_type) bool, and its name as published.

    Capitals do not matter. Raises InputError for an unknown type, naming those there are.
    """
    wanted = crime.casefold()
    everything = pd.Series("all", index=crime_types.index)
    for column in (everything, crime_types["major_type"], crime_types["crime_type"]):
        chosen = (column.str.casefold() == wanted).to_numpy()
        if chosen.any():
            return chosen, str(column[chosen].iloc[0])
    names = ["all", *crime_types["major_type"].unique(), *crime_types["crime_type"]]
    raise InputError("There is no such crime type", value=crime, remedy=f"Choose one of: {'; '.join(names)}.")


def factors_at_the_origin(
    forecast: Forecast, panel: Panel, past: xr.DataArray | None = None
) -> dict[str, xr.DataArray]:
    """Return the last recorded year's factors as seen at the origin: the level and season now, the residents then."""
    seen = {name: factor for name, factor in factors_of_year(forecast, 1).items() if name in ("level", "season")}
    if "population" in forecast.factors:
        months = pd.DatetimeIndex(last_year(panel, forecast.origin)["month"].to_index())
        if past is None:
            past = population_factor(panel.as_known_at(forecast.origin), forecast.origin, months)
        seen["population"] = _by_position(past.sel(month=months), slice(YEAR)) ** forecast.strength
    return seen


def last_year(panel: Panel, origin: pd.Timestamp) -> xr.DataArray:
    """Return the offences of the last recorded year, (ward, crime_type, month)."""
    return panel.offences.sel(month=slice(None, origin)).isel(month=slice(-YEAR, None))


def change_between(
    before: Mapping[str, xr.DataArray], after: Mapping[str, xr.DataArray], names: Sequence[str] = FACTORS
) -> Change:
    """Return the change of a year's expectation, taken apart by the named factors, month by month and summed.

    Both hold factors by name, with `month` 0..11 or none; one that is absent is 1.
    """
    one = xr.ones_like(after["level"])
    arrays = xr.broadcast(*(year.get(name, one) for year in (before, after) for name in names))
    arrays = tuple(array.transpose("ward", "crime_type", "month") for array in arrays)
    stacked = np.stack([array.to_numpy() for array in arrays]).reshape(2, len(names), *arrays[0].shape)
    like = arrays[0].isel(month=0, drop=True)

    def yearly(by_month: np.ndarray) -> xr.DataArray:
        return like.copy(data=by_month.sum(axis=-1))

    parts = [yearly(part) for part in log_mean_parts(stacked[0], stacked[1])]
    return Change(
        before=yearly(stacked[0].prod(axis=0)),
        after=yearly(stacked[1].prod(axis=0)),
        parts=xr.concat(parts, dim=pd.Index(list(names), name="part")),
    )


def _by_position(factor: xr.DataArray, months: slice) -> xr.DataArray:
    # Both years begin with the same calendar month, so months are compared by their place in the year.
    if "month" not in factor.dims:
        return factor
    return factor.isel(month=months).assign_coords(month=np.arange(YEAR))

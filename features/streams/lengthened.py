"""A stream's history made whole: gaps filled, and a short one lengthened by the crime types that it cuts across.

Walks in: a panel as known at the origin, and nothing after it. Walks out: a panel without missing values. What is
filled in serves to learn season, shares and errors from; it is never published nor scored.
"""

from __future__ import annotations

import zlib
from dataclasses import replace

import numpy as np
import pandas as pd
import xarray as xr

from features.panel import Panel
from features.streams.panel import StreamPanel

LONG_ENOUGH = 60  # months of its own after which a stream borrows none
FIRST_YEAR = 12  # months at a stream's beginning that say what part of the related offences it is
FORCE_WEIGHT = 50.0  # related offences with which an area's part leans on that of all areas
LONGEST = 132  # months with borrowed ones: what lies further back no longer counts
TINY = 1e-9


def whole_history(known: StreamPanel) -> Panel:
    """Return the stream's panel without gaps, lengthened where it is short and cuts across crime types."""
    filled = without_gaps(known.panel)
    return lengthened(filled, known) if borrows(known) else filled


def borrows(known: StreamPanel) -> bool:
    """Return whether the history is short and there are earlier months of related offences to borrow."""
    related = known.related
    earlier = related.sizes["month"] and pd.Timestamp(related["month"].to_numpy()[0]) < known.months[0]
    return bool(len(known.months) < LONG_ENOUGH and earlier)


def without_gaps(panel: Panel) -> Panel:
    """Return the panel with missing values filled in: the month's other areas times the area's part of them.

    A month in which no area is known takes each area's mean of the months on either side that are.
    """
    values = panel.offences.transpose("ward", "crime_type", "month")
    if np.isfinite(values.to_numpy()).all():
        return panel
    cube = values.to_numpy()
    return replace(
        panel,
        offences=values.copy(data=_filled(cube)),
        unlocated=panel.unlocated.copy(
            data=_joined(panel.unlocated.transpose("area", "crime_type", "month").to_numpy())
        ),
    )


def lengthened(panel: Panel, known: StreamPanel) -> Panel:
    """Return the panel with months before its first: related offences, each kept with the chance that it is flagged.

    An area's chance is the stream's part of its related offences in the stream's first year, drawn towards that of all
    areas. Kept one by one, the borrowed counts vary as counts of their size do. The same panel gives the same months.
    """
    first = panel.months[0]
    related = known.related.sel(ward=panel.offences["ward"]).transpose("ward", "month")
    before = related.sel(month=related["month"] < first.to_datetime64()).isel(month=slice(-_room(panel), None))
    year = panel.offences.isel(month=slice(FIRST_YEAR)).transpose("ward", "crime_type", "month")
    beside = related.sel(month=related["month"].isin(year["month"])).sum("month").to_numpy()
    counted = year.sum("month").to_numpy()
    of_all = counted.sum(axis=0) / max(beside.sum(), TINY)
    chance = np.clip((counted + FORCE_WEIGHT * of_all) / (beside + FORCE_WEIGHT)[:, None], 0, 1)
    generator = np.random.Generator(np.random.SFC64(zlib.crc32(known.about.name.encode())))
    kept = generator.binomial(before.to_numpy().astype(np.int64)[:, None, :], chance[:, :, None])
    borrowed = xr.DataArray(
        kept.astype(float), dims=year.dims, coords=year.drop_vars("month").coords | {"month": before["month"]}
    )
    nowhere = panel.unlocated.isel(month=0, drop=True).expand_dims(month=before["month"]) * np.nan
    return replace(
        panel,
        offences=xr.concat([borrowed, panel.offences.transpose("ward", "crime_type", "month")], dim="month"),
        unlocated=xr.concat([nowhere, panel.unlocated], dim="month").transpose("area", "crime_type", "month"),
    )


def _room(panel: Panel) -> int:
    return LONGEST - len(panel.months)


def _filled(cube: np.ndarray) -> np.ndarray:
    """Return (area, series, month) without missing values."""
    known = np.isfinite(cube).all(axis=1)  # (area, month)
    values = np.where(known[:, None, :], cube, 0.0)
    whole = np.zeros_like(values)
    for area in range(len(cube)):
        others = np.arange(len(cube)) != area
        beside = values[others].sum(axis=0)  # (series, month), of whichever others were known
        mine, theirs = values[area][:, known[area]].sum(axis=1), np.zeros(cube.shape[1])
        # The part is of those others that were known in the missing month, month by month.
        for month in np.flatnonzero(~known[area] & known.any(axis=0)):
            there = known[:, month] & others
            both = known[area] & known[there].all(axis=0) if there.any() else known[area]
            theirs = values[there][:, :, both].sum(axis=(0, 2))
            mine = values[area][:, both].sum(axis=1)
            whole[area, :, month] = beside[:, month] * np.minimum(mine / np.maximum(theirs, TINY), len(cube))
    values = np.where(known[:, None, :], cube, whole)
    values[:, :, ~known.any(axis=0)] = np.nan
    return _joined(values)


def _joined(cube: np.ndarray) -> np.ndarray:
    """Return the cube with missing months joined by straight lines, the ends held."""
    flat = cube.reshape(-1, cube.shape[-1]).copy()
    months = np.arange(flat.shape[1])
    for row in flat:
        known = np.isfinite(row)
        row[~known] = np.interp(months[~known], months[known], row[known]) if known.any() else 0.0
    return flat.reshape(cube.shape)

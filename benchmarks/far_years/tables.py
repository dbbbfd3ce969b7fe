"""The table of yearly sums: are they centred, covered and sharp, with intervals from resampled origins.

Walks in: the cells of `cells.py`. Walks out: one row a level, crime level and year, or for each era as well.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from models.scoring.interval_coverage import covered_by_pit

FEWEST = 20  # offences in the year before the origin, below which an area and crime type is not judged
RESAMPLES = 2000
BLOCK = 12  # months: origins nearer than a year to each other are resampled together
ERAS = {"2013": "falls to 2013", "2014": "rises of 2014 to 2019", "2021": "after the pandemic", "2024": "from 2024"}
BY = ("area_level", "crime_level", "year")
BY_MONTH = ("area_level", "crime_level", "month")
# Each figure is the ratio of two sums over cells, so that resampled sums give resampled figures.
RATIOS = {
    "above_median": ("above", "one"),
    "covered_80": ("in_80", "one"),
    "covered_95": ("in_95", "one"),
    "bias_mean": ("over_mean", "observed"),
    "bias_median": ("over_median", "observed"),
    "log_error_mean": ("log_mean", "one"),
    "log_error_median": ("log_median", "one"),
    "wis": ("wis", "observed"),
}


def of_years(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells that are sums of years; all of a table without months."""
    return cells[cells["month"] == 0] if "month" in cells else cells


def of_months(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells that are months of the first year."""
    return cells[cells["month"] > 0] if "month" in cells else cells.iloc[:0].assign(month=0)


def judged(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells with offences enough, with era and what each adds to the sums of RATIOS."""
    cells = cells[cells["before"] >= FEWEST]
    low, high = cells["pit_low"].to_numpy(), cells["pit_high"].to_numpy()
    starts = np.array(list(ERAS), dtype="datetime64[Y]")
    era = starts.searchsorted(cells["origin"].to_numpy().astype("datetime64[Y]"), side="right") - 1
    observed = np.log(cells["observed"] + 0.5)
    return cells.assign(
        era=pd.Categorical.from_codes(era, list(ERAS.values())),
        one=1.0,
        above=np.clip((high - np.maximum(low, 0.5)) / (high - low), 0, 1),
        in_80=covered_by_pit(low, high, 0.8),
        in_95=covered_by_pit(low, high, 0.95),
        over_mean=cells["mean"] - cells["observed"],
        over_median=cells["median"] - cells["observed"],
        log_mean=np.abs(np.log(cells["mean"] + 0.5) - observed),
        log_median=np.abs(np.log(cells["median"] + 0.5) - observed),
    )


def table(cells: pd.DataFrame, by: Sequence[str] = BY, seed: int = 1) -> pd.DataFrame:
    """Return the figures of RATIOS by group, each with `_low` and `_high`, 95 % from resampled blocks of origins."""
    names = sorted({name for pair in RATIOS.values() for name in pair})
    sums = judged(cells).groupby([*by, "origin"], observed=True)[names].sum()
    rows = []
    for group, part in sums.groupby(list(by), observed=True):
        part = part.droplevel(list(by))
        resampled = part.to_numpy()[_blocks(part.index, seed)].sum(axis=1)
        row = dict(zip(by, group, strict=True)) | {"origins": len(part), "cells": int(part["one"].sum())}
        for name, (above, below) in RATIOS.items():
            row[name] = part[above].sum() / part[below].sum()
            of_each = resampled[:, names.index(above)] / resampled[:, names.index(below)]
            row[f"{name}_low"], row[f"{name}_high"] = np.quantile(of_each, [0.025, 0.975])
        rows.append(row)
    return pd.DataFrame(rows)


def gains(cells: pd.DataFrame, before: pd.DataFrame, by: Sequence[str] = BY, seed: int = 1) -> pd.DataFrame:
    """Return by how much WIS fell from one set of cells to another, over the same origins, with paired intervals."""
    each = [judged(one).groupby([*by, "origin"], observed=True)["wis"].sum() for one in (cells, before)]
    both = pd.concat(each, axis=1, keys=["now", "before"], join="inner")
    rows = []
    for group, part in both.groupby(list(by), observed=True):
        part = part.droplevel(list(by))
        resampled = part.to_numpy()[_blocks(part.index, seed)].sum(axis=1)
        low, high = np.quantile(1 - resampled[:, 0] / resampled[:, 1], [0.025, 0.975])
        gain = 1 - part["now"].sum() / part["before"].sum()
        rows.append(dict(zip(by, group, strict=True)) | {"gain": gain, "gain_low": low, "gain_high": high})
    return pd.DataFrame(rows)


def _blocks(origins: pd.Index, seed: int) -> np.ndarray:
    """Return positions of resampled origins, (resample, place): blocks of a year that wrap around.

    Circular block bootstrap: Politis and Romano (1992).
    """
    months = pd.DatetimeIndex(origins)
    spacing = int(np.median(np.diff(months.year * 12 + months.month))) if len(months) > 1 else BLOCK
    length = max(BLOCK // max(spacing, 1), 1)
    count = -(-len(months) // length)
    starts = np.random.default_rng(seed).integers(len(months), size=(RESAMPLES, count))
    within = (starts[:, :, None] + np.arange(length)) % len(months)
    return within.reshape(RESAMPLES, -1)[:, : len(months)]

"""Reconciliation by hierarchicalforecast, in the peers' environment: bottom-up, top-down and MinT over both trees.

Walks in: the panel file and the base peer's forecasts of all twelve levels at an origin. Walk out: reconciled
forecasts of wards and minor types, one file a method; every other level is their sum.

Bottom-up and MinT work on the grouped tree of areas x crime types. Top-down needs a strict tree, so it goes down one
path: all crime of the force, major types, minor types, then BCUs, boroughs and wards of each minor type.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import pandas as pd
from hierarchicalforecast.methods import BottomUpSparse, MinTraceSparse, TopDownSparse
from levels import LEVELS, PeerForecast, counts_of, file_of, read_panel
from scipy import sparse

BOTTOM = ("ward", "minor")
TOP_DOWN_PATH = [
    ("force", "all"),
    ("force", "major"),
    ("force", "minor"),
    ("bcu", "minor"),
    ("borough", "minor"),
    BOTTOM,
]
# Series that never err within their history, mostly all zeros, are given a small variance to weigh them by.
LEAST_VARIANCE = 1e-4
MONTHS = 12  # reconciled forecasts are judged at this horizon alone, and MinT is dear


def summing_matrix(
    panel: pd.DataFrame, levels: list[tuple[str, str]], bases: dict[tuple[str, str], PeerForecast]
) -> sparse.csr_matrix:
    """Return which bottom series make up each series: (series of all levels, bottom series), bottom last."""
    bottom = pd.DataFrame({"ward_code": bases[BOTTOM].area_code, "crime_type": bases[BOTTOM].crime_type})
    areas = panel[["ward_code", "borough_code", "bcu_code", "force_code"]].drop_duplicates().astype(str)
    kinds = panel[["crime_type", "major_type"]].drop_duplicates().astype(str)
    bottom = bottom.merge(areas, on="ward_code", how="left").merge(kinds, on="crime_type", how="left")
    parts = []
    for area_level, crime_level in levels:
        kind = {"minor": "crime_type", "major": "major_type"}.get(crime_level)
        members = pd.MultiIndex.from_arrays(
            [bottom[f"{area_level}_code"], bottom[kind] if kind else np.full(len(bottom), "all")]
        )
        base = bases[area_level, crime_level]
        row = pd.MultiIndex.from_arrays([base.area_code, base.crime_type]).get_indexer(members)
        cells = (np.ones(len(bottom)), (row, np.arange(len(bottom))))
        parts.append(sparse.csr_matrix(cells, shape=(len(base.mean), len(bottom))))
    return sparse.vstack(parts, format="csr")


def stacked(bases: dict[tuple[str, str], PeerForecast], levels: list[tuple[str, str]]) -> np.ndarray:
    """Return the base forecasts of several levels, not below zero, (series, month ahead)."""
    return np.maximum(np.concatenate([bases[level].mean[:, :MONTHS] for level in levels]), 0).astype(float)


def residual_spread(counts: np.ndarray, fitted: np.ndarray) -> np.ndarray:
    """Return residuals, (series, month), none of zero variance."""
    residuals = counts - fitted
    flat = residuals.var(axis=1) < LEAST_VARIANCE
    residuals[flat] += np.sqrt(LEAST_VARIANCE) * (1 - 2 * (np.arange(residuals.shape[1]) % 2))
    return residuals


def reconcile(panel: pd.DataFrame, base: str, origin: pd.Timestamp, folder: Path) -> None:
    """Reconcile the base forecasts of one origin, each method into its own file."""
    bases = {level: PeerForecast.load(file_of(folder, base, *level, origin, False)) for level in LEVELS}
    levels = [*(level for level in LEVELS if level != BOTTOM), BOTTOM]
    summing = summing_matrix(panel, levels, bases)
    values = stacked(bases, levels)
    bottom = len(bases[BOTTOM].mean)

    def bottom_up() -> np.ndarray:
        return BottomUpSparse().fit_predict(summing, values, np.arange(len(values))[-bottom:])["mean"]

    def top_down() -> np.ndarray:
        path = summing_matrix(panel, TOP_DOWN_PATH, bases)
        sizes = np.cumsum([0, *(len(bases[level].mean) for level in TOP_DOWN_PATH)])
        spans = zip(TOP_DOWN_PATH, sizes, sizes[1:], strict=False)
        tags = {"/".join(level): np.arange(first, end) for level, first, end in spans}
        method = TopDownSparse("forecast_proportions")
        return method.fit_predict(path, stacked(bases, TOP_DOWN_PATH), tags=tags)["mean"]

    def least_trace() -> np.ndarray:
        fitted = np.concatenate([bases[level].fitted for level in levels]).astype(float)
        seen = np.concatenate([counts_of(panel, *level).until(origin).offences for level in levels])
        usable = np.isfinite(fitted).all(axis=0)
        residuals = residual_spread(seen[:, usable], fitted[:, usable])
        method = MinTraceSparse("wls_var", nonnegative=True, qp=False)
        return method.fit_predict(summing, values, y_insample=residuals, y_hat_insample=np.zeros_like(residuals))[
            "mean"
        ]

    for name, method in (("BottomUp", bottom_up), ("TopDown", top_down), ("MinT", least_trace)):
        file = file_of(folder, name, *BOTTOM, origin, False)
        if file.exists():
            continue
        started = time.process_time()
        reconciled = np.maximum(np.nan_to_num(method()[-bottom:]), 0).astype("float32")
        cpu = time.process_time() - started
        bottom_base = bases[BOTTOM]
        PeerForecast(bottom_base.area_code, bottom_base.crime_type, reconciled, None, None, cpu).save(file)
        print(f"{file.stem}: {len(values)} series, {cpu:.1f} s", flush=True)


def main() -> None:
    """Reconcile the origins that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("panel", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("base")
    parser.add_argument("origins", nargs="+")
    arguments = parser.parse_args()
    panel = read_panel(arguments.panel)
    for origin in arguments.origins:
        reconcile(panel, arguments.base, pd.Timestamp(origin), arguments.folder)


if __name__ == "__main__":
    main()

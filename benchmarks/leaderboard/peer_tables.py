"""Peers' cached forecasts as tables in the design's form, with native intervals or with our count calibration.

Walks in: the cache and the panel. Walks out: a `forecast` table that `wardcast score` judges like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from calibration import PastForecast, calibrated_quantiles, dispersions
from levels import LONGEST, QUANTILES, SAMPLED_EVERY, Counts, PeerForecast, counts_of, file_of, read_panel
from plan import BASE, RECONCILED, Level, past_origins

from features.breaks import load_breaks, months_of
from models.forecast.forecast import months_ahead

VARIANTS = ("native", "calibrated")


class PeerTables:
    """Tables of peers' forecasts, made from what the cache holds."""

    def __init__(self, panel_file: Path, folder: Path) -> None:
        self.folder = folder
        panel = read_panel(panel_file)
        self.counts = lru_cache(None)(lambda area, crime: counts_of(panel, area, crime))
        areas = panel[["ward_code", "borough_code", "bcu_code", "force_code"]].drop_duplicates().astype(str)
        self.areas = areas.set_index("ward_code")
        kinds = panel[["crime_type", "major_type"]].drop_duplicates().astype(str)
        self.major_of = kinds.set_index("crime_type")["major_type"]
        self.past = lru_cache(None)(self._past)
        self.dispersion = lru_cache(None)(self._dispersion)

    def cells_there(self, peer: str, levels: Sequence[Level], origins: Sequence[str]) -> list[tuple[Level, str]]:
        """Return the levels and origins that the peer has forecast as a whole."""
        base = ("ward", "minor")
        return [
            (level, origin)
            for level in levels
            for origin in origins
            if self._file(peer, base if peer in RECONCILED else level, origin).exists()
        ]

    def table(self, peer: str, variant: str, cells: Sequence[tuple[Level, str]], horizon: int) -> pd.DataFrame:
        """Return the `forecast` table of some levels and origins; empty where the peer gave no such intervals."""
        parts = []
        for level, origin in cells:
            found = self._forecast(peer, level, origin)
            mean = np.maximum(found.mean[:, :horizon], 0)
            quantiles = self._quantiles(found, mean, peer, variant, level, origin)
            if quantiles is not None:
                parts.append(_rows(found, mean, quantiles, level, pd.Timestamp(origin)))
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()

    def hours(self) -> float:
        """Return the processor hours that all forecasts in the cache took."""
        return sum(float(np.load(file)["cpu"]) for file in self.folder.glob("*.npz")) / 3600

    def newest(self, peer: str) -> float:
        """Return when the newest of the forecasts that a peer's tables rest on was made."""
        bases = {peer, BASE} if peer in RECONCILED else {peer}
        return max((file.stat().st_mtime for base in bases for file in self.folder.glob(f"{base}_*.npz")), default=0.0)

    def milliseconds(self, peer: str, level: Level, origins: Sequence[str]) -> float:
        """Return the processor time a series of a peer at a level, the mean over origins; missing where not run."""
        files = [self._file(peer, level, origin) for origin in origins]
        found = [PeerForecast.load(file) for file in files if file.exists()]
        return float(np.mean([1000 * one.cpu / len(one.mean) for one in found])) if found else float("nan")

    def reconciling(self, origins: Sequence[str]) -> str:
        """Return what reconciling costs, in words."""
        costs = []
        for peer in RECONCILED:
            files = [self._file(peer, ("ward", "minor"), origin) for origin in origins]
            seconds = [PeerForecast.load(file).cpu for file in files if file.exists()]
            if seconds:
                costs.append(f"{peer} {np.mean(seconds):.1f} s")
        return (
            f"Reconciling all series of both trees takes, on top of forecasting them: {', '.join(costs)} an origin."
            if costs
            else ""
        )

    def _file(self, peer: str, level: Level, origin: str, sampled: bool = False) -> Path:
        return file_of(self.folder, peer, *level, pd.Timestamp(origin), sampled)

    def _forecast(self, peer: str, level: Level, origin: str) -> PeerForecast:
        if peer not in RECONCILED:
            return PeerForecast.load(self._file(peer, level, origin))
        bottom = PeerForecast.load(self._file(peer, ("ward", "minor"), origin))
        if level == ("ward", "minor"):
            return bottom
        wards = self.areas.loc[bottom.area_code]
        area = bottom.area_code if level[0] == "ward" else wards[f"{level[0]}_code"].to_numpy(str)
        kind = {
            "minor": bottom.crime_type,
            "major": self.major_of.loc[bottom.crime_type].to_numpy(str),
            "all": np.full(len(area), "all"),
        }[level[1]]
        sums = pd.DataFrame(bottom.mean.astype(float)).groupby([area, kind]).sum()
        areas, kinds = (sums.index.get_level_values(place).to_numpy(str) for place in (0, 1))
        return PeerForecast(areas, kinds, sums.to_numpy(), None, None, 0.0)

    def _quantiles(
        self, found: PeerForecast, mean: np.ndarray, peer: str, variant: str, level: Level, origin: str
    ) -> np.ndarray | None:
        if variant == "native":
            if found.quantiles is None or found.quantiles.shape[1] < mean.shape[1]:
                return None
            # A lower end below zero is moved to zero, which can only help a forecast of counts.
            return np.maximum.accumulate(np.maximum(found.quantiles[:, : mean.shape[1]], 0), axis=-1)
        kinds = pd.Index(self.counts(*level).series["crime_type"].unique())
        dispersion = self.dispersion(BASE if peer in RECONCILED else peer, level, origin)
        return calibrated_quantiles(mean, kinds.get_indexer(found.crime_type), dispersion)

    def _dispersion(self, peer: str, level: Level, origin: str) -> np.ndarray:
        kinds = self.counts(*level).series["crime_type"].unique()
        known = [self.past(peer, level, earlier) for earlier in past_origins(level[0]) if earlier < origin]
        last, unusual = pd.Timestamp(origin), self._unusual(pd.Timestamp(origin))
        past = []
        for one, months in filter(None, known):
            usable = (months <= last) & ~months.isin(unusual)
            past.append(PastForecast(one.kind, one.mean, one.came, np.asarray(usable)))
        return dispersions(past, len(kinds))

    def _past(self, peer: str, level: Level, origin: str) -> tuple[PastForecast, pd.DatetimeIndex] | None:
        """Return a past forecast of the level's sample of areas, with the months ahead; None if it was not made."""
        whole, sampled = self._file(peer, level, origin), self._file(peer, level, origin, True)
        if not whole.exists() and not sampled.exists():
            return None
        counts: Counts = self.counts(*level).sample(SAMPLED_EVERY[level[0]])
        found = PeerForecast.load(sampled if sampled.exists() else whole)
        row = pd.MultiIndex.from_arrays([found.area_code, found.crime_type]).get_indexer(
            pd.MultiIndex.from_frame(counts.series)
        )
        months = months_ahead(pd.Timestamp(origin), LONGEST)
        month = counts.months.get_indexer(months)
        came = np.where(month < 0, 0, counts.offences[:, month])
        kinds = pd.Index(self.counts(*level).series["crime_type"].unique())
        kind = kinds.get_indexer(counts.series["crime_type"])
        return PastForecast(kind, np.maximum(found.mean[row], 0).astype(float), came, month >= 0), months

    def _unusual(self, origin: pd.Timestamp) -> pd.DatetimeIndex:
        breaks = load_breaks()
        breaks = breaks[breaks["known_from"] <= origin + pd.offsets.MonthEnd(0)]
        months = pd.date_range("2010-01", origin, freq="MS", unit="us")
        return months[months_of(breaks, "disruption", months).to_numpy()]


def _rows(
    found: PeerForecast, mean: np.ndarray, quantiles: np.ndarray, level: Level, origin: pd.Timestamp
) -> pd.DataFrame:
    months = months_ahead(origin, mean.shape[1])
    series = np.repeat(np.arange(len(mean)), len(months))

    def constant(value: str) -> pd.Categorical:
        return pd.Categorical.from_codes(np.zeros(len(series), dtype="int8"), categories=[value])

    table = pd.DataFrame(
        {
            "origin": np.full(len(series), origin.to_datetime64()),
            "scenario": constant("central"),
            "area_level": level[0],
            "area_code": found.area_code[series],
            "crime_level": level[1],
            "crime_type": found.crime_type[series],
            "age_group": constant("all"),
            "month": np.tile(months.to_numpy(), len(mean)),
            "period": constant("month"),
            "mean": mean.ravel().astype(float),
        }
    )
    for place, name in enumerate(QUANTILES):
        table[name] = quantiles[..., place].ravel().astype(float)
    return table

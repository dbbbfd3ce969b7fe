"""What both environments agree on: the levels, the panel file, and the file of a peer's forecast.

Walks in: the panel file, one row a ward, minor crime type and month. Walks out: counts of any level as arrays. Needs
numpy and pandas alone, since the peers' environment lacks the product and the product's lacks the peers.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

LEVELS = [(area, crime) for area in ("ward", "borough", "bcu", "force") for crime in ("minor", "major", "all")]
QUANTILES = {
    "q025": 0.025,
    "q05": 0.05,
    "q10": 0.1,
    "q25": 0.25,
    "q50": 0.5,
    "q75": 0.75,
    "q90": 0.9,
    "q95": 0.95,
    "q975": 0.975,
}
LONGEST = 36  # months; every peer is fitted once an origin and asked for this many
# Past origins that only serve calibration see every seventh ward and every fourth borough.
SAMPLED_EVERY = {"ward": 7, "borough": 4, "bcu": 1, "force": 1}


@dataclass(frozen=True)
class Counts:
    """Counts of one level: series, a table of area_code and crime_type, and offences, (series, month)."""

    series: pd.DataFrame
    months: pd.DatetimeIndex
    offences: np.ndarray

    def sample(self, every: int) -> Counts:
        """Return the counts of every so manieth area."""
        codes = np.unique(self.series["area_code"].to_numpy(str))[::every]
        chosen = self.series["area_code"].isin(codes).to_numpy()
        return Counts(self.series[chosen].reset_index(drop=True), self.months, self.offences[chosen])

    def until(self, origin: pd.Timestamp) -> Counts:
        """Return the counts up to the origin."""
        seen = self.months <= origin
        return Counts(self.series, self.months[seen], self.offences[:, seen])


def read_panel(file: Path) -> pd.DataFrame:
    """Return the panel: ward_code, borough_code, bcu_code, force_code, crime_type, major_type, month, count."""
    return pd.read_parquet(file)


def counts_of(panel: pd.DataFrame, area_level: str, crime_level: str) -> Counts:
    """Return the counts of one level of the panel, series sorted by area and crime type."""
    kind = {"minor": panel["crime_type"], "major": panel["major_type"], "all": "all"}[crime_level]
    keyed = panel[["month", "count"]].assign(area_code=panel[f"{area_level}_code"].astype(str))
    keyed["crime_type"] = kind if crime_level == "all" else kind.astype(str)
    sums = keyed.groupby(["area_code", "crime_type", "month"])["count"].sum().unstack("month")
    series = sums.index.to_frame(index=False)
    return Counts(series, pd.DatetimeIndex(sums.columns), sums.to_numpy(float))


@dataclass(frozen=True)
class PeerForecast:
    """A peer's forecast of one level at one origin, as it is cached.

    mean : (series, month ahead). quantiles : (series, month ahead, quantile), maybe of fewer months, or None where the
    peer gave no intervals. fitted : (series, month seen) or None. cpu : seconds of processor time.
    """

    area_code: np.ndarray
    crime_type: np.ndarray
    mean: np.ndarray
    quantiles: np.ndarray | None
    fitted: np.ndarray | None
    cpu: float

    def save(self, file: Path) -> None:
        """Write to a file, whole or not at all."""
        aside = file.with_name(f".{file.name}")
        np.savez_compressed(aside, **{name: value for name, value in vars(self).items() if value is not None})
        aside.replace(file)

    @classmethod
    def load(cls, file: Path) -> PeerForecast:
        """Return what was saved."""
        with np.load(file) as found:
            there = {name: found[name] for name in found.files}
        return cls(
            there["area_code"],
            there["crime_type"],
            there["mean"],
            there.get("quantiles"),
            there.get("fitted"),
            float(there["cpu"]),
        )


def file_of(folder: Path, peer: str, area_level: str, crime_level: str, origin: pd.Timestamp, sampled: bool) -> Path:
    """Return where a peer's forecast is kept."""
    return folder / f"{peer}_{area_level}_{crime_level}_{origin:%Y-%m}{'_sample' if sampled else ''}.npz"

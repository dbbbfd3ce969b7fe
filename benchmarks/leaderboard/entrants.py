"""The entrants' scores, ours and the peers', by the product's own scoring.

Walks in: forecast tables. Walks out: one long table of monthly scores with entrant, variant (`own`, `native`,
`calibrated`), horizon and, for whole levels, coverage; kept in the cache until what it rests on changes.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from coverage import coverage_by_level
from own import backtested
from peer_tables import VARIANTS, PeerTables
from plan import LONG_LEVELS, RECONCILED, YEAR_LEVELS, Level

from models.scoring.observed import Observed
from models.scoring.scores import score
from sources.tables.force_tables import ForceTables

TARGET_LEVELS: list[Level] = [
    ("ward", "minor"),
    ("ward", "major"),
    ("ward", "all"),
    ("borough", "minor"),
    ("borough", "major"),
    ("bcu", "major"),
    ("force", "minor"),
    ("force", "major"),
    ("force", "all"),
]


@dataclass(frozen=True)
class Season:
    """One set of origins, YYYY-MM, how many months ahead of them are judged, and a name for its files."""

    name: str
    horizon: int
    origins: Sequence[str]

    def levels_of(self, peer: str) -> list[Level]:
        """Return the levels at which a peer is judged."""
        if peer in RECONCILED:
            return TARGET_LEVELS if self.horizon == 12 else []
        planned = (YEAR_LEVELS if self.horizon == 12 else LONG_LEVELS)[peer]
        return [level for level in TARGET_LEVELS if level in planned]


class Entrants:
    """Scores of entrants, from the cache where they are still good."""

    def __init__(self, data: Path, tables: ForceTables, peers: PeerTables, cache: Path, *, keep: bool) -> None:
        self.data, self.tables, self.peers, self.cache, self.keep = data, tables, peers, cache, keep
        self.observed = Observed.of(tables.offences, tables.areas, tables.crime_types)

    def own_scores(self, models: Sequence[str], season: Season) -> Iterator[pd.DataFrame]:
        """Yield the scores of our models."""
        for model in models:
            file, _ = backtested(model, self.data, season.origins, season.horizon, self.cache, keep=self.keep)

            def table(file: Path = file) -> pd.DataFrame:
                rows = pd.read_parquet(file)
                return rows[rows["area_level"] != "unlocated"]

            yield self._scored(model, "own", season, file.stat().st_mtime, table)

    def peer_scores(self, peers: Sequence[str], season: Season) -> Iterator[pd.DataFrame]:
        """Yield the scores of peers, with native intervals and with our count calibration."""
        for peer in peers:
            cells = self.peers.cells_there(peer, season.levels_of(peer), season.origins)
            for variant in VARIANTS:

                def table(peer: str = peer, variant: str = variant, cells: Sequence = cells) -> pd.DataFrame:
                    return self.peers.table(peer, variant, cells, season.horizon)

                if cells:
                    yield self._scored(peer, variant, season, self.peers.newest(peer), table)

    def _scored(
        self, entrant: str, variant: str, season: Season, made: float, table: Callable[[], pd.DataFrame]
    ) -> pd.DataFrame:
        file = self.cache / f"scores_{entrant}_{variant}_{season.name}.parquet"
        if file.exists() and file.stat().st_mtime > made:
            kept = pd.read_parquet(file)
            if set(kept["origin"].unique()) <= {pd.Timestamp(origin) for origin in season.origins}:
                return kept
        started = time.time()
        forecast = table()
        if forecast.empty:
            return pd.DataFrame()
        tables = self.tables
        scores = score(forecast, tables.offences, tables.areas, tables.crime_types)
        months = forecast[forecast["period"] == "month"] if "period" in forecast else forecast
        covered = coverage_by_level(months, self.observed, continuous=variant == "native")
        scores = scores.merge(covered.assign(group="overall", period="month"), how="left")
        scores.insert(0, "entrant", entrant)
        scores.insert(1, "variant", variant)
        scores.insert(2, "asked_horizon", season.horizon)
        scores.to_parquet(file, index=False)
        os.utime(file, (started, started))  # a peer's forecast that came while these were scored is newer
        print(f"scored {entrant}, {variant}, {season.horizon} months", flush=True)
        return scores

"""What it saves that origins of one history share their past: noise at the origins of a run, alone and together.

    .venv/bin/python benchmarks/shared_past.py ../shared/data --types 6

Walks in: a data folder. Walks out: processor seconds at each origin, and whether each noise is the same.
`--types` takes only so many crime types, those with most offences; the time grows with them.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from time import process_time

import numpy as np

from features.panel import Panel, build_panel
from models.recipes.three_speed import ThreeSpeed
from models.scoring.promotion import judged_origins
from models.scoring.track_record import record_origins
from models.uncertainty.shared_past import SharedPast
from models.uncertainty.variances import estimate_noise
from sources.read_force import read_force

PARTS = ("common", "own", "unlocated")
RECORD_ORIGINS = 3  # as many as the setting of this name


def commonest(panel: Panel, types: int) -> Panel:
    """Return the panel of the crime types with most offences, in their order."""
    counts = panel.offences.sum(["ward", "month"]).to_numpy()
    chosen = np.sort(np.argsort(-counts, kind="stable")[:types])
    return replace(
        panel,
        offences=panel.offences.isel(crime_type=chosen),
        unlocated=panel.unlocated.isel(crime_type=chosen),
        crime_types=panel.crime_types.iloc[chosen].reset_index(drop=True),
    )


def main() -> None:
    """Print a row an origin, in the order of a run, and the sums."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--types", type=int, default=1000)
    asked = parser.parse_args()
    panel = commonest(build_panel(read_force(asked.data.resolve())), asked.types)
    judged = judged_origins(panel, 1)
    origins = [*judged, *record_origins(panel, RECORD_ORIGINS, judged), panel.last_month]
    shared, sums = SharedPast(), np.zeros(2)
    print(f"{'origin':10} {'alone':>8} {'shared':>8} same")
    for origin in origins:
        known, seconds, noises = panel.as_known_at(origin), [], []
        for past in (None, shared):
            started = process_time()
            noises.append(estimate_noise(ThreeSpeed(), known, shared=past))
            seconds.append(process_time() - started)
        same = all(getattr(noises[0], part).identical(getattr(noises[1], part)) for part in PARTS)
        sums += seconds
        print(f"{origin:%Y-%m}    {seconds[0]:8.1f} {seconds[1]:8.1f} {same}", flush=True)
    print(f"{'all':10} {sums[0]:8.1f} {sums[1]:8.1f}")


if __name__ == "__main__":
    main()

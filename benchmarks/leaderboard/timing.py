"""What each peer costs: processor time a series on a sample of ward x minor series, in the peers' environment.

Walks in: the panel file and an origin. Walks out: JSON, milliseconds of processor time a series by peer.
"""

from __future__ import annotations

import argparse
import json
import time
import warnings
from pathlib import Path

import pandas as pd
from levels import counts_of, read_panel
from peers import STATISTICAL, statistical

SAMPLE_OF_WARDS = 34  # every so manieth ward


def main() -> None:
    """Time every statistical peer on the same series."""
    warnings.filterwarnings("ignore")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("panel", type=Path)
    parser.add_argument("origin")
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    counts = counts_of(read_panel(arguments.panel), "ward", "minor").until(pd.Timestamp(arguments.origin))
    few = counts.sample(SAMPLE_OF_WARDS * 10)
    sample = counts.sample(SAMPLE_OF_WARDS)
    found: dict[str, float] = {"series": len(sample.series)}
    for peer in STATISTICAL:
        statistical(peer, few)  # compiles what has to be compiled
        started = time.process_time()
        statistical(peer, sample)
        found[peer] = 1000 * (time.process_time() - started) / len(sample.series)
    arguments.out.write_text(json.dumps(found))


if __name__ == "__main__":
    main()

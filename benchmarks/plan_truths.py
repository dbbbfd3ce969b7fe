"""How often a simulated force's plan folder holds the truth in its 80 % intervals.

.venv/bin/python benchmarks/plan_truths.py --forces 40
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.planning.observed_force import lever_found, observed, officers_found


def main() -> None:
    """Print the share of truths inside, by function, and of the lever's effect."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--forces", type=int, default=40)
    tables, levers = [], []
    for seed in range(1, asked.parse_args().forces + 1):
        with TemporaryDirectory() as folder:
            force, plan, majors = observed(Path(folder), seed)
            tables.append(officers_found(force, plan, majors, seed))
            levers.append(lever_found(plan, majors, seed))
    every = pd.concat(tables)
    inside = every["truth"].between(every["low"], every["high"])
    print(inside.groupby(level=0).mean().round(3).to_string())
    print(f"officers, all functions: {inside.mean():.3f} of {len(inside)} truths inside")
    held = [low <= truth <= high for truth, low, high in levers]
    print(f"lever: {sum(held) / len(held):.3f} of {len(held)} truths inside")


if __name__ == "__main__":
    main()

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
from tests.planning.stakes_force import costs_found, harm_found, hidden_found


def main() -> None:
    """Print the share of truths inside: officers by function, the lever, harm, hidden demand and costs."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--forces", type=int, default=40)
    tables, levers = [], []
    stakes: dict[str, list[pd.DataFrame]] = {"harm": [], "experienced": [], "costs": []}
    for seed in range(1, asked.parse_args().forces + 1):
        with TemporaryDirectory() as folder:
            force, plan, majors = observed(Path(folder), seed)
            tables.append(officers_found(force, plan, majors, seed))
            levers.append(lever_found(plan, majors, seed))
            stakes["harm"].append(harm_found(force, plan, majors, seed))
            stakes["experienced"].append(hidden_found(force, plan, majors, seed))
            stakes["costs"].append(costs_found(force, plan, seed))
    every = pd.concat(tables)
    inside = every["truth"].between(every["low"], every["high"])
    print(inside.groupby(level=0).mean().round(3).to_string())
    print(f"officers, all functions: {inside.mean():.3f} of {len(inside)} truths inside")
    held = [low <= truth <= high for truth, low, high in levers]
    print(f"lever: {sum(held) / len(held):.3f} of {len(held)} truths inside")
    for name, parts in stakes.items():
        found = pd.concat(parts)
        within = found["truth"].between(found["low"], found["high"])
        levels = found["level"] if "level" in found else pd.Series("all", index=found.index)
        for level, of_level in within.groupby(levels):
            print(f"{name}, {level}: {of_level.mean():.3f} of {len(of_level)} truths inside")


if __name__ == "__main__":
    main()

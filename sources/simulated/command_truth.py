"""A measure of boroughs whose best grouping into command units is known, because it was planted.

Walks in: the `City`, a seed. Walks out: a folder in the form of a plan's, with the answer beside it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from sources.simulated.city import City
from sources.simulated.written.files import write_csv

MEASURE = "hours"
HOURS_OF_A_COMMAND = 120_000.0
_BOROUGHS_IN_A_COMMAND = 2.5
_STREAM = 22  # of random numbers, apart from those of all else

_RULES = """# SIMULATED: hours of work by borough, whose best grouping is best_commands.csv beside this file.
count = "{count}"
measures = ["{measure}"]
"""


def write_command_truth(folder: Path, city: City, seed: int) -> None:
    """Write hours of work that fall evenly on connected commands, grown at random: no other grouping is as even."""
    generator = np.random.default_rng([seed, _STREAM])
    boroughs = len(city.boroughs)
    command = _grown(_touching(city), max(2, round(boroughs / _BOROUGHS_IN_A_COMMAND)), generator)
    hours = generator.uniform(1, 4, boroughs)
    hours *= HOURS_OF_A_COMMAND / np.bincount(command, hours)[command]
    folder.mkdir(parents=True)
    (folder / "commands.toml").write_text(_RULES.format(count=command.max() + 1, measure=MEASURE), encoding="utf-8")
    codes = city.boroughs["borough_code"]
    write_csv(
        pd.DataFrame({"area": codes, "measure": MEASURE, "value": hours.round(6)}), folder / "commands_measures.csv"
    )
    write_csv(pd.DataFrame({"borough_code": codes, "command": command}), folder / "best_commands.csv")


def _touching(city: City) -> np.ndarray:
    """Return which boroughs share a border, (borough, borough)."""
    shapes = [shapely.coverage_union_all(city.polygons[city.borough == at]) for at in range(len(city.boroughs))]
    return np.array([[shapely.length(shapely.intersection(one, other)) > 0 for other in shapes] for one in shapes])


def _grown(touching: np.ndarray, number: int, generator: np.random.Generator) -> np.ndarray:
    """Return the command of each borough: one at a time joins a command that it touches, the smallest that can grow."""
    command = np.full(len(touching), -1)
    command[generator.choice(len(touching), number, replace=False)] = np.arange(number)
    while (command < 0).any():
        free = (command < 0) & touching[:, command >= 0].any(axis=1)
        sizes = np.bincount(command[command >= 0], minlength=number)
        for growing in np.argsort(sizes, kind="stable"):
            near = np.flatnonzero(free & touching[:, command == growing].any(axis=1))
            if len(near):
                command[generator.choice(near)] = growing
                break
    return command

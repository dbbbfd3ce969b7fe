"""Why hours change: the factors between the base year and a year of the plan, without remainder and in no order.

    hours of a cell = offences of the base year x young x other residents x all else recorded x judgement
                      x complexity x levers x hours of a case of the base year
    part of a factor = L(after, before) x ln(factor),  L(a, b) = (a - b) / (ln a - ln b)   (log-mean Divisia: Ang 2004)

summed over crime types and functions in every draw. A cell with nothing before or after counts as one in a thousand
million.

Walk in: offences and hours by step, (crime type, function, year, draw). Walk out: parts that add up to the change.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

_NEXT_TO_NOTHING = 1e-9


def parts_of_change(before: np.ndarray, after: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the part of each factor in the change from before to the last of `after`, all of one shape.

    after : by the name of each factor, the hours of a cell with it and all factors that stand before it: their ratios
    are the factors. The parts sum to the change cell by cell.
    """
    steps = {name: np.maximum(values, _NEXT_TO_NOTHING) for name, values in after.items()}
    start = np.maximum(np.broadcast_to(before, next(iter(steps.values())).shape), _NEXT_TO_NOTHING)
    end = list(steps.values())[-1]
    weight = log_mean(end, start)
    found, last = {}, start
    for name, values in steps.items():
        found[name] = weight * np.log(values / last)
        last = values
    return found


def log_mean(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the logarithmic mean of positive numbers, which is themselves where both are the same."""
    ratio = np.log(one / other)
    near = np.abs(ratio) < 1e-8
    return np.where(near, (one + other) / 2, (one - other) / np.where(near, 1.0, ratio))

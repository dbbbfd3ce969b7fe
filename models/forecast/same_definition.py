"""What offences with no known ward mean: a force's own row holds less once its boroughs are told apart.

Walks in: which areas had such offences published in which month. Walks out: the months that can be compared.
"""

from __future__ import annotations

import numpy as np


def same_definition(published: np.ndarray, month: int) -> np.ndarray:
    """Return in which months an area's unlocated offences are of the same kind as in `month`, (area, month) bool.

    `published`: (area, month) bool, boroughs first, the force last. A borough's are its own, whatever else is
    published. The force's are those that no borough holds, so they are of another kind where other boroughs were
    published. Areas not published in `month` have no such months.
    """
    then = published[:, month, None]
    alike = published & then
    alike[-1] &= (published[:-1] == then[:-1]).all(axis=0)
    return alike

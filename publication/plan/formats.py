"""How numbers of a plan's page read.

Walk in: names of columns. Walk out: formats.
"""

from __future__ import annotations

import numpy as np

from publication.pages.rendering import Formats
from publication.words import whole


def in_whole(*names: str) -> Formats:
    """Return the formats that show columns as whole numbers; texts stay."""
    return dict.fromkeys(names, _number)


def _number(value: object) -> str:
    return value if isinstance(value, str) else whole(float(np.asarray(value, dtype=float)))

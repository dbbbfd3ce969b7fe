"""Names for places that do not exist.

Walks in: how many names are wanted, a random generator. Walks out: names made of invented parts.
"""

from __future__ import annotations

from itertools import product

import numpy as np

CITY_NAME = "Quellmouth"

# fmt: off
_STEMS = (
    "Arvel", "Brannock", "Callow", "Dessen", "Elvar", "Fennet", "Gorsel", "Hallix", "Ilver", "Jorrel",
    "Kessen", "Lorven", "Mardle", "Nessic", "Ombrey", "Pellin", "Quarrel", "Rosken", "Sorrel", "Tamsen",
    "Ulver", "Varnel", "Wexen", "Yarrel", "Zennic", "Aldren", "Birrel", "Corven", "Drummel", "Ennick",
)
_ENDINGS = (
    "mere", "wick", "holt", "combe", "ford", "ness", "stow", "gate", "marsh", "hurst", "bourne",
    "thorpe", "leigh", "cote", "garth", "reach", "fold", "croft", "dene", "lock",
)
# fmt: on
_QUALIFIERS = ("North ", "South ", "East ", "West ", "Upper ", "Lower ", "Great ", "Little ")
_ADDITIONS = (" Park", " Green", " Hill", " Quays", " Heath", " Vale")
_PLAIN_NAMES_PREFERRED = 12.0  # a plain name is drawn this much more readily than a qualified one

MOST_NAMES = len(_STEMS) * len(_ENDINGS) * (1 + len(_QUALIFIERS) + len(_ADDITIONS))


def place_names(number: int, generator: np.random.Generator) -> list[str]:
    """Return that many different names, at most `MOST_NAMES`."""
    plain = [f"{stem}{ending}" for stem, ending in product(_STEMS, _ENDINGS)]
    qualified = [f"{before}{name}" for before, name in product(_QUALIFIERS, plain)]
    qualified += [f"{name}{after}" for name, after in product(plain, _ADDITIONS)]
    weights = np.repeat([_PLAIN_NAMES_PREFERRED, 1.0], [len(plain), len(qualified)])
    chosen = generator.choice(len(weights), number, replace=False, p=weights / weights.sum())
    return [(plain + qualified)[position] for position in chosen]

"""The 43 territorial police forces of England and Wales: their names, codes and names in police.uk's files.

Walks in: `police_forces.csv` (codes of police force areas as the ONS gives them). Walks out: the one that a text names.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sources.files.errors import InputError

_KINDS = ("police", "constabulary")


@dataclass(frozen=True)
class PoliceForce:
    """A police force: its name, its code, and what police.uk calls it in names of files, the Home Office in tables."""

    name: str
    code: str
    street_force: str
    home_office: str


def read_police_forces() -> list[PoliceForce]:
    """Return all 43 forces, in the order of their codes."""
    table = pd.read_csv(Path(__file__).with_name("police_forces.csv"))
    return [PoliceForce(*row) for row in table[["name", "code", "street_force", "home_office"]].itertuples(index=False)]


def police_force_named(name: str) -> PoliceForce:
    """Return the force of a name, as "Kent", "Kent Police", "kent" or "city-of-london"; or one of any other name.

    Another force's code is made of its name, its offences come in its own files, and no file of police.uk is of it.

    Raises
    ------
    InputError
        If the name holds no letter of the alphabet.
    """
    forces = read_police_forces()
    for force in forces:
        if _plain(name) in {_plain(force.name), force.street_force}:
            return force
    folder = re.sub(r"[^a-z0-9]+", "-", unicodedata.normalize("NFKD", name).casefold()).strip("-")[:40].strip("-")
    if not re.search("[a-z]", folder):
        raise InputError("A force needs a name", value=name, remedy='Give it in letters, as in "Police Scotland".')
    return PoliceForce(" ".join(name.split()), folder.upper(), folder, "")


def _plain(name: str) -> str:
    words = name.casefold().replace("-", " ").replace("&", "and").split()
    return "-".join(word for word in words if word not in _KINDS)

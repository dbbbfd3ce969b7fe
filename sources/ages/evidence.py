"""All that is known of the ages of victims and suspects, from every publisher, in one table.

Walks in: a data folder, and the ages that a record-level extract gave. Walks out: the table `age_evidence` (contract
`AGE_EVIDENCE`) and the quarantine of what was left out. Every source is optional; which of them a rate is made of is
for `models.people.age_rates` to say.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from sources.ages.arrests import ARRESTS, read_arrests
from sources.ages.convictions import SCOTTISH_CONVICTIONS, read_scottish_convictions
from sources.ages.dashboards import (
    CUSTODY_DISPOSALS,
    HOMICIDE_SUSPECTS,
    HOMICIDE_VICTIMS,
    VAWG_VICTIMS,
    read_custody_disposals,
    read_homicide_suspects,
    read_homicide_victims,
    read_vawg_victims,
)
from sources.ages.stops import STOPS_ENDING_IN_ARREST, read_stops_ending_in_arrest
from sources.catalogue.data_folder import DataFolder
from sources.tables.contracts import AGE_EVIDENCE, checked

READERS: dict[str, Callable[[Path], tuple[pd.DataFrame, pd.DataFrame]]] = {
    ARRESTS: read_arrests,
    SCOTTISH_CONVICTIONS: read_scottish_convictions,
    HOMICIDE_SUSPECTS: read_homicide_suspects,
    HOMICIDE_VICTIMS: read_homicide_victims,
    VAWG_VICTIMS: read_vawg_victims,
    CUSTODY_DISPOSALS: read_custody_disposals,
    STOPS_ENDING_IN_ARREST: read_stops_ending_in_arrest,
}


def read_age_evidence(
    folder: DataFolder, of_extract: pd.DataFrame, *, stops: bool = False
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the evidence of ages of all sources that the folder holds, and the quarantine of what was left out.

    of_extract : the evidence of a record-level extract, or no rows. stops : whether to read whom police arrested
    after a stop; unless it is asked for, that file is passed over.

    Raises
    ------
    InputError
        What the readers refuse.
    """
    wanted = [name for name in READERS if folder.has(name) and (stops or name != STOPS_ENDING_IN_ARREST)]
    read = [READERS[name](folder.one(name)) for name in wanted]
    evidence = pd.concat([of_extract, *(each for each, _ in read)], ignore_index=True)
    quarantine = pd.concat([pd.DataFrame(), *(each for _, each in read)], ignore_index=True)
    return checked(AGE_EVIDENCE, evidence, folder.path), quarantine

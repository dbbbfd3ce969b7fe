"""Plans for a script: worked out, read back, and held against each other.

Walk in: the name of a plan, or folders of results. Walk out: folders and tables. No Prefect server is needed.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from pipelines.settings import load_settings, prepare_environment
from publication.plan.differences import differences
from publication.plan.files import read_tables
from publication.plan.sealed import read_sealed


def plan(
    name: str | None = None,
    *,
    release: str | None = None,
    data: Path | None = None,
    releases: Path | None = None,
    plans: Path | None = None,
    seed: int | None = None,
) -> Path:
    """Work a plan out on a release and return the sealed folder of its result.

    name : of a plan folder below `plans`, or its path; the force's own plan, or the defaults, if none. release : its
    name; the latest if none. data, releases, plans : folders, as settings have them. The same plan on the same release
    changes nothing. Raises InputError where the plan cannot stand, or the draws of the release cannot be had.
    """
    settings = load_settings(data=data, releases=releases, plans=plans, seed=seed)
    prepare_environment(settings)  # before MLflow and Prefect are imported, which read it
    from pipelines.flows.plan import plan as plan_part
    from pipelines.running.prefect_step import plainly

    with plainly():
        return plan_part(name, release, settings)


def read_plan(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the tables of a plan's result by name: work, people and so on, as docs/plan.md describes them.

    Raises InputError where the folder is no result of a plan, or was changed since.
    """
    read_sealed(folder)
    return read_tables(folder)


def compare_plans(one: Path, other: Path) -> pd.DataFrame:
    """Return expected hours of two plans and their difference, by area, function and year of the central scenario.

    Both are results of plans on one release: since they ran through the same futures the difference is exact. Raises
    InputError where they are on different releases, or one is no result of a plan.
    """
    from sources.files.errors import InputError

    said = [read_sealed(folder) for folder in (one, other)]
    if said[0]["draws_sha256"] != said[1]["draws_sha256"]:
        raise InputError(
            "The plans are on different releases, so their difference would be of forecasts too",
            value=f"{said[0]['release']} and {said[1]['release']}",
            remedy="Plan both on one release: `wardcast plan NAME --release ID`.",
        )
    return differences(read_tables(one), read_tables(other))

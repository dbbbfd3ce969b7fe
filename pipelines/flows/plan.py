"""Plan: the draws of a release and a plan folder in, a sealed result out."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import geopandas as gpd
import pandas as pd

from models.tracking import registry, run_record
from pipelines.code_version import code_version
from pipelines.flows.plan_basis import Basis, basis_of_forecast, basis_of_release, release_named
from pipelines.kept.read_once import tables_of
from pipelines.places.places import with_places
from pipelines.running.journal import record
from pipelines.running.prefect_step import part, step
from pipelines.running.progress import stage, tell
from pipelines.running.run_names import name_run
from pipelines.settings import Settings
from pipelines.steps.release_contents import NO_PLAN, PLAN
from planning.folder.read import PlanFolder, read_plan
from planning.make import PlanResult, make_plan
from publication.plan.facts import PlanFacts
from publication.plan.files import keep_result, write_plan_files
from publication.plan.page import write_plan_page
from publication.plan.places import write_place_pictures
from publication.plan.sealed import write_sealed
from publication.release.release import read_manifest
from sources.catalogue.catalogue import PLAN_FOLDER
from sources.files.errors import InputError
from sources.tables.force_tables import Force, ForceTables

MONTHS_NEEDED = 12  # a plan is of whole years


@dataclass(frozen=True, eq=False)
class Planned:
    """What a plan's page is of."""

    facts: PlanFacts
    audience: str


def plan_folder_of(settings: Settings, name: str | None) -> Path | None:
    """Return the folder of a plan: by its path, by its name in the folder of plans, or the force's own; None: defaults.

    Raises
    ------
    InputError
        Where a plan is named and there is none.
    """
    if name is None:
        own = settings.data / PLAN_FOLDER
        return own if own.is_dir() else None
    for folder in (settings.plans / name, Path(name)):
        if (folder / "plan.toml").is_file():
            return folder
    raise InputError(
        "There is no such plan folder", file=settings.plans / name, remedy=f"`wardcast new-plan {name}` writes one."
    )


@step("make the plan")
def make(basis: Basis, plan: PlanFolder, settings: Settings) -> PlanResult:
    """Return the result of a plan."""
    with stage(f"Planning: {plan.head.name}"):
        return make_plan(basis.kept, plan, basis.ground, seed=settings.seed, told_of_wards=basis.told_of_wards)


@part("plan")
def plan(name: str | None, release: str | None, settings: Settings) -> Path:
    """Return the sealed folder of a plan's result on a release; the same plan on the same release changes nothing."""
    chosen, folder = release_named(settings, release), plan_folder_of(settings, name)
    with stage("Reading the draws"):
        basis = basis_of_release(chosen, settings)
    with stage("Reading the plan"):
        read = read_plan(folder, basis.ground)
    manifest = read_manifest(chosen)
    tables_folder = _tables_folder(manifest, settings)
    if tables_folder is not None:
        name_run(tables_folder)
    tables = None if tables_folder is None else tables_of(tables_folder)
    result = _with_places(make(basis, read, settings), tables, basis, read, folder, settings)
    facts = _facts(read, basis, manifest, settings)
    outlines = None if tables is None else tables.borough_boundaries
    place = write_sealed(settings.plans, facts, partial(_write, result=result, facts=facts, outlines=outlines))
    _track(result, facts, read, settings)
    record(settings.mlruns, "planned", plan=facts.plan, release=facts.release, result=place.name)
    return place


def default_plan(tables_folder: Path, forecast_folder: Path, settings: Settings, streams_folder: Path) -> bool:
    """Leave the default plan of a forecast beside it, or why there is none; return whether there is one.

    Whatever goes wrong in planning, the release is published without a plan, and says so.
    """
    place, why = forecast_folder / PLAN, forecast_folder / NO_PLAN
    shutil.rmtree(place, ignore_errors=True)
    why.unlink(missing_ok=True)
    try:
        tables = tables_of(tables_folder)
        basis = basis_of_forecast(forecast_folder, settings, tables.force.code, tables.severity, streams_folder)
        if len(basis.ground.months) < MONTHS_NEEDED:
            return False
        folder = plan_folder_of(settings, None)
        read = read_plan(folder, basis.ground)
        result = _with_places(make(basis, read, settings), tables, basis, read, folder, settings)
        keep_result(place, result)
    except Exception as error:
        shutil.rmtree(place, ignore_errors=True)
        problem = error.problem if isinstance(error, InputError) else f"{type(error).__name__}: {error}"
        why.write_text(f"Plan: none was made. {problem}.", encoding="utf-8")
        record(settings.mlruns, "planning failed", reason=str(error))
        tell(f"The release goes out without a plan: {error}")
        return False
    return True


def _with_places(
    result: PlanResult,
    tables: ForceTables | None,
    basis: Basis,
    plan: PlanFolder,
    folder: Path | None,
    settings: Settings,
) -> PlanResult:
    return with_places(result, tables, basis.kept, basis.ground, basis.told_of_wards, plan, folder, seed=settings.seed)


def _write(folder: Path, result: PlanResult, facts: PlanFacts, outlines: gpd.GeoDataFrame | None) -> None:
    mark = "-SIMULATED" if facts.force.simulated else ""
    write_plan_files(folder, result.tables, mark=mark)
    if outlines is not None:
        write_place_pictures(folder, result.tables, outlines, facts.force)
    write_plan_page(folder / "index.html", result, Planned(facts, facts.audience), plan=facts)


def _tables_folder(manifest: dict, settings: Settings) -> Path | None:
    """Return the folder of the tables that a release was made from, None where the cache has it no more."""
    folders = sorted(settings.cache.glob("tables-*"))
    return next((one for one in folders if one.name.removeprefix("tables-") in manifest["data_vintage"]), None)


def _facts(plan: PlanFolder, basis: Basis, manifest: dict, settings: Settings) -> PlanFacts:
    head = plan.head
    return PlanFacts(
        plan=head.name,
        who=head.who,
        why=head.why,
        release=manifest["release"],
        run_id=manifest["run_id"],
        force=Force(manifest["force"]["name"], manifest["force"]["code"], manifest["simulated"]),
        origin=pd.Timestamp(manifest["origin"]),
        digest=plan.digest,
        draws_digest=basis.draws_digest,
        seed=settings.seed,
        code_version=code_version(),
        created_at=datetime.fromisoformat(manifest["created_at"]),
        planned_at=datetime.now(UTC),
        contact=settings.contact,
        audience=manifest["audience"],
        signed_off_by=head.signed_off_by,
        signed_off_on=head.signed_off_on,
    )


def _track(result: PlanResult, facts: PlanFacts, plan: PlanFolder, settings: Settings) -> None:
    """Keep the plan as a run of its own experiment: what it was, what it rests on, its numbers and tables."""
    registry.open_store(settings.tracking_address, settings.mlruns)
    parameters = {"plan": facts.plan, "release": facts.release, "seed": facts.seed, "years": plan.head.years}
    tags = {"plan_sha256": facts.digest, registry.DRAWS_DIGEST: facts.draws_digest, "code_version": facts.code_version}
    with registry.run(f"plan {facts.plan} on {facts.release}", parameters, tags, experiment=registry.PLANS):
        run_record.log_metrics(result.metrics)
        for name, table in result.tables.items():
            if name != "work":
                run_record.log_table(table, name)

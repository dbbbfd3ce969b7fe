"""What a plan stands on: the draws that a release's run kept, its force, and the digest by which they are known again.

Walks in: a release, or a forecast just made. Walks out: a `Basis`.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from models.draws.kept import KeptDraws
from models.tracking import registry
from pipelines.flows.build_features import build_features
from pipelines.flows.forecast import forecast
from pipelines.flows.ingest import ingest
from pipelines.kept.kept_draws import digest_of, read_kept_draws
from pipelines.running.progress import stage
from pipelines.settings import Settings, releases_of
from pipelines.steps.plan_series import series_of_residents, series_of_streams, shares_by_age
from pipelines.steps.published_sums import rules_of
from planning.folder.check import Ground
from publication.disclosure.control import protected_types
from publication.release.release import latest, list_releases, read_manifest
from sources.files.checksums import refuse_damaged
from sources.files.errors import InputError


@dataclass(frozen=True, eq=False)
class Basis:
    """Draws to plan with, the ground of the plan, and the minor types that tables by ward may count."""

    kept: KeptDraws
    ground: Ground
    told_of_wards: tuple[str, ...]
    draws_digest: str


def release_named(settings: Settings, name: str | None) -> Path:
    """Return a release by its name, the latest if none is given; `InputError` where there is none."""
    folder = releases_of(settings)
    found = latest(folder) if name is None else next((one for one in list_releases(folder) if one.name == name), None)
    if found is None:
        raise InputError(
            "There is no such release to plan on",
            file=folder,
            value=name,
            remedy="See `wardcast releases list`; `wardcast run` makes one.",
        )
    return found


def basis_of_release(release: Path, settings: Settings) -> Basis:
    """Return what a plan on a release stands on; where its draws are gone they are made again and held to their digest.

    Raises
    ------
    InputError
        Where the draws made again are not those of the release, as after a change of data or code.
    """
    registry.open_store(settings.tracking_address, settings.mlruns)
    manifest = read_manifest(release)
    run = registry.of_run(manifest["run_id"])
    known = registry.version_tags(run.version).get(registry.DRAWS_DIGEST)
    folder = next(iter(settings.cache.glob(f"panel-*/forecast-{run.version}")), None)
    if folder is None or not (folder / "draws_basis.nc").is_file():
        with stage("Making the release's draws again"):
            then = {
                "horizon": manifest["horizon_months"],
                **{name: int(run.parameters[name]) for name in ("draws", "seed")},
            }
            panel = build_features(ingest(settings))
            folder = forecast(panel, run.version, settings.model_copy(update=then))
    else:
        refuse_damaged(folder, "Remove that folder and plan again: its draws are then made anew.")
    severity = pd.read_csv(release / "severity.csv")
    streams = _streams_of(manifest, settings)
    basis = basis_of_forecast(folder, settings, manifest["force"]["code"], severity, streams, release.name)
    if known is not None and known != basis.draws_digest:
        # Draws made again have left their own digest, by which they would pass the next time.
        registry.tag_version(run.version, {registry.DRAWS_DIGEST: known})
        shutil.rmtree(folder)
        raise InputError(
            "The draws are not those that the release was made from",
            file=folder,
            value=release.name,
            remedy="Restore the data and the code that made the release, or run again and plan on the new release.",
        )
    return basis


def _streams_of(manifest: dict, settings: Settings) -> Path | None:
    """Return the folder of the streams that a release tells, None where the cache has it no more."""
    folders = sorted(settings.cache.glob("streams-*"))
    found = next((one for one in folders if one.name.removeprefix("streams-") in manifest["data_vintage"]), None)
    if found is not None:
        refuse_damaged(found, "Remove that folder and run again: its streams are then forecast anew.")
    return found


def basis_of_forecast(
    folder: Path,
    settings: Settings,
    force_code: str,
    severity: pd.DataFrame,
    streams: Path | None,
    release: str = "",
) -> Basis:
    """Return what a plan on a forecast's folder stands on.

    severity : the harm of an average offence by type. streams : folder of the streams' forecasts; None where there is
    none, and then a plan can ask for none.
    """
    kept = read_kept_draws(folder)
    areas, crime_types = (pd.read_parquet(folder.parent / f"{name}.parquet") for name in ("areas", "crime_types"))
    majors = dict(zip(crime_types["crime_type"], crime_types["major_type"], strict=True))
    harm = dict(zip(severity["crime_type"], severity["weight"].astype(float), strict=True))
    months = pd.DatetimeIndex(kept.by_month["month"].to_numpy())
    residents = _residents(pd.read_parquet(folder.parent / "ward_population.parquet"))
    history = recorded_by_borough(folder.parent, areas)
    series = series_of_streams(streams) | series_of_residents(folder)
    releases = frozenset(one.name for one in list_releases(releases_of(settings)))
    ages = shares_by_age(folder)
    ground = Ground(force_code, areas, majors, months, release, harm, residents, series, releases, ages, history)
    kept_back = set(protected_types(crime_types, rules_of(settings))) if settings.audience == "open" else set()
    told = tuple(str(one) for one in kept.by_month["crime_type"].to_numpy() if one not in kept_back)
    return Basis(kept, ground, told, digest_of(folder))


def recorded_by_borough(panel_folder: Path, areas: pd.DataFrame) -> xr.DataArray:
    """Return offences recorded in the panel's months, (area_code, crime_type, month), located or not.

    Areas are boroughs and, for offences of no known borough, the force.
    """
    counts = xr.load_dataset(panel_folder / "counts.nc", engine="scipy")
    borough_of = areas.set_index("ward_code")["borough_code"].reindex(counts["ward"].to_numpy()).to_numpy(str)
    unlocated = counts["unlocated"].transpose("area", "crime_type", "month").fillna(0)
    codes = list(dict.fromkeys([*borough_of, *unlocated["area"].to_numpy().astype(str)]))
    dims = ("area_code", "crime_type", "month")
    found = np.zeros((len(codes), *unlocated.shape[1:]))
    offences = counts["offences"].transpose("ward", "crime_type", "month").to_numpy()
    for names, held in ((borough_of, offences), (unlocated["area"].to_numpy().astype(str), unlocated.to_numpy())):
        np.add.at(found, [codes.index(str(name)) for name in names], held)
    coordinates = {"area_code": codes, **{name: counts[name].to_numpy() for name in dims[1:]}}
    return xr.DataArray(found, dims=dims, coords=coordinates)


def _residents(population: pd.DataFrame) -> dict[str, float]:
    """Return residents by ward of the newest year that the panel knows; none where it knows none."""
    newest = population[population["year"] == population["year"].max()]
    return {str(ward): float(persons) for ward, persons in newest.groupby("ward_code")["persons"].sum().items()}

"""What a release may tell, gathered from the tables of the run.

Walk in: folders of tables that the flows before left. Walks out: `Contents`, before disclosure control.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd

from models.draws.all_recorded import all_recorded, parts_that_add_up
from pipelines.code_version import code_version
from pipelines.kept.read_once import tables_of
from pipelines.settings import Settings, releases_of
from pipelines.steps.antisocial import NAME as ANTISOCIAL
from pipelines.steps.candidate import Standing
from pipelines.steps.watching import Watch
from publication.plan.files import kept_result
from publication.release.contents import (
    Ages,
    Ahead,
    Contents,
    CrimeTypes,
    Geography,
    OtherDemand,
    Recorded,
    TrackRecord,
)
from publication.release.manifest import ReleaseError, ReleaseFacts, read_manifest
from publication.release.release import previous_release
from publication.tables.tables import AGE_QUALITY, AGE_RATES, ANTISOCIAL_FORECAST, DRIVERS
from sources.catalogue.data_folder import vintage
from sources.doubts import doubtful_newest_month
from sources.files.checksums import refuse_damaged
from sources.missing import what_is_missing
from sources.tables.force_tables import ForceTables

PEOPLE_ROUNDED_TO = 50  # those whose ages were counted
EXTRACT = "incidents"  # the dataset of a record-level extract
PLAN, NO_PLAN = "plan", "no_plan.txt"  # in the folder of a forecast: its default plan, or why it has none
WARD_COUNTS = "ward_crime"  # begins the names of the datasets that give ward counts where they are there


@dataclass(frozen=True)
class Made:
    """Where the flows before left what is to be published."""

    tables: Path
    forecast: Path
    standing: Standing
    watch: Watch
    streams: Path | None = None
    antisocial: Path | None = None


def contents_of(made: Made, settings: Settings) -> Contents:
    """Return all that the release of a run may tell its audience; `InputError` where its forecast was damaged since."""
    refuse_damaged(made.forecast, "Run again: the forecast is then made anew. The cache may be deleted at any time.")
    for others in filter(None, (made.streams, made.antisocial)):
        refuse_damaged(others, "Run again: the forecasts in it are then made anew.")
    tables = tables_of(made.tables)
    every = pd.read_parquet(made.forecast / "forecast.parquet")
    facts = _facts(every, tables, made, settings)
    return Contents(
        facts=facts,
        crime=CrimeTypes(crime_types=tables.crime_types, severity=tables.severity),
        geography=Geography(
            areas=tables.areas,
            ward_profile=tables.ward_profile,
            ward_boundaries=tables.ward_boundaries,
            borough_boundaries=tables.borough_boundaries,
            residents=_kept(made.forecast, "residents", _estimates(tables)),
            former_wards=tables.former_wards,
            postcodes=tables.postcodes,
        ),
        recorded=_recorded(tables),
        ahead=_ahead(every, made),
        ages=_ages(every, made, tables),
        track_record=_track_record(made),
        other_demand=_other_demand(made.streams),
        plan=kept_result(made.forecast / PLAN),
        previous=previous_release(releases_of(settings), facts),
    )


def _kept(folder: Path, name: str, otherwise: pd.DataFrame) -> pd.DataFrame:
    """Return a table of a folder, or the other where the flow that fills the folder had nothing for it."""
    file = folder / f"{name}.parquet"
    return pd.read_parquet(file) if file.is_file() else otherwise


def _recorded(tables: ForceTables) -> Recorded:
    return Recorded(
        offences=tables.offences,
        unlocated_offences=tables.unlocated_offences,
        overlaps=tables.overlaps,
        quarantine=tables.quarantine,
        from_extract=_counted_from_extract(tables),
        knife_crime=tables.knife_crime,
        antisocial_behaviour=tables.antisocial_behaviour,
    )


def _ahead(every: pd.DataFrame, made: Made) -> Ahead:
    """Return what is expected: of offences the forecast's rows of every measure, of incidents their own table."""
    quarters = _kept(made.forecast, "quarters", every.iloc[:0])
    return Ahead(
        forecast=parts_that_add_up(every),
        all_recorded=pd.concat([all_recorded(every), all_recorded(quarters)], ignore_index=True),
        quarters=parts_that_add_up(quarters),
        scenario_differences=_kept(made.forecast, "scenario_differences", every.iloc[:0]),
        drivers=_kept(made.forecast, "drivers", pd.DataFrame(columns=DRIVERS)),
        demand_waterfall=_kept(made.forecast, "demand_waterfall", pd.DataFrame()),
        antisocial_forecast=pd.DataFrame(columns=ANTISOCIAL_FORECAST)
        if made.antisocial is None
        else pd.read_parquet(made.antisocial / f"{ANTISOCIAL}.parquet"),
        model=made.standing.recipe,
    )


def _ages(every: pd.DataFrame, made: Made, tables: ForceTables) -> Ages:
    return Ages(
        forecast_by_age=_kept(made.forecast, "forecast_by_age", every.iloc[:0]),
        age_rates=_kept(made.forecast, "age_rates", pd.DataFrame(columns=AGE_RATES)),
        age_quality=_told(_kept(made.forecast, "age_quality", pd.DataFrame(columns=AGE_QUALITY))),
        ages_from_extract=bool((tables.age_evidence["source"] == EXTRACT).any()),
    )


def _track_record(made: Made) -> TrackRecord:
    standing, last_year = made.standing, pd.read_parquet(made.standing.last_year)
    return TrackRecord(
        accuracy=pd.read_parquet(standing.accuracy),
        accuracy_by_horizon=pd.read_parquet(standing.accuracy_by_horizon),
        last_year=parts_that_add_up(last_year),
        last_year_all_recorded=all_recorded(last_year),
        past_years=pd.read_parquet(standing.past_years),
        promises=pd.read_parquet(made.watch.promises),
        alerts=pd.read_parquet(made.watch.alerts),
        importance=pd.read_parquet(standing.importance),
        population_strength=_kept(made.forecast, "population_strength", pd.DataFrame()),
    )


def _other_demand(streams: Path | None) -> OtherDemand:
    if streams is None:
        return OtherDemand()
    return OtherDemand(
        streams=pd.read_parquet(streams / "streams.parquet"),
        stream_values=pd.read_parquet(streams / "stream_values.parquet"),
        stream_forecast=pd.read_parquet(streams / "stream_forecast.parquet"),
        stream_last_year=pd.read_parquet(streams / "stream_last_year.parquet"),
    )


def _facts(forecast: pd.DataFrame, tables: ForceTables, made: Made, settings: Settings) -> ReleaseFacts:
    months = forecast.loc[forecast["period"] == "month", "month"]
    origin = pd.Timestamp(forecast["origin"].iloc[0])
    facts = ReleaseFacts(
        run_id=made.standing.run_id,
        force=tables.force,
        origin=origin,
        horizon=months.nunique(),
        scenarios=tuple(forecast["scenario"].unique()),
        data_vintage=f"{vintage(tables.manifest)}, to {tables.offences['month'].max():%B %Y}",
        inputs=tables.manifest,
        code_version=code_version(),
        created_at=datetime.now(UTC),
        audience=settings.audience,
        missing=tuple(
            filter(None, (doubtful_newest_month(tables), *what_is_missing(tables), *why_no_plan(made.forecast)))
        ),
        contact=settings.contact,
        next_due=_next_due(origin, settings.monthly_refresh_at),
    )
    return replace(facts, created_at=_first_made(releases_of(settings) / facts.name) or facts.created_at)


def _first_made(release: Path) -> datetime | None:
    """Return when a release of this name was made before: pages are dated, and the same run gives the same pages."""
    try:
        return datetime.fromisoformat(read_manifest(release)["created_at"])
    except (ReleaseError, KeyError, ValueError):
        return None


def _next_due(origin: pd.Timestamp, refresh: str) -> date:
    """Return the day by which the next month's release is to be out: the publisher needs a month, then we refresh."""
    day = refresh.split()[2] if len(refresh.split()) > 2 else ""
    return (origin + pd.DateOffset(months=2)).date().replace(day=min(int(day), 28) if day.isdigit() else 28)


def why_no_plan(forecast: Path) -> list[str]:
    """Return, in a sentence, why a forecast has no plan; nothing where it has one, or was to have none."""
    file = forecast / NO_PLAN
    return [file.read_text(encoding="utf-8")] if file.is_file() else []


def _counted_from_extract(tables: ForceTables) -> bool:
    read = tables.manifest["dataset"]
    return bool((read == EXTRACT).any() and not read.str.startswith(WARD_COUNTS).any())


def _estimates(tables: ForceTables) -> pd.DataFrame:
    """Return residents of all ages, as estimated: what is known where the forecast flow knew no ages."""
    return tables.ward_population[["ward_code", "year", "variant", "persons"]].assign(age_group="all")


def _told(quality: pd.DataFrame) -> pd.DataFrame:
    """Return the quality of ages as it may leave: people rounded, so that no count of few can be read back."""
    told = quality.reindex(columns=AGE_QUALITY)  # a forecast that an earlier version made names no people
    people = told["people"].astype(float)
    return told.assign(people=(people / PEOPLE_ROUNDED_TO).round() * PEOPLE_ROUNDED_TO)

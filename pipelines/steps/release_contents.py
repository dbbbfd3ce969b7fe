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
from pipelines.settings import Settings, releases_of
from pipelines.steps.antisocial import forecast_antisocial
from pipelines.steps.candidate import Standing
from pipelines.steps.watching import Watch
from publication.plan.files import kept_result
from publication.release.contents import Contents
from publication.release.manifest import ReleaseError, ReleaseFacts, read_manifest
from publication.release.release import previous_release
from publication.tables.tables import AGE_QUALITY, AGE_RATES, DRIVERS
from sources.catalogue.data_folder import vintage
from sources.doubts import doubtful_newest_month
from sources.files.checksums import refuse_damaged
from sources.missing import what_is_missing
from sources.tables.force_tables import ForceTables, load

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


def contents_of(made: Made, settings: Settings) -> Contents:
    """Return all that the release of a run may tell its audience; `InputError` where its forecast was damaged since."""
    refuse_damaged(made.forecast, "Run again: the forecast is then made anew. The cache may be deleted at any time.")
    if made.streams is not None:
        refuse_damaged(made.streams, "Run again: the forecasts of streams are then made anew.")
    tables = load(made.tables)
    every = pd.read_parquet(made.forecast / "forecast.parquet")
    forecast = parts_that_add_up(every)
    none = forecast.iloc[:0]

    def made_table(name: str, otherwise: pd.DataFrame) -> pd.DataFrame:
        file = made.forecast / f"{name}.parquet"
        return pd.read_parquet(file) if file.is_file() else otherwise

    def of_streams(name: str) -> pd.DataFrame:
        return pd.DataFrame() if made.streams is None else pd.read_parquet(made.streams / f"{name}.parquet")

    quarters, last_year = made_table("quarters", none), pd.read_parquet(made.standing.last_year)
    facts = _facts(forecast, tables, made, settings)
    return Contents(
        facts=facts,
        audience=settings.audience,
        areas=tables.areas,
        crime_types=tables.crime_types,
        forecast=forecast,
        forecast_by_age=made_table("forecast_by_age", none),
        scenario_differences=made_table("scenario_differences", none),
        offences=tables.offences,
        unlocated_offences=tables.unlocated_offences,
        residents=made_table("residents", _estimates(tables)),
        age_rates=made_table("age_rates", pd.DataFrame(columns=AGE_RATES)),
        age_quality=_told(made_table("age_quality", pd.DataFrame(columns=AGE_QUALITY))),
        drivers=made_table("drivers", pd.DataFrame(columns=DRIVERS)),
        severity=tables.severity,
        accuracy=pd.read_parquet(made.standing.accuracy),
        last_year=parts_that_add_up(last_year),
        past_years=pd.read_parquet(made.standing.past_years),
        last_year_all_recorded=all_recorded(last_year),
        ward_profile=tables.ward_profile,
        ward_boundaries=tables.ward_boundaries,
        borough_boundaries=tables.borough_boundaries,
        overlaps=tables.overlaps,
        quarantine=tables.quarantine,
        from_extract=_counted_from_extract(tables),
        ages_from_extract=bool((tables.age_evidence["source"] == EXTRACT).any()),
        previous=previous_release(releases_of(settings), facts),
        model=made.standing.recipe,
        quarters=parts_that_add_up(quarters),
        all_recorded=pd.concat([all_recorded(every), all_recorded(quarters)], ignore_index=True),
        accuracy_by_horizon=pd.read_parquet(made.standing.accuracy_by_horizon),
        knife_crime=tables.knife_crime,
        alerts=pd.read_parquet(made.watch.alerts),
        promises=pd.read_parquet(made.watch.promises),
        demand_waterfall=made_table("demand_waterfall", pd.DataFrame()),
        population_strength=made_table("population_strength", pd.DataFrame()),
        streams=of_streams("streams"),
        stream_values=of_streams("stream_values"),
        stream_forecast=of_streams("stream_forecast"),
        stream_last_year=of_streams("stream_last_year"),
        importance=pd.read_parquet(made.standing.importance),
        antisocial_behaviour=tables.antisocial_behaviour,
        antisocial_forecast=forecast_antisocial(tables, made.standing.recipe, settings),
        plan=kept_result(made.forecast / PLAN),
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
    people = pd.to_numeric(told["people"])
    return told.assign(people=(people / PEOPLE_ROUNDED_TO).round() * PEOPLE_ROUNDED_TO)

"""Publish: the tables of a run in, a release out, and into the database if one is named."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from pipelines.running.journal import has, record
from pipelines.running.prefect_step import part, step
from pipelines.running.progress import stage
from pipelines.running.run_names import name_run
from pipelines.settings import Settings, releases_of
from pipelines.steps.published_sums import rules_of
from pipelines.steps.release_contents import Made, contents_of
from publication.atlas.write import write_atlas
from publication.disclosure.control import protected
from publication.pages.documents import write_documents
from publication.pages.front_page import write_page
from publication.pages.scorecard_page import write_scorecard
from publication.pages.what_changed import write_alerts, write_what_changed
from publication.pages.who_page import write_who
from publication.plan.files import write_plan
from publication.release.bill_of_materials import write_bill_of_materials
from publication.release.contents import Contents
from publication.release.release import latest, put_right, read_manifest, write_release
from publication.tables.database import load_postgres, write_database
from publication.tables.geopackage import write_geopackage
from publication.tables.open_data import write_open_data
from publication.tables.stream_tables import write_stream_tables
from publication.tables.tables import write_tables
from publication.tables.workbook import write_workbook

# Each writes its part of a release; those that list or describe files come after the files.
WRITERS = (
    write_tables,
    write_stream_tables,
    write_database,
    write_atlas,
    write_geopackage,
    write_workbook,
    write_scorecard,
    write_who,
    write_plan,
    write_documents,
    write_alerts,
    write_bill_of_materials,
    write_open_data,
    write_what_changed,
    write_page,
)


def write_contents(folder: Path, contents: Contents) -> None:
    """Write every file of a release into its folder."""
    for writer in WRITERS:
        writer(folder, contents)


@step("write the release")
def write(made: Made, settings: Settings) -> Path:
    """Gather what may be told, write it aside, move it into place whole and serve it as the latest."""
    with stage("Writing the release"):
        contents = protected(contents_of(made, settings), rules_of(settings))
        return write_release(releases_of(settings), partial(write_contents, contents=contents), contents.facts)


@step("load the database")
def load_database(release: Path, settings: Settings) -> bool:
    """Load the release into PostgreSQL; loading it again changes nothing."""
    with stage("Loading the database"):
        return load_postgres(release, settings.database_address.get_secret_value())


@part("publish")
def publish(made: Made, settings: Settings) -> Path:
    """Return the release of what the flows before made; publishing the same run again changes nothing."""
    name_run(made.tables)
    release = write(made, settings)
    follow_up(release, settings)
    return release


def take_up(settings: Settings) -> None:
    """Finish what a killed run began to publish: the switch to its release, and its line in the journal."""
    releases = releases_of(settings)
    put_right(releases)
    if served := latest(releases):
        tell_journal(served, settings)


def follow_up(release: Path, settings: Settings) -> None:
    """Do what follows a release, if it has not been done: tell the journal, load the database."""
    tell_journal(release, settings)
    if settings.database_address.get_secret_value():
        load_database(release, settings)


def tell_journal(release: Path, settings: Settings) -> None:
    """Write that the release was published, once."""
    if not has(settings.mlruns, action="published", release=release.name):
        run = read_manifest(release)["run_id"]
        record(settings.mlruns, "published", release=release.name, audience=settings.audience, run=run)

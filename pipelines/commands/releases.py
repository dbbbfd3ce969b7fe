"""Commands of releases: list them, verify them, serve an earlier one again.

Walks in: the folder of releases. Walks out: what is there, whether it is whole, and which is served.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.options import failures_explained, settings_of

app = typer.Typer(no_args_is_help=True)

ReleasesFolder = Annotated[Path | None, typer.Option("--releases", help="Folder that holds the releases.")]
ReleaseName = Annotated[str | None, typer.Argument(help="Name of a release, as `wardcast releases list` gives it.")]


@app.command(name="list")
def list_all(releases: ReleasesFolder = None) -> None:
    """List the releases, the oldest first, and mark the one that is served."""
    with failures_explained():
        from pipelines.settings import releases_of
        from publication.release.release import latest, list_releases, read_manifest

        folder = releases_of(settings_of(releases=releases))
        served = latest(folder)
        found = list_releases(folder)
        for release in found:
            manifest = read_manifest(release)
            mark = "  served" if release == served else ""
            typer.echo(f"{release.name}  data to {manifest['origin']}  made {manifest['created_at'][:16]}{mark}")
        if not found:
            typer.echo(f"No release in {folder}")


@app.command()
def verify(name: ReleaseName = None, releases: ReleasesFolder = None) -> None:
    """Check every file of a release, or of all, against its manifest; exit 1 if anything differs."""
    with failures_explained():
        from pipelines.settings import releases_of
        from publication.release.release import list_releases
        from publication.release.release import verify as problems_of
        from sources.files.errors import InputError

        folder = releases_of(settings_of(releases=releases))
        chosen = [release for release in list_releases(folder) if name in (None, release.name)]
        if not chosen:
            raise InputError(
                "There is no such release", file=folder, value=name, remedy="See `wardcast releases list`."
            )
        damaged = False
        for release in chosen:
            problems = problems_of(release)
            damaged |= bool(problems)
            typer.echo(f"{release.name}  {'; '.join(problems) or 'whole'}")
        if damaged:
            raise typer.Exit(1)


@app.command()
def rollback(name: ReleaseName = None, releases: ReleasesFolder = None) -> None:
    """Serve an earlier release again: the named one, or the one made before that which is served."""
    with failures_explained():
        from pipelines.running.journal import record
        from pipelines.settings import releases_of
        from publication.release.release import latest, list_releases, point_latest_to
        from sources.files.errors import InputError

        settings = settings_of(releases=releases)
        folder = releases_of(settings)
        if name is None:
            found, served = list_releases(folder), latest(folder)
            place = found.index(served) if served in found else 0
            if place == 0:
                raise InputError(
                    "There is no earlier release to serve", file=folder, remedy="See `wardcast releases list`."
                )
            name = found[place - 1].name
        served_now = point_latest_to(folder, name)
        record(settings.mlruns, "served again", release=served_now.name)
        typer.echo(f"Served now: {served_now}")

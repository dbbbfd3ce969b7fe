"""Failures put into words: what input or a release is wrong, which server is away, or what nobody foresaw.

Walks in: an exception. Walks out: what is wrong and what to do, for the person who meets it. What libraries say of an
address is not repeated, for it may hold a password.
"""

from __future__ import annotations

import os
import sqlite3
import traceback
from collections.abc import Iterator

from pipelines.surroundings import OWN_SERVERS
from publication.release.manifest import ReleaseError
from sources.files.errors import InputError

SERVED = "The last release is still served."


def explained(error: BaseException) -> str:
    """Return what is wrong and what to do about it, in two lines; of what nobody foresaw, also where."""
    chain = list(chain_of(error))
    libraries = {type(one).__module__.partition(".")[0] for one in chain}
    if isinstance(error, InputError | ReleaseError):
        return str(error)
    if said := [str(one) for one in chain if isinstance(one, sqlite3.Error)]:
        return _words(
            f"The database of the tracking store cannot be used ({said[-1]})",
            "See that the disk of the folder `mlruns` has room and can be written to, then run again.",
        )
    of_store = libraries & {"mlflow", "sqlalchemy", "alembic"}
    if of_store and os.environ.get("MLFLOW_TRACKING_URI", "").startswith("sqlite:"):
        return _words(
            f"The tracking store in the folder of the setting `mlruns` refuses ({type(error).__name__}: {error})",
            "See that nothing but Wardcast writes there. A store of another version can be moved away.",
        )
    if of_store:
        return _words(
            f"The tracking store (MLflow) does not answer or refuses ({type(error).__name__})",
            "See that the server of the setting `tracking_uri` runs and lets this user in, then run again.",
        )
    if libraries & {"prefect", "httpx"} and os.environ.get("PREFECT_API_URL") in OWN_SERVERS:
        return _words(
            f"The Prefect server of this command does not answer or refuses ({type(error).__name__})",
            "It ends with the command: run again; if it happens again, report what was said above.",
        )
    if libraries & {"prefect", "httpx"} or "Failed to reach API" in str(error):
        return _words(
            f"The Prefect server does not answer or refuses ({type(error).__name__})",
            "See that the server of PREFECT_API_URL runs, or unset that to do without one, then run again.",
        )
    if isinstance(error, OSError) and not isinstance(error, ConnectionError | TimeoutError) and error.errno is not None:
        return _words(
            f"{error.strerror}: {error.filename or 'while writing'}",
            "Free some space, or name folders that can be read and written (see `wardcast run --help`).",
        )
    lines = "".join(traceback.format_exception(error))
    return lines + _words(
        f"Something unforeseen: {type(error).__name__}: {error}",
        "Report all of these lines; the same files will fail in the same way.",
    )


def _words(problem: str, remedy: str) -> str:
    return f"{problem}\nWhat to do: {remedy} {SERVED}"


def chain_of(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception and what led to it."""
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)

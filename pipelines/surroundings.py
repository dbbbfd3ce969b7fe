"""What the environment hands down, settled before any library reads it: proxies, other tools' variables, homes.

Walks in: the settings and the environment of the process. Walks out: an environment in which what others left there
changes nothing, or an `InputError` that names the variable, folder or setting that cannot work.
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from pathlib import Path

from sources.files.errors import InputError

Environment = MutableMapping[str, str]

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1")
# What a run, a server or a notebook of another kind leaves for its children: it would make ours part of theirs.
OF_OTHER_RUNS = (
    *("MLFLOW_RUN_ID", "MLFLOW_EXPERIMENT_ID", "MLFLOW_EXPERIMENT_NAME", "MLFLOW_REGISTRY_URI", "MLFLOW_RUN_CONTEXT"),
    *("MLFLOW_PARENT_RUN_ID", "MLFLOW_ACTIVE_MODEL_ID", "MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING"),
    *("PREFECT__FLOW_RUN_ID", "PREFECT__FLOW_ENTRYPOINT", "PREFECT__DEPLOYMENT_ID", "PREFECT_TEST_MODE"),
)
# What a server of our own must not take over: another server's database, keys and addresses.
OF_OTHER_SERVERS = ("PREFECT_SERVER_", "PREFECT_API_", "PREFECT_CLOUD_", "PREFECT_UI_")
CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PREFECT_API_SSL_CERT_FILE")
OWN_SERVERS: set[str] = set()  # addresses of Prefect servers that this process started
NO_PATH_OF_A_DATABASE = "?"  # signs with a meaning of their own in a database's address


def settle(cache: Path, environment: Environment = os.environ) -> None:
    """Set aside what other runs left in the environment, and give homes to libraries where the user has none.

    cache: folder for those homes.
    """
    for name in OF_OTHER_RUNS:
        environment.pop(name, None)
    _ask_loopback_directly(environment)
    if not _is_usable(home_of(environment)):
        # System users have none, and libraries would stop over it, or warn.
        for name, folder in (("PREFECT_HOME", "prefect"), ("MPLCONFIGDIR", "matplotlib"), ("XDG_CACHE_HOME", "xdg")):
            environment.setdefault(name, str(cache / "home" / folder))
            with suppress(OSError):  # that the cache cannot be written to is said elsewhere
                Path(environment[name]).mkdir(parents=True, exist_ok=True)
    for stream in (sys.stdout, sys.stderr):
        # A dash must not stop a job because a terminal cannot show it.
        getattr(stream, "reconfigure", lambda **how: None)(errors="replace")


def home_of(environment: Environment) -> Path:
    """Return the home that the environment names; a folder that is not there where it names none."""
    return Path(environment.get("HOME") or "/nonexistent")


def _is_usable(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def _ask_loopback_directly(environment: Environment) -> None:
    """Let no proxy stand between this machine and itself."""
    named = [each.strip() for name in ("NO_PROXY", "no_proxy") for each in environment.get(name, "").split(",")]
    wanted = ",".join(dict.fromkeys(each for each in (*named, *LOOPBACK_NAMES) if each))
    environment["NO_PROXY"] = environment["no_proxy"] = wanted


def set_aside_other_servers(environment: Environment = os.environ) -> None:
    """Set aside what is for other servers of Prefect, before one of our own is started."""
    for name in [each for each in environment if each.startswith(OF_OTHER_SERVERS)]:
        del environment[name]
    environment["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"


def refuse_what_cannot_work(
    folders: Mapping[str, Path], databases: Mapping[str, Path], environment: Environment = os.environ
) -> None:
    """Refuse, before any work, folders that cannot be written and variables that name what is not there.

    folders: those to write to, by the setting that names them; databases: those of them that hold a database.

    Raises
    ------
    InputError
        Naming the setting or the variable.
    """
    for name, folder in folders.items():
        _refuse_unwritable(name, folder)
    for name, folder in databases.items():
        _refuse_path_of_database(name, folder)
    for name in CERTIFICATES:
        if (named := environment.get(name)) and not Path(named).exists():
            raise InputError(
                "The environment names certificates that are not there",
                column=name,
                value=named,
                remedy=f"Correct the variable {name}, or unset it.",
            )
    _refuse_prefect(environment)


def _refuse_prefect(environment: Environment) -> None:
    """Refuse a home of Prefect that cannot be used, and a profile that it does not have."""
    home = Path(environment.get("PREFECT_HOME") or home_of(environment) / ".prefect")
    _refuse_unwritable("PREFECT_HOME", home)
    _refuse_path_of_database("PREFECT_HOME", home)
    profile = environment.get("PREFECT_PROFILE")
    file = Path(environment.get("PREFECT_PROFILES_PATH") or home / "profiles.toml")
    if profile and profile not in {"ephemeral", "local", "cloud", "test", *_profiles(file)}:
        raise InputError(
            "The environment names a profile of Prefect that there is not",
            file=file,
            column="PREFECT_PROFILE",
            value=profile,
            remedy="Correct the variable PREFECT_PROFILE, or unset it.",
        )


def _profiles(file: Path) -> list[str]:
    try:
        profiles = tomllib.loads(file.read_text(encoding="utf-8")).get("profiles", {})
    except OSError:
        return []
    except ValueError as error:
        raise InputError(
            f"Prefect's profiles cannot be read: {error}", file=file, remedy="Correct the file, or move it away."
        ) from error
    return list(profiles) if isinstance(profiles, dict) else []


def _refuse_unwritable(name: str, folder: Path) -> None:
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise InputError(
            "The folder cannot be made or written to" if there.is_dir() else "There is a file where a folder is needed",
            file=there,
            column=name,
            remedy=f"Name another folder in {name}, or let this user write there.",
        )


def _refuse_path_of_database(name: str, folder: Path) -> None:
    found = [sign for sign in NO_PATH_OF_A_DATABASE if sign in str(folder)]
    if found:
        raise InputError(
            f"A database cannot lie in a folder whose path holds the sign {found[0]}",
            file=folder,
            column=name,
            remedy=f"Rename the folder, or name another in {name}.",
        )

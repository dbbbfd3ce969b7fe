"""Secrets: addresses that may hold a password, where they may come from, and how they go on.

Walks in: an address, or the settings file. Walks out: a refusal that never repeats the address; an address without its
password, and the variables that carry the password in its place.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sources.files.errors import InputError

STORES = ("http", "https", "sqlite", "postgresql", "mysql", "mssql")
OTHERS = 0o077  # what a file's mode says of anyone but its owner


def refuse_open_file(file: Path, addresses: Iterable[str]) -> None:
    """Refuse a file that holds a password and that others than its owner can read or change.

    Raises
    ------
    InputError
        Saying what to do.
    """
    if any(holds_password(address) for address in addresses) and file.stat().st_mode & OTHERS:
        raise InputError(
            "The file holds a password, and others than its owner can read or change it",
            file=file,
            remedy=f"Let its owner alone read it (`chmod 600 {file}`), then change the password, which others may "
            "have read; or give the address by the environment instead.",
        )


def holds_password(address: str) -> bool:
    """Whether an address has a password, before an @ or by name."""
    return urlsplit(address).password is not None or "password" in address.lower()


def refuse_other_store(address: str) -> None:
    """Raise ValueError where MLflow keeps no runs at such an address; its own error would repeat the address."""
    if address and urlsplit(address).scheme.split("+")[0] not in STORES:
        raise ValueError(f"the address of an MLflow server or of a database begins with {', '.join(STORES)}")


def refuse_other_database(address: str) -> None:
    """Raise ValueError where PostgreSQL would not take the address; its own error would repeat part of it."""
    if not address:
        return
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    try:
        conninfo_to_dict(address)
    except psycopg.Error:
        raise ValueError("it is no address of a PostgreSQL database, such as postgresql://user@host/name") from None


def of_server(address: str) -> tuple[str, dict[str, str]]:
    """Return the address of a web server without user and password, and the variables in which MLflow looks for them.

    MLflow names the address in its errors. Addresses of databases are returned as they are: their drivers name none.
    """
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or "@" not in parts.netloc:
        return address, {}
    said = {"MLFLOW_TRACKING_USERNAME": parts.username, "MLFLOW_TRACKING_PASSWORD": parts.password}
    plain = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return plain, {name: unquote(value) for name, value in said.items() if value}

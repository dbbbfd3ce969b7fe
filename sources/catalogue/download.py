"""Downloads of the publishers' files: resumed where they broke off, checked, and put in place whole.

Walks in: datasets of the catalogue that have an address. Walks out: their files in a data folder. A download
grows in a hidden `.part` file beside its place, so that a broken one is never read and can be continued.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable
from pathlib import Path

import httpx

from sources.catalogue.entries import Dataset
from sources.files.checksums import sha256
from sources.files.errors import InputError

CHUNK = 1 << 16  # bytes read at a time
ATTEMPTS = 3  # connections tried for one file before giving up
WAIT = httpx.Timeout(30.0)  # seconds without a byte before a connection counts as lost

Progress = Callable[[str, int, int | None], None]
"""Called with the dataset's id, the bytes received so far, and the bytes in all where the server says so."""


def fetch(datasets: Iterable[Dataset], destination: Path, progress: Progress | None = None) -> list[Path]:
    """Download the datasets' files into a data folder and return their paths, in order.

    A file that is there already with the catalogue's checksum is left as it is; any other is fetched anew and
    replaced once the new one is whole.

    Raises
    ------
    InputError
        If a dataset has no address, the server cannot be reached or refuses, the connection keeps breaking,
        the checksum differs, or the disk is full. What was in place before stays.
    """
    tell = progress or (lambda dataset, received, total: None)
    with httpx.Client(follow_redirects=True, timeout=WAIT) as client:
        return [_fetch_one(client, dataset, destination, tell) for dataset in datasets]


def _fetch_one(client: httpx.Client, dataset: Dataset, destination: Path, tell: Progress) -> Path:
    if dataset.address is None or dataset.saved_as is None:
        raise InputError(
            f"No file address is known for '{dataset.id}'",
            remedy=f"Download it from {dataset.page} and save it in the data folder as {dataset.path}.",
        )
    place = destination / dataset.saved_as
    if dataset.sha256 and place.is_file() and sha256(place) == dataset.sha256:
        tell(dataset.id, place.stat().st_size, place.stat().st_size)
        return place
    part = place.with_name(f".{place.name}.part")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _download(client, dataset, part, tell)
        _check(dataset, part)
        part.replace(place)
        _validator_file(part).unlink(missing_ok=True)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise InputError(
            "The disk is full" if full else f"The file cannot be written: {error.strerror}",
            file=place,
            remedy="Free some space and fetch again; what has arrived is kept."
            if full
            else "See that the folder can be written to.",
        ) from error
    return place


def _download(client: httpx.Client, dataset: Dataset, part: Path, tell: Progress) -> None:
    """Fill the part file, continuing it when the connection breaks."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            _receive(client, dataset, part, tell)
            return
        except httpx.ConnectError as error:
            raise _unreachable(dataset, "The publisher's server cannot be reached", error) from error
        except httpx.RequestError as error:
            if attempt == ATTEMPTS:
                raise _unreachable(dataset, "The connection keeps breaking", error) from error


def _unreachable(dataset: Dataset, problem: str, error: httpx.RequestError) -> InputError:
    return InputError(
        f"{problem}: {error}",
        value=dataset.address,
        remedy="See that this machine is online, then fetch again; what has arrived is kept. "
        f"Or download it from {dataset.page} and save it in the data folder as {dataset.saved_as}.",
    )


def _receive(client: httpx.Client, dataset: Dataset, part: Path, tell: Progress) -> None:
    """Ask for what the part file lacks and append it, or start it afresh where the server cannot continue."""
    assert dataset.address is not None  # checked by the caller
    # Ranges count the bytes of the file, so it must not be compressed on its way.
    headers = {"Accept-Encoding": "identity"} | _continuation(part)
    with client.stream("GET", dataset.address, headers=headers) as response:
        continued = response.status_code == httpx.codes.PARTIAL_CONTENT
        received = part.stat().st_size if continued else 0
        span = response.headers.get("Content-Range", "")
        misplaced = continued and not span.startswith(f"bytes {received}-")
        if misplaced or response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            part.unlink()
            raise httpx.ReadError("the server cannot continue the file", request=response.request)
        _refuse_failure(dataset, response)
        length = response.headers.get("Content-Length")
        total = received + int(length) if length else None
        with part.open("ab" if received else "wb") as file:
            if not received:  # only now, so that it never stands beside bytes of another version
                _validator_file(part).write_text(_validator(response), encoding="utf-8")
            tell(dataset.id, received, total)
            for chunk in response.iter_raw(CHUNK):
                file.write(chunk)
                received += len(chunk)
                tell(dataset.id, received, total)


def _continuation(part: Path) -> dict[str, str]:
    """Return the headers that ask for the rest of the part file, provided that the file is still the same."""
    validator = _validator_file(part)
    if not part.exists() or not part.stat().st_size or not validator.exists():
        return {}
    known = validator.read_text(encoding="utf-8")
    return {"Range": f"bytes={part.stat().st_size}-", "If-Range": known} if known else {}


def _validator(response: httpx.Response) -> str:
    """Return what tells the file's version: a strong entity tag or its time of change (RFC 9110, 13.1.5)."""
    tag = response.headers.get("ETag", "")
    return tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified", "")


def _validator_file(part: Path) -> Path:
    return part.with_suffix(".version")


def _refuse_failure(dataset: Dataset, response: httpx.Response) -> None:
    if response.is_error:
        problem = f"The publisher's server answers {response.status_code} {response.reason_phrase}"
    elif "html" in response.headers.get("Content-Type", ""):
        problem = "The address leads to a web page and not to the file"
    elif response.headers.get("Content-Encoding", "identity") != "identity":
        problem = "The server compresses the file on its way, which it was asked not to do"
    else:
        return
    raise InputError(
        problem,
        value=dataset.address,
        remedy="Publishers move their files: "
        f"download it from {dataset.page} and save it in the data folder as {dataset.saved_as}.",
    )


def _check(dataset: Dataset, part: Path) -> None:
    if dataset.sha256 and (found := sha256(part)) != dataset.sha256:
        part.unlink()
        raise InputError(
            f"The downloaded file's checksum is not the catalogue's {dataset.sha256}",
            file=dataset.saved_as,
            value=found,
            remedy="Fetch again; if it differs again, the publisher has changed the file: look at it, then "
            "correct sha256 in sources/catalogue/catalogue.toml.",
        )

"""The catalogue of datasets: what Wardcast reads, whose it is, and which files of a data folder hold it.

Walks in: `catalogue.toml` and a data folder. Walks out: a `Catalogue`, and the paths of each dataset's files.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from sources.catalogue.entries import Catalogue, Dataset, ForceEntry
from sources.files.content import read_content
from sources.files.errors import InputError

CATALOGUE_FILE = Path(__file__).with_name("catalogue.toml")
PLAN_FOLDER = "plan"  # of a data folder: the force's own plan, which planning reads
FORCE_ENTRY = "force.toml"
LARGEST_ENTRY = 2**20  # bytes

Model = TypeVar("Model", bound=BaseModel)


def load_catalogue(file: Path = CATALOGUE_FILE) -> Catalogue:
    """Read and check a catalogue.

    Raises
    ------
    InputError
        If the file is not TOML, or an entry lacks a field, has an unknown one or a value out of bounds.
    """
    return _validated(Catalogue, read_toml(file), file)


def read_force_entry(data: Path, catalogue: Catalogue) -> ForceEntry:
    """Return the force that the folder's `force.toml` names, or else the catalogue's default.

    Raises
    ------
    InputError
        If the file is not TOML, a field is missing, unknown or out of bounds, it dates a dataset that the
        catalogue does not have, or does without one that no force can do without.
    """
    file = data / FORCE_ENTRY
    if not file.exists() and not file.is_symlink():
        return catalogue.force
    if not file.resolve().is_relative_to(data.resolve()):
        raise _leaves_the_folder("It", file)
    force = _validated(ForceEntry, read_toml(file), file)
    for name in force.known_from:
        catalogue[name]  # refuses a name that it does not have
    for name in force.without:
        if not catalogue[name].dispensable:
            raise InputError(
                "No force can do without this dataset, or it is optional anyway",
                file=file,
                column="without",
                value=name,
                remedy="Name some of: "
                f"{', '.join(dataset.id for dataset in catalogue.dataset if dataset.dispensable)}.",
            )
    return force


def known_from(dataset: Dataset, force: ForceEntry) -> date:
    """Return the first day on which the dataset's content was public.

    Raises
    ------
    InputError
        If neither the catalogue nor the folder's `force.toml` gives a date.
    """
    day = force.known_from.get(dataset.id, dataset.known_from)
    if day is None:
        raise InputError(
            f"No date says when the content of '{dataset.id}' became public",
            file=FORCE_ENTRY,
            remedy=f"Add it to the table [known_from], as in: {dataset.id} = 2024-11-25",
        )
    return day


def find(dataset: Dataset, data: Path) -> list[Path]:
    """Return the dataset's files in a data folder, oldest first by the span that ends their names.

    Raises
    ------
    InputError
        If the folder is missing, or a file is a link that leaves it.
    """
    check_folder(data)
    folder = data.resolve()
    files = [file for file in data.glob(dataset.path) if file.is_file()]
    for file in files:
        if not file.resolve().is_relative_to(folder):
            raise _leaves_the_folder(f"A file of '{dataset.id}'", file)
    return sorted(files, key=lambda file: (_span_end(file), file.name))


def find_one(dataset: Dataset, data: Path) -> Path:
    """Return the dataset's only file in a data folder.

    Raises
    ------
    InputError
        As `find`, and if no file matches or several do.
    """
    files = find(dataset, data)
    if not files:
        raise missing_files([dataset], data)
    if len(files) > 1:
        raise InputError(
            f"More than one file holds '{dataset.id}': {', '.join(file.name for file in files)}",
            file=data / dataset.path,
            remedy="Keep the edition that should count and move the others out of the folder.",
        )
    return files[0]


def check_complete(catalogue: Catalogue, data: Path) -> None:
    """Refuse a data folder that lacks required datasets, naming all of them at once.

    A force may say in its `force.toml` which of the dispensable ones it does without.

    Raises
    ------
    InputError
        Also if the folder itself is missing, or holds a dataset that it says it does without.
    """
    present = {dataset.id for dataset in catalogue.dataset if find(dataset, data)}
    without = set(read_force_entry(data, catalogue).without)
    there = [each.id for each in catalogue.dataset if each.id in without and present & {each.id, *each.replaced_by}]
    if there:
        raise InputError(
            "The folder holds a dataset that its force is said to do without, or what stands in for it",
            file=data / FORCE_ENTRY,
            column="without",
            value=there[0],
            remedy="Take the name out of the list, so that the file is read; or move the file out of the folder.",
        )
    missing = [
        dataset
        for dataset in catalogue.dataset
        if dataset.required and dataset.id not in present | without and present.isdisjoint(dataset.replaced_by)
    ]
    if missing:
        raise missing_files(missing, data)


def missing_files(datasets: list[Dataset], data: Path) -> InputError:
    """Return the error that says which files a data folder lacks and where they are published."""
    wanted = "; ".join(f"{dataset.title} ({dataset.path}{_unless(dataset)})" for dataset in datasets)
    pages = ", ".join(dict.fromkeys(dataset.page for dataset in datasets))
    return InputError(
        f"The data folder lacks required files: {wanted}",
        file=data,
        remedy="Put them there under such a name; docs/data.md describes each. "
        f"Published at: {pages}{_or_without(datasets)}",
    )


def _or_without(datasets: list[Dataset]) -> str:
    dispensable = [f'"{dataset.id}"' for dataset in datasets if dataset.dispensable]
    if not dispensable:
        return ""
    return f". A force that has none says so in force.toml: without = [{', '.join(dispensable)}]"


def _unless(dataset: Dataset) -> str:
    return f", unless there is {' or '.join(dataset.replaced_by)}" if dataset.replaced_by else ""


def check_folder(data: Path) -> None:
    """Refuse a data folder that does not exist or is a file."""
    if not data.is_dir():
        raise InputError(
            "There is no such data folder" if not data.exists() else "The data folder is not a folder",
            file=data,
            remedy="Name the folder that holds the files; `wardcast simulate` writes one to try with, "
            "and docs/data.md shows how it is laid out.",
        )


def _leaves_the_folder(what: str, file: Path) -> InputError:
    return InputError(
        f"{what} is a link that leaves the data folder",
        file=file,
        remedy="Copy the file into the data folder in place of the link.",
    )


def _span_end(file: Path) -> str:
    """Return the end of the span in the name: its last run of four to six digits, a year or a month."""
    spans = re.findall(r"\d{4,6}", file.name)
    return spans[-1] if spans else "~"  # sorts last: a file fetched just now states no span


def read_toml(file: Path) -> dict[str, object]:
    """Return what a small TOML file holds; `InputError` if it is none, or over `LARGEST_ENTRY`."""
    try:
        return tomllib.loads(read_content(file, LARGEST_ENTRY).decode("utf-8"))
    except (ValueError, RecursionError) as error:  # those of TOML, of text and of numbers are of the first kind
        raise InputError(
            f"The file cannot be read as TOML: {error}",
            file=file,
            remedy="Correct the file; it is UTF-8 text.",
        ) from error


def _validated(model: type[Model], content: dict[str, object], file: Path) -> Model:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise InputError(
            f"The entry is not as it should be: {first['msg']}",
            file=file,
            column=field or None,
            value=first["input"] if not isinstance(first["input"], dict) else None,
            remedy="Correct that field; the head of sources/catalogue/catalogue.toml explains each.",
        ) from error

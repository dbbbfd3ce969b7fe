"""What an entry of the catalogue says of a dataset, and what it says of the force.

Walks in: the content of `catalogue.toml` or `force.toml`. Walks out: `Catalogue`, `Dataset`, `ForceEntry`, checked.
"""

from __future__ import annotations

from datetime import date
from pathlib import PurePosixPath
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from sources.files.errors import InputError
from sources.tables.contracts import AREA_CODE


def _inside(path: str) -> str:
    """Return the relative path unchanged, refusing one that could lead out of its folder."""
    parts = PurePosixPath(path)
    if parts.is_absolute() or ".." in parts.parts or "\\" in path:
        raise ValueError("must be a path inside the data folder")
    return path


Month = Annotated[str, Field(pattern=r"^(19|20)\d{2}-(0[1-9]|1[0-2])$")]
PathInside = Annotated[str, AfterValidator(_inside)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ForceEntry(_Entry):
    """Who the force is, as `catalogue.toml` or a data folder's `force.toml` says.

    `borough_aliases` maps a name that a publisher gives to part of a borough to that borough's name.
    `known_from` replaces the catalogue's dates, by dataset, where a folder holds another edition. `without` names the
    required datasets that the force does without. `street_force` is police.uk's name of it in file names. `last_month`
    (as 2025-03): offences of later months are left out. `whole_months`: months that are whole although they hold far
    fewer offences than usual.
    """

    name: str = Field(min_length=1)
    code: str = Field(pattern=AREA_CODE)
    simulated: bool
    borough_aliases: dict[str, str] = {}
    known_from: dict[str, date] = {}
    without: tuple[str, ...] = ()
    street_force: str | None = None
    last_month: Month | None = None
    whole_months: tuple[Month, ...] = ()


class Dataset(_Entry):
    """One dataset of the catalogue; the head of `catalogue.toml` explains each field."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    publisher: str
    licence: str
    page: str
    path: PathInside
    reader: str
    address: str | None = Field(default=None, pattern=r"^https?://")
    saved_as: PathInside | None = None
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    required: bool = False
    replaced_by: tuple[str, ...] = ()
    dispensable: bool = False
    known_from: date | None = None
    known_from_by_year: dict[int, date] = {}
    series: str | None = None
    edition: int = 0

    @model_validator(mode="after")
    def _address_has_a_place(self) -> Dataset:
        if (self.address is None) != (self.saved_as is None):
            raise ValueError("'address' and 'saved_as' are given together or not at all")
        return self


class Catalogue(_Entry):
    """The default force and every dataset, in the order of the file."""

    force: ForceEntry
    dataset: tuple[Dataset, ...]

    @model_validator(mode="after")
    def _names_are_known(self) -> Catalogue:
        names = [dataset.id for dataset in self.dataset]
        repeated = sorted({name for name in names if names.count(name) > 1})
        unknown = {other for dataset in self.dataset for other in dataset.replaced_by} - set(names)
        if repeated or unknown:
            raise ValueError(f"datasets listed twice: {repeated}; named but not listed: {sorted(unknown)}")
        return self

    def __getitem__(self, name: str) -> Dataset:
        """Return the dataset of that id; `InputError` lists the ids there are."""
        for dataset in self.dataset:
            if dataset.id == name:
                return dataset
        raise InputError(
            "The catalogue has no such dataset",
            value=name,
            remedy=f"Name one of: {', '.join(dataset.id for dataset in self.dataset)}.",
        )

    def editions(self, series: str) -> list[Dataset]:
        """Return the datasets of one series, the oldest edition first."""
        return sorted((each for each in self.dataset if each.series == series), key=lambda each: each.edition)

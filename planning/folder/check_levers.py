"""What must hold of levers and judgements before anything is worked out from them.

Walk in: levers and judgements. Walks out: nothing, or an `InputError`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import pandas as pd

from planning.folder.entries import Judgement, Lever
from planning.folder.toml_file import month_of
from sources.files.errors import InputError


def check_levers(
    levers: Sequence[Lever],
    judgements: Sequence[Judgement],
    crimes: Sequence[str],
    streams: Sequence[str],
    months: pd.DatetimeIndex,
    file: Path,
) -> None:
    """Refuse levers on crime types or streams that are not known, on judgements that are not there, or that begin late.

    One that began before the forecast works in the last recorded year too, and so saves nothing against it.
    """
    known = {judgement.id for judgement in judgements}
    for lever in levers:
        if month_of(lever.from_month) > months[-1]:
            ahead = f"The forecast runs from {months[0]:%Y-%m} to {months[-1]:%Y-%m}."
            raise _strange(file, lever.id, "from_month", lever.from_month, ahead)
        for diverted in lever.diverts:
            if diverted.stream not in streams:
                raise _strange(file, lever.id, "stream", diverted.stream, "Name a stream of streams.csv.")
        of_moves = [one for change in lever.moves for one in change.what]
        for what in [*of_moves, *(one for change in lever.saves for one in change.what)]:
            if what not in crimes and not (what in streams and lever.kind == "time"):
                raise _strange(file, lever.id, "what", what, "Name a crime type of the forecast, or all.")
        if lever.kind == "prevention" and lever.judgement not in known:
            raise _strange(file, lever.id, "judgement", lever.judgement, "Enter it in judgements.toml with this id.")


def check_judgements(
    judgements: Sequence[Judgement],
    crimes: Sequence[str],
    areas: set[str],
    months: pd.DatetimeIndex,
    releases: Collection[str],
    file: Path,
) -> None:
    """Refuse judgements on what is not known or not ahead, ties that lead nowhere, and a release that is gone.

    releases : those there are; not looked at where none are known.
    """
    known = {judgement.id for judgement in judgements}
    for one in judgements:
        if one.crime not in crimes:
            raise _strange(file, one.id, "crime", one.crime, "Name a crime type of the forecast, or all.")
        if one.area not in areas:
            raise _strange(file, one.id, "area", one.area, "Name an area of this force by its code, or force.")
        if one.base_release and releases and one.base_release not in releases:
            remedy = "Restore that release, or withdraw the judgement: it could never be scored."
            raise _strange(file, one.id, "base_release", one.base_release, remedy)
        if one.age_group != "all":
            raise _strange(file, one.id, "age_group", one.age_group, "Judge all ages together.")
        if one.tied_to and one.tied_to not in known:
            raise _strange(file, one.id, "tied_to", one.tied_to, "Name the id of another judgement.")
        for other in one.not_counted_in:
            if other not in known:
                raise _strange(file, one.id, "not_counted_in", other, "Name the ids of other judgements.")
        last = month_of(one.last_month) if one.last_month else months[-1]
        if month_of(one.first_month) > months[-1] or last < months[0]:
            raise _strange(
                file,
                one.id,
                "first_month",
                one.first_month,
                f"The forecast runs from {months[0]:%Y-%m} to {months[-1]:%Y-%m}.",
            )
        if not one.hindsight and one.made_on < one.known_from:
            raise _strange(
                file, one.id, "made_on", one.made_on, "It was made before it was known; mark hindsight = true."
            )
        if one.review_on <= one.made_on:
            raise _strange(file, one.id, "review_on", one.review_on, "Review it on a day after it was made.")
    _refuse_silent_overlap(judgements, file)


def _refuse_silent_overlap(judgements: Sequence[Judgement], file: Path) -> None:
    """Refuse two judgements on the same area, crime and month, neither of which has a word about the other."""
    active = [one for one in judgements if one.status == "active"]
    for place, one in enumerate(active):
        for other in active[place + 1 :]:
            words = {one.id, other.id}
            said = words & {
                *one.not_counted_in,
                *other.not_counted_in,
                one.tied_to,
                other.tied_to,
                one.supersedes,
                other.supersedes,
            }
            same = one.area == other.area and one.crime == other.crime
            together = _months(one)[0] <= _months(other)[1] and _months(other)[0] <= _months(one)[1]
            if same and together and not said:
                raise InputError(
                    f"Two judgements are on the same area, crime and months: {one.id} and {other.id}",
                    file=file,
                    row=other.id,
                    column="not_counted_in",
                    value=other.id,
                    remedy="Say in not_counted_in of one that the other does not count it, or which supersedes which.",
                )


def _months(judgement: Judgement) -> tuple[str, str]:
    return judgement.first_month, judgement.last_month or "9999-12"


def _strange(file: Path, row: str, column: str, value: object, remedy: str) -> InputError:
    return InputError("An entry cannot stand", file=file, row=row, column=column, value=value, remedy=remedy)

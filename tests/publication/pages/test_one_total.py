"""One total on all pages: every figure told of all crime is of all recorded offences, or says that it is not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from publication.pages.documents import write_documents
from publication.pages.front_page import write_page
from publication.pages.scorecard_page import write_scorecard
from publication.pages.what_changed import write_alerts, write_what_changed
from publication.pages.who_page import write_who
from publication.release.changes import write_changes
from publication.release.contents import Contents
from publication.words import whole

pytestmark = pytest.mark.integration

WRITERS = (
    write_documents,
    write_scorecard,
    write_who,
    write_alerts,
    write_changes,
    write_what_changed,
    write_page,
)
BLOCK = re.compile(r"<(p|li|tr)[ >].*?</\1>", re.DOTALL)
TOTAL = re.compile(r"\ball (recorded )?crime\b", re.IGNORECASE)
NUMBER = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")


def told_of_all_crime(page: str) -> Iterator[tuple[str, str]]:
    """Each number of a thousand or more in a sentence or table row that speaks of all crime, with that text.

    What says "known ward", itself or in the caption of its table, counts located offences and says so.
    """
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    for part in re.split(r"(?=<table>)|(?<=</table>)", body):
        caption = re.search(r"<caption.*?</caption>", part, re.DOTALL)
        for found in BLOCK.finditer(part):
            text = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", found.group()))).strip()
            said = text + (caption.group() if caption else "")
            if TOTAL.search(said) and "known ward" not in said:
                yield from ((number, text) for number in NUMBER.findall(text))


def figures(contents: Contents) -> set[str]:
    """Every figure of all recorded offences of any area, as pages write it: forecasts, and what was recorded."""
    told = pd.concat([contents.ahead.all_recorded, contents.track_record.last_year_all_recorded])
    told = told[told["crime_level"] == "all"]
    numbers = set(told[["q10", "q50", "q90", "mean"]].to_numpy().ravel())
    boroughs = contents.geography.areas.set_index("ward_code")["borough_code"]
    located = contents.recorded.offences.assign(borough=contents.recorded.offences["ward_code"].map(boroughs))
    lost = contents.recorded.unlocated_offences.rename(columns={"area_code": "borough"})
    counts = pd.concat([located, lost]).groupby(["borough", "month"])["count"].sum().unstack("borough").fillna(0)
    counts["force"] = counts.sum(axis=1)
    bcus = contents.geography.areas.drop_duplicates("borough_code").set_index("borough_code")["bcu_code"]
    for unit in bcus.unique():
        counts[unit] = counts[list(bcus.index[bcus == unit])].sum(axis=1)
    for months in (3, 12):
        numbers |= set(counts.rolling(months).sum().to_numpy().ravel())
    return {whole(number) for number in numbers if pd.notna(number)}


@pytest.fixture
def contents(make: Callable[..., Any], reported: Callable[..., Contents]) -> Contents:
    """A force large enough for thousands, whose last year lost many places."""
    made = make(wards=24, boroughs=3)
    lost = made.unlocated_offences
    made = replace(made, unlocated_offences=lost.assign(count=lost["count"] + 5))
    located = float(made.offences.loc[made.offences["month"] > "2024-03-01", "count"].sum())
    table = reported(made).ahead.demand_waterfall
    return reported(made, demand_waterfall=table.assign(offences=table["offences"] + located))


def test_every_figure_of_all_crime_on_every_page_is_of_all_recorded_offences(
    contents: Contents, tmp_path: Path
) -> None:
    for write in WRITERS:
        write(tmp_path, contents)
    known = figures(contents)
    pages = sorted(tmp_path.rglob("*.html"))
    collected = {
        page.relative_to(tmp_path).as_posix(): list(told_of_all_crime(page.read_text(encoding="utf-8")))
        for page in pages
    }
    strange = [(page, *one) for page, found in collected.items() for one in found if one[0] not in known]
    assert strange == [], "\n".join(map(str, strange))
    for page in ("index.html", "scorecard.html"):
        assert collected[page], f"{page} tells no figure of all crime"


def test_a_located_total_under_the_name_of_all_crime_is_found() -> None:
    page = "<style></style><p>All recorded crime: 1,234.</p><table><caption>x</caption><tr><th>All crime</th><td>2,345"
    page += "</td></tr></table><p>All crime with a known ward: 3,456.</p>"
    assert [number for number, _ in told_of_all_crime(page)] == ["1,234", "2,345"]

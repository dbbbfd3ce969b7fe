"""The documents are made from the run: their numbers are its numbers, and what it lacks is said."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from publication.numbers.record.past_year import apart, past_year
from publication.pages.documents import DOCUMENTS, write_documents
from publication.release.contents import Contents
from publication.words import share

pytestmark = pytest.mark.unit


def written(folder: Path, contents: Contents) -> dict[str, str]:
    write_documents(folder, contents)
    texts = {name: (folder / "documents" / f"{name}.html").read_text(encoding="utf-8") for name in DOCUMENTS}
    return {
        name: re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text.split("</style>")[1])))
        for name, text in texts.items()
    }


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture(scope="module")
def texts(
    publication: Any, reported: Callable[..., Contents], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    return written(tmp_path_factory.mktemp("documents"), reported(publication))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_says_which_run_data_and_code_made_it(texts: dict[str, str], name: str, publication: Any) -> None:
    facts = publication.facts
    for fact in (
        facts.run_id,
        facts.name,
        "to the end of March 2025",
        f"Code version {facts.code_version}",
        "SIMULATED",
    ):
        assert fact in texts[name]


def test_numbers_of_the_quality_report_are_those_of_the_run(
    texts: dict[str, str], publication: Any, reported: Callable[..., Contents]
) -> None:
    contents = reported(publication)
    found = apart(past_year(contents, "borough"), ["crime_level"]).set_index("crime_level").loc["all"]
    row = f"Boroughs All 3 {share(found['error'])}".replace("\N{NO-BREAK SPACE}", " ")
    assert row in texts["quality"].replace("\N{NO-BREAK SPACE}", " ")
    recent = publication.offences[publication.offences["month"] >= pd.Timestamp("2024-04-01")]["count"].sum()
    lost = publication.unlocated_offences
    lost = lost[lost["month"] >= pd.Timestamp("2024-04-01")]["count"].sum()
    assert f"2024/25 {recent:,} {lost:,}" in texts["quality"]
    assert (
        "scored 12 months ahead; this release looks 24 months ahead. Single months beyond are not scored in it"
        in texts["quality"]
    )
    assert "+10.00" in texts["quality"], "the difference between two editions"


def test_scores_by_horizon_are_shown_where_the_run_has_them(
    publication: Any, reported: Callable[..., Contents], tmp_path: Path
) -> None:
    by_horizon = publication.accuracy.assign(horizon_from=13, horizon_to=24, origins=5)
    text = written(tmp_path, reported(publication, accuracy_by_horizon=by_horizon))["quality"]
    assert "13 to 24 5 42.0" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Single months beyond are not scored" not in text


def test_the_model_card_says_what_the_correction_relies_on(
    texts: dict[str, str], publication: Any, reported: Callable[..., Contents], tmp_path: Path
) -> None:
    table = pd.DataFrame(
        {"feature": ["share_against_all_crime", "mix_THEFT", "ward_volume"], "importance": [0.031, 0.012, 0.0]}
    )
    card = written(tmp_path, reported(publication, importance=table))["model_card"]
    assert f"How far the ward's share of the type is from its share of all crime: {plain(share(0.031))}" in card
    assert f"How much of the ward's crime is theft: {plain(share(0.012))}" in card
    assert "How much crime the ward has" not in card  # it counts for nothing
    assert "What the correction of ward shares relies on" not in texts["model_card"]  # of a recipe without one


def test_the_fairness_report_speaks_plainly_and_has_every_grouping(texts: dict[str, str]) -> None:
    assert "Recorded crime measures policing as well as crime" in texts["fairness"]
    for heading in ("Deprivation", "Black ethnic groups", "Asian ethnic groups", "Asian, Black, mixed"):
        assert f"{heading}" in texts["fairness"]
    for name in ("fairness", "model_card", "transparency_record", "quality"):
        assert "As grounds to stop, search, arrest or watch anyone" in texts[name]


def test_what_a_run_lacks_is_said(publication: Any, tmp_path: Path) -> None:
    contents = publication.contents(
        accuracy=publication.accuracy.iloc[:0],
        overlaps=publication.overlaps.iloc[:0],
        quarantine=publication.quarantine.iloc[:0],
    )
    texts = written(tmp_path, contents)
    assert "no forecast of the last twelve months" in texts["quality"]
    assert "scored no past forecast" in texts["quality"]
    assert "no figures by age" in texts["methods"]
    assert "so this cannot be measured" in texts["fairness"]
    assert "Not measured in this run" in texts["transparency_record"]


def test_another_model_is_not_described_as_the_usual_one(
    publication: Any, reported: Callable[..., Contents], tmp_path: Path
) -> None:
    assert (
        "made with the model seasonal-naive"
        in written(tmp_path, reported(publication, model="seasonal-naive"))["methods"]
    )


def test_internal_documents_are_marked(publication: Any, reported: Callable[..., Contents], tmp_path: Path) -> None:
    made = replace(publication, facts=replace(publication.facts, audience="internal"))
    for text in written(tmp_path, reported(made)).values():
        assert "INTERNAL: not to be published" in text


def test_the_same_contents_give_the_same_documents(
    publication: Any, reported: Callable[..., Contents], tmp_path: Path
) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        write_documents(tmp_path / name, reported(publication))
    for file in (tmp_path / "first").rglob("*.html"):
        assert file.read_bytes() == (tmp_path / "second" / file.relative_to(tmp_path / "first")).read_bytes()

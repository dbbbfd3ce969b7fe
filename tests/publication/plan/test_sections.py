"""Sections of a plan's page on stakes and money: findings first, marks where they belong, every column described."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from models.draws.kept import KeptDraws
from planning.folder.check import Ground
from planning.folder.contracts import no_rows_of
from planning.folder.read import read_plan
from planning.make import make_plan
from publication.plan.files import read_tables, write_plan_files
from publication.plan.section import Section
from publication.plan.sections import SECTIONS
from publication.tables.dictionary import data_dictionary
from tests.planning.conftest import areas, assumption, ground, kept, plan_folder  # noqa: F401  (fixtures)

pytestmark = pytest.mark.unit
TABLES = ("harm", "harm_types", "harm_ranks", "harm_agreement", "risks", "risk_moves", "control_strategy")
TABLES += ("risk_to_keep", "hidden", "money", "gap_costs", "reserves", "reserves_end", "targets", "targets_beside")


@pytest.fixture(scope="module")
def tables(kept: KeptDraws, ground: Ground) -> dict[str, pd.DataFrame]:  # noqa: F811
    plan = read_plan(None, ground)
    before = pd.DataFrame([("Rape", 3, 1.0, "rare", "2024-09-00000000")], columns=list(no_rows_of("risk_before")))
    people = [{"function": name, "month": "2025-03-01", "fte": 5.0} for name in ("response", "investigation")]
    year = {"pay": 1e6, "other": 1e5, "income": 1e6, "inflation_budgeted": 0.02, "function": "all"}
    budget = [
        {"from_month": month, "reserves": left, **year} for month, left in (("2025-04-01", 5e4), ("2026-04-01", None))
    ]
    given = {"people": assumption("people", people), "budget": assumption("budget", budget)}
    given["risk_before"] = before.assign(of_force=True)
    residents = dict.fromkeys(ground.areas["ward_code"], 9_000.0)
    ground = replace(ground, harm={"RAPE": 900.0, "SHOPLIFTING": 4.0}, residents=residents)
    return dict(make_plan(kept, replace(plan, tables={**plan.tables, **given}), ground).tables)


def sections(tables: dict[str, pd.DataFrame]) -> dict[str, Section]:
    return {section.title: section for maker in SECTIONS if (section := maker(tables))}


def test_each_section_says_what_was_found_first(tables: dict[str, pd.DataFrame]) -> None:
    made = sections(tables)
    assert list(made) == ["Harm", "Risk register", "Hidden demand", "Money", "Targets"]
    assert "By Cambridge weights" in made["Harm"].findings[0]
    assert made["Risk register"].findings[0].startswith("Worked example")
    assert "experienced ones" in made["Hidden demand"].findings[0]
    assert "for each resident" in made["Money"].findings[0]
    assert made["Targets"].findings[0].startswith("Worked example")
    assert "the chance of at most" in made["Targets"].findings[1]
    assert any("Chance that reserves end" in finding for finding in made["Money"].findings)
    for section in made.values():
        assert all(finding.endswith(".") and "nan" not in finding for finding in section.findings)


def test_what_may_mislead_is_marked_where_it_stands(tables: dict[str, pd.DataFrame]) -> None:
    made = sections(tables)
    captions = {table.identifier: table.caption for section in made.values() for table in section.tables}
    assert "says nothing of local reporting" in captions["hidden-bcus"]
    assert "imputed" in captions["money-bcus"]
    assert "no ground to rank BCUs" in " ".join(made["Hidden demand"].findings)
    assert "rape" in made["Hidden demand"].findings[1]


def test_a_plan_of_an_earlier_version_has_no_such_sections() -> None:
    assert sections({}) == {}


def test_every_column_is_described_and_tables_come_back_as_written(
    tables: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    write_plan_files(tmp_path, {name: tables[name] for name in TABLES})
    dictionary = data_dictionary()
    back = read_tables(tmp_path)
    for name in TABLES:
        described = set(dictionary.loc[dictionary["file"] == f"plan/{name}.csv", "column"])
        assert described == set(tables[name]), name
        assert len(back[name]) == len(tables[name])
    assert pd.api.types.is_datetime64_any_dtype(back["reserves_end"]["until"])
    assert pd.api.types.is_numeric_dtype(back["risks"]["last_year"])

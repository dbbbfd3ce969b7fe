"""Command units of London: the figures that were proved with another solver, and today's twelve by the same ruler."""

from __future__ import annotations

from time import process_time

import pandas as pd
import pytest

from planning.folder.commands_file import CommandsFile
from planning.places.command_units.asked_commands import command_question, recorded_measures
from planning.places.command_units.command_options import command_options
from planning.places.command_units.command_rules import CommandQuestion
from planning.places.command_units.partition import best_option
from sources.tables.force_tables import ForceTables

pytestmark = pytest.mark.integration

PAIRS = (
    ("Camden", "Islington"),
    ("Enfield", "Haringey"),
    ("Lambeth", "Southwark"),
    ("Kingston upon Thames", "Richmond upon Thames"),
)
# Recorded crime of 2024/25, unlocated offences with their borough: largest over smallest of 11 to 16 commands, proved
# by CP-SAT (ortools 9.15) over the same sets; None where no option is possible.
PROVED = {
    "contiguous": (CommandsFile(barriers=()), (1.169, 1.300, 1.407, 1.530, 1.835, 2.055)),
    "barriers": (CommandsFile(), (1.544, 1.410, 1.448, 1.715, 2.000, 2.224)),
    "no singles": (CommandsFile(singles=False), (1.769, 1.769, 1.878, 2.328, 2.831, None)),
    "pairs": (CommandsFile(singles=False, keep=PAIRS), (1.769, 1.774, 1.981, 2.400, 2.831, None)),
}


@pytest.fixture(scope="module")
def measures(london_tables: ForceTables) -> pd.DataFrame:
    tables = london_tables
    return recorded_measures(
        tables.areas, tables.borough_offences, tables.severity, tables.ward_population, pd.Timestamp("2024-04-01")
    )


def asked(tables: ForceTables, measures: pd.DataFrame, rules: CommandsFile) -> CommandQuestion:
    return command_question(tables.areas, tables.borough_boundaries, measures, rules)


@pytest.mark.parametrize("rules", list(PROVED))
def test_the_best_option_of_each_number_is_what_was_proved(
    rules: str, london_tables: ForceTables, measures: pd.DataFrame
) -> None:
    question = asked(london_tables, measures, PROVED[rules][0])
    for count, expected in enumerate(PROVED[rules][1], start=11):
        began = process_time()
        answer = best_option(question, count)
        assert process_time() - began < 60
        assert answer.proved
        assert (answer.ratio == pytest.approx(expected, abs=6e-4)) if expected else answer.impossible


def test_the_twelve_of_today_are_measured_by_the_same_ruler(london_tables: ForceTables, measures: pd.DataFrame) -> None:
    question = asked(london_tables, measures, CommandsFile(keep=PAIRS, singles=False))
    today = command_options(question, [])[0]
    assert today.answer.count == 12
    assert today.answer.ratio == pytest.approx(2.281, abs=6e-4)
    assert today.barred == ""  # they cross no barrier and keep the pairs


def test_several_measures_at_once(london_tables: ForceTables, measures: pd.DataFrame) -> None:
    tables = london_tables
    majors = tables.crime_types.set_index("crime_type")["major_type"]
    offences = tables.borough_offences[tables.borough_offences["month"] >= pd.Timestamp("2024-04-01")]
    violence = offences[offences["crime_type"].map(majors) == "VIOLENCE AGAINST THE PERSON"]
    figures = measures.assign(violence=violence.groupby("borough_code")["count"].sum())
    rules = CommandsFile(measures=("crime", "residents", "violence"))
    answer = best_option(asked(tables, figures, rules), 12)
    assert answer.proved
    assert answer.ratio == pytest.approx(1.919, abs=6e-4)

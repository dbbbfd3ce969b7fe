"""Every command that README and docs show works: it is run here, or a test that runs it is named, or why none does."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.commands.cli import app
from sources.simulated import simulate
from tests.deep.commands.shown_commands import PROJECT, pages, shown_in, within_sentences

SMALL = {"WARDCAST_HORIZON": "15", "WARDCAST_DRAWS": "40", "WARDCAST_WORKERS": "2"}
PROGRAMS = Path(sys.executable).parent

# Run here as they are shown, in this order, in one folder; DIR is the folder of a small simulated force.
RUN = [
    ".venv/bin/wardcast check --data DIR",
    ".venv/bin/wardcast explain --data simulated --area E05990002",
    ".venv/bin/wardcast backtest --data simulated --origin 2024-03 --out backtest.parquet",
    "wardcast backtest --data DIR --origin 2023-03 --origin 2024-03 --out ours.parquet",
    "wardcast backtest --data DIR --origin 2023-03 --origin 2024-03 --model three-speed --out other.parquet",
    "wardcast recipes boosted",
    "wardcast backtest --data DIR --origin 2024-03 --set boosted.trees=60 --out fewer.parquet",
    "wardcast compare ours.parquet other.parquet --data DIR",
    "wardcast score other.parquet --data DIR --out scores.csv",
    "wardcast commands --data DIR --count 2-3",
    "wardcast posts --data DIR --total 40 --cap 6",
    'wardcast new-force "City of London"',
    'wardcast new-force "West Mercia" --out west-mercia',
    "wardcast simulate --out large --wards 300 --months 120",
    "wardcast simulate --out quellmouth --wards 120 --months 120 --seed 1",
]

MAIN_JOB = "tests/pipelines/test_main_job.py::test_a_run_ends_in_a_whole_release"
TRAIN = "tests/deep/commands/test_train.py::test_a_worse_recipe_is_refused_and_the_champion_goes_on"
REPRODUCE = "tests/deep/commands/test_registry_commands.py::test_a_run_can_be_made_again_from_its_record"
OVERRIDE = "tests/deep/commands/test_registry_commands.py::test_an_override_needs_a_reason_and_keeps_it"
PLAN = "tests/pipelines/flows/test_plan.py::test_a_new_plan_is_worked_out_against_another"
SERVERS = "tests/deep/servers/test_what_leaves.py::test_servers_listen_to_this_machine_alone_and_say_so"
MANY = "tests/deep/servers/test_many_forces.py::test_one_that_fails_is_said_and_the_other_is_released"
NOTEBOOKS = "tests/deep/notebooks/test_notebooks.py::test_a_notebook_runs_and_shows_pictures"
FETCH = "tests/sources/catalogue/test_download.py"
SCALING = "not run: an hour or more of measuring"
OF_CI = "not run by a test: CI is this command, or runs it"
MOVED_ALONE = "tests/publication/tables/test_database.py::test_it_answers_from_any_folder_and_moved_alone"
ELSEWHERE = {
    ".venv/bin/wardcast run --data DIR": MAIN_JOB,
    "wardcast run --data quellmouth": MAIN_JOB,
    "wardcast run": MAIN_JOB,
    "make run": MAIN_JOB,
    "make setup": OF_CI,
    "make test": OF_CI,
    "make test-deep": OF_CI,
    "make lint": OF_CI,
    "make docs": "tests/deep/browser/test_site.py",
    ".ci/run": OF_CI,
    "make notebooks": NOTEBOOKS,
    "make lab": "not run: a notebook's server, for a person; its scripts are run by tests/notebooks",
    "../.venv/bin/wardcast subset --data DIR --borough Camden --borough Islington --since 2015-04 --out data": (
        "tests/sources/test_subset.py::test_earlier_months_can_be_left_out"
    ),
    "../.venv/bin/wardcast simulate --wards 24 --months 84 --out data": NOTEBOOKS,
    "wardcast train --data DIR --model three-speed --judged-origins 3": TRAIN,
    "wardcast reproduce RUN --data DIR": REPRODUCE,
    'wardcast promote 2 --reason "boundaries have changed, the rule does not know"': OVERRIDE,
    "wardcast commands --data ../shared/data --count 11-16 --keep Camden,Islington --no-singles --front": (
        "tests/deep/london/test_command_units.py::test_the_best_option_of_each_number_is_what_was_proved"
    ),
    "wardcast posts --data ../shared/data --rules plan --survey SURVEY.csv --draws draws.parquet --out posts": (
        "tests/pipelines/places/test_places.py::test_posts_are_given_with_surety_reasons_and_moves"
    ),
    "python benchmarks/places.py claims --data ../shared/data": "not run: minutes on London",
    "wardcast backtest --data DIR --stream knife_crime --origin 2024-03 --origin 2024-09 --out knife.parquet": (
        "tests/pipelines/workbench/test_streams.py::test_a_stream_is_judged_beside_the_baselines"
    ),
    "wardcast new-plan next-year": PLAN,
    "wardcast plan next-year": PLAN,
    "wardcast plan next-year --against default": PLAN,
    "wardcast ui": SERVERS,
    "wardcast schedule": SERVERS,
    "cd city-of-london": "tests/pipelines/data/test_new_force.py",
    "./check.sh": "tests/pipelines/data/test_new_force.py",
    "wardcast fetch --out DIR": FETCH,
    "wardcast fetch --out DIR --dataset ward_crime_historical": FETCH,
    "cd releases/latest": MOVED_ALONE,
    "chmod 600 wardcast.toml": "tests/pipelines/test_secrets.py::test_a_file_that_others_can_open_may_hold_no_password",
    "cd publication/atlas/page": "not run: needs Node, which a release does not",
    "python benchmarks/month_played.py --data DATA --work FOLDER": (
        "not run: minutes of waiting for clocks; what it plays is in tests/deep/servers/test_scheduled.py"
    ),
    ".venv/bin/python -m tests.deep.mutations.run --data ../shared/data": (
        "tests/deep/mutations/test_mutations.py::test_damaged_excerpts_are_read_set_aside_or_refused"
    ),
    "wardcast run --engine dask": (
        "tests/deep/servers/test_engines.py::test_threads_and_a_cluster_on_this_machine_yield_the_same_numbers"
    ),
    "wardcast run --scheduler tcp://HOST:8786": (
        "tests/deep/servers/test_engines.py::test_a_run_on_dask_loses_a_worker_and_forecasts_the_same"
    ),
    "wardcast simulate --out country --forces 43 --wards 7500 --months 180": "not run: a country takes minutes",
    "wardcast run --data country": MANY,
    "wardcast run --data country --force NAME": MANY,
    "benchmarks/leaderboard/run --data DATA": "not run: hours on London, with an environment of its own",
    "benchmarks/leaderboard/run years --data DATA": "not run: minutes on London, with an environment of its own",
    ".venv/bin/wardcast simulate --out country --forces 43 --wards 7500 --months 180": SCALING,
    ".venv/bin/python benchmarks/scaling.py measure country --workers 2 --out country.csv": SCALING,
    ".venv/bin/python benchmarks/scaling.py tell country.csv": SCALING,
    ".venv/bin/python benchmarks/scaling_of_drawing.py --wards 170 340 679 1358 2037": SCALING,
    "npm ci": "not run: needs Node, which a release does not",
    "npm run format": "not run: needs Node, which a release does not",
    "npm run build": "not run: needs Node, which a release does not",
}
ELSEWHERE |= {
    "python -c \"import duckdb; print(duckdb.connect('wardcast.duckdb', read_only=True)"
    ".sql('SELECT * FROM areas'))\"": MOVED_ALONE,
}
IN_BLOCKS = {(page.relative_to(PROJECT).as_posix(), command) for page in pages() for command in shown_in(page)}
IN_SENTENCES = {(page.relative_to(PROJECT).as_posix(), code) for page in pages() for code in within_sentences(page)}


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a reader has it: the programs, and the data of a small simulated force."""
    folder = tmp_path_factory.mktemp("reader")
    simulate(folder / "simulated", wards=12, months=60, seed=3)
    (folder / ".venv").mkdir()
    (folder / ".venv" / "bin").symlink_to(PROGRAMS)
    return folder


@pytest.mark.e2e
@pytest.mark.parametrize("command", RUN)
def test_a_command_works_as_it_is_shown(command: str, workplace: Path) -> None:
    path = {"PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"}
    words = [word.replace("DIR", "simulated") for word in shlex.split(command)]
    done = subprocess.run(
        words, cwd=workplace, env=os.environ | SMALL | path, capture_output=True, text=True, check=False, timeout=500
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.unit
def test_every_command_shown_is_run_or_accounted_for() -> None:
    shown = {command for _, command in IN_BLOCKS}
    assert shown - {*RUN, *ELSEWHERE} == set(), "run it in RUN, or say in ELSEWHERE which test does"
    assert {*RUN, *ELSEWHERE} - shown == set(), "no page shows these any more"


@pytest.mark.unit
@pytest.mark.parametrize("named", sorted({by for by in ELSEWHERE.values() if not by.startswith("not run")}))
def test_a_test_that_is_named_is_there(named: str) -> None:
    file, _, name = named.partition("::")
    text = (PROJECT / file).read_text(encoding="utf-8")
    assert f"def {name or 'test_'}" in text


@pytest.mark.unit
@pytest.mark.parametrize(("page", "command"), sorted(IN_BLOCKS | IN_SENTENCES))
def test_a_command_has_only_what_there_is(page: str, command: str) -> None:
    """Whatever is shown of `wardcast` has existing commands and options; of others, existing targets and files."""
    program, *words = shlex.split(command)
    if program.endswith("wardcast"):
        # Help is given only after all words were understood.
        understood = CliRunner().invoke(app, [*words, "--help"])
        assert understood.exit_code == 0, understood.output
    elif program == "make":
        assert re.search(rf"^{words[0]}:", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    else:
        files = [word for word in (program, *words) if word.startswith(("benchmarks/", ".ci/"))]
        assert all((PROJECT / file).is_file() for file in files)


@pytest.mark.unit
@pytest.mark.parametrize("words", [["runn"], ["run", "--dta", "x"], ["releases", "unroll"]])
def test_a_command_that_is_not_there_would_be_seen(words: list[str]) -> None:
    assert CliRunner().invoke(app, [*words, "--help"]).exit_code != 0

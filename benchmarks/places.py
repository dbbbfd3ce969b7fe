"""Times of the decisions on places, and the claims about command units that docs/command-unit-claims.md checks.

    python benchmarks/places.py times --data DATA
    python benchmarks/places.py claims --data DATA

`times` groups boroughs into 11 to 16 commands, lists near-optima, draws up their fronts and gives 1,700 posts
over 400 stand-in draws (recorded offences, with errors of 8 % a ward). `claims` measures today's commands by the same
ruler in every financial year, and the best that rules allow. Seconds are of processor time, of one process.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import TypeVar

import numpy as np
import pandas as pd

from planning.folder.commands_file import CommandsFile
from planning.folder.defaults import discovered_types
from planning.places.command_units.asked_commands import command_question, recorded_measures
from planning.places.command_units.command_rules import CommandQuestion
from planning.places.command_units.front import change_front, pairs_parted
from planning.places.command_units.near_optima import options_within
from planning.places.command_units.partition import Answer, best_option, ratio_of
from planning.places.ward_posts.post_demand import posted_types, recorded_demand
from planning.places.ward_posts.post_options import even_load
from planning.places.ward_posts.post_reasons import surety
from planning.places.ward_posts.post_rules import expected_shortfall, give, rules_of, worst_load
from planning.places.ward_posts.post_terms import post_terms
from sources.read_force import read_force
from sources.tables.force_tables import ForceTables

PAIRS = (
    ("Camden", "Islington"),
    ("Enfield", "Haringey"),
    ("Lambeth", "Southwark"),
    ("Kingston upon Thames", "Richmond upon Thames"),
)
RULES = {
    "contiguous": CommandsFile(barriers=()),
    "not across Thames or Lea": CommandsFile(),
    "and no command of one borough": CommandsFile(singles=False),
    "and four pairs kept": CommandsFile(singles=False, keep=PAIRS),
    "pairs kept, single boroughs allowed": CommandsFile(keep=PAIRS),
}
COUNTS, FAR_COUNTS = range(11, 17), range(17, 25)
CLAIMED_YEARS = (2016, 2024)  # financial years that begin in them
Result = TypeVar("Result")


def main() -> None:
    """Print the table that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", choices=["times", "claims"])
    parser.add_argument("--data", type=Path, required=True)
    given = parser.parse_args()
    tables = read_force(given.data)
    if given.table == "times":
        times(tables)
    else:
        claims(tables)


def times(tables: ForceTables) -> None:
    """Print the ratios of the latest financial year with the seconds that each took."""
    for name, rules in RULES.items():
        question = asked(tables, CLAIMED_YEARS[-1], rules)
        print(name, *(f"| {count}: {_said(*timed(best_option, question, count))}" for count in COUNTS))
    question = asked(tables, CLAIMED_YEARS[-1], CommandsFile())
    near, seconds = timed(options_within, question, 12, 1.5)
    print(f"{len(near.options)} options of 12 within 1.5, complete {near.complete}: {seconds:.1f} s")
    for count in COUNTS:
        front, seconds = timed(change_front, question, count)
        points = ", ".join(f"{pairs_parted(question, each.groups)} pairs {_said(each)}" for each in front)
        print(f"front of {count}: {points}; {seconds:.1f} s")
    _times_of_posts(tables)


def claims(tables: ForceTables) -> None:
    """Print today's commands in every year, and what each rule allows in the years that were claimed for and now."""
    for year in range(2010, CLAIMED_YEARS[-1] + 1):
        question = asked(tables, year, CommandsFile())
        print(f"{year}/{(year + 1) % 100:02d}: today's commands {_today(question):.3f}")
    for year in CLAIMED_YEARS:
        for name, rules in RULES.items():
            counts = COUNTS if not rules.singles else (*COUNTS, *FAR_COUNTS)
            question = asked(tables, year, rules)
            print(year, name, *(f"| {count}: {_said(best_option(question, count))}" for count in counts))


def asked(tables: ForceTables, year: int, rules: CommandsFile) -> CommandQuestion:
    """Return the question of a force's boroughs on recorded crime of the financial year that begins in `year`."""
    measures = recorded_measures(
        tables.areas, tables.borough_offences, tables.severity, tables.ward_population, pd.Timestamp(f"{year}-04-01")
    )
    return command_question(tables.areas, tables.borough_boundaries, measures, rules)


def timed(work: Callable[..., Result], *arguments: object) -> tuple[Result, float]:
    """Return what the work returns and the seconds that it took."""
    began = process_time()
    result = work(*arguments)
    return result, process_time() - began


def _times_of_posts(tables: ForceTables) -> None:
    types = pd.Series(1.0, index=posted_types(tables.crime_types, discovered_types()))
    recorded = recorded_demand(tables.areas, tables.offences, types, pd.Timestamp(f"{CLAIMED_YEARS[-1]}-04-01"))
    errors = np.random.default_rng(1).lognormal(-(0.08**2) / 2, 0.08, (400, recorded.sizes["ward"]))
    demand = recorded.to_numpy() * errors
    terms, each = post_terms(tables.areas, 1_700, floor=2), even_load(recorded, 1_700)
    for rule, claim in rules_of(demand, each).items():
        given, seconds = timed(give, claim, terms)
        posts = given.posts[0]
        short, load = expected_shortfall(demand, posts, each), worst_load(demand, posts)
        print(
            f"{rule}: most {posts.max()}, above floor {(posts > 2).sum()}, shortfall {short:.2%}, "
            f"worst load {load:,.0f}; {seconds:.3f} s"
        )
    recommended = give(next(iter(rules_of(demand, each).values())), terms).posts[0]
    sure, seconds = timed(surety, demand, recommended, terms, each)
    sure = sure[recommended > 2]
    print(f"surety of a ward's last post: median {np.median(sure):.0%}, least {sure.min():.0%}; {seconds:.2f} s")


def _today(question: CommandQuestion) -> float:
    return ratio_of(np.array([[question.total(name, group) for group in question.today] for name in question.balanced]))


def _said(answer: Answer, seconds: float | None = None) -> str:
    took = "" if seconds is None else f" in {seconds:.1f} s"
    if answer.impossible:
        return f"none{took}"
    return f"{answer.ratio:.3f}{'' if answer.proved else f' (none below {answer.bound:.3f})'}{took}"


if __name__ == "__main__":
    main()

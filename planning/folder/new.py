"""Write a new plan folder: commented, with the defaults in it, to be corrected line by line.

Walks in: a folder that is not there yet, and a force. Walk out: its files.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from planning.folder.check import Ground
from planning.folder.contracts import MONTHS, TABLES
from planning.folder.defaults import default_table
from planning.folder.example_target import example_targets
from planning.folder.stakes.check_risk import parts_of
from planning.folder.stakes.risk_scales import EXAMPLE
from sources.files.errors import InputError

TO_FILL = {"people", "calls", "budget"}  # forms that are written though nothing stands in for what they ask
_HEAD = """\
# A plan. Lines that begin with # are comments; docs/plan.md explains every file of this folder.
name = "{name}"
who = "{who}"
why = ""
# The release that it was made on; a plan for another release is refused.
base_release = "{release}"
years = {years}
# Scenarios beside the central one: of population (low, high, young held, residents held), and without levers.
scenarios = ["low", "high", "young held", "residents held", "without levers"]
# Functions that are called frontline, for the table of that name; staff for each manager, now and wanted.
# frontline = ["response", "neighbourhood"]
# staff_a_manager = [4.4, 6.0]
# Crime types that policing itself discovers: their hours are a budget that stays. Without this line: the defaults.
# discovered = ["POSSESSION OF DRUGS", "TRAFFICKING OF DRUGS", "POSSESSION OF WEAPONS"]
# What is left first when people are short, by crime type; the others follow by harm, the least first.
# leave_first = ["BICYCLE THEFT"]
# signed_off_by = ""
# signed_off_on = ""
"""

_LEVERS = """\
# Levers. Take the # away to use one.
#
# [[lever]]
# id = "more reports online"
# kind = "handling"                 # handling | time | prevention
# from_month = "{month}"
# ramp_months = 6
# cost_a_year = 250000
# evidence = "before and after"     # trial | comparison | before and after | opinion
# source = "who says so, and when"
# [[lever.moves]]
# what = ["all"]
# stage = "reported by"             # reported by | handled by | closed
# before = "101"
# after = "online"
# share = {{ p10 = 0.02, p50 = 0.05, p90 = 0.09 }}
#
# [[lever]]
# id = "fewer hand-offs"
# kind = "time"
# from_month = "{month}"
# evidence = "opinion"
# source = "who says so, and when"
# [[lever.saves]]
# what = ["all"]
# function = "investigation"
# share = {{ p10 = 0.01, p50 = 0.03, p90 = 0.06 }}
"""

_JUDGEMENTS = """\
# Judgements: what someone who knows expects beyond the forecast. Take the # away to use one.
#
# [[judgement]]
# id = "phones"
# by = "theft lead"
# made_on = "{day}"
# known_from = "{day}"              # the day from which the cause could be known
# base_release = "{release}"
# area = "force"                    # or the code of a borough, BCU or ward
# crime = "THEFT FROM THE PERSON"   # a minor or major type, or all
# first_month = "{month}"
# shape = "ramp"                    # step | ramp | pulse
# multiplier = {{ p10 = 0.9, p50 = 1.1, p90 = 1.25 }}
# chance = 0.8
# kind = "emerging"                 # emerging | prevention | recording | policy
# reason_low = "why it might be this low"
# reason_high = "why it might be this high"
# evidence = ""
# review_on = "{review}"
"""

_POSTS = """\
# Posts by ward. docs/posts.md says what each key means; take the # away to use a line.
[[role]]
name = "ward officer"
total = {total}
floor = 2
# cap = 20
# victim-reported | harm | hours | anti-social behaviour | pupils | schools | young residents | young victims
demand = "victim-reported"
# move_cost = 4000                  # pounds a post that leaves its ward of today (posts_today.csv)
#
# [[role]]
# name = "community support officer"
# total = {total}
# floor = 1
#
# [[role]]
# name = "youth officer"
# total = 20
# rising_to = 40
# demand = "pupils"                 # pupils.csv; without it residents of 10 to 17
#
# [[lock]]
# role = "ward officer"
# ward = "{ward}"
# posts = 4
# reason = "consultation"
#
# [[minimum]]
# role = "ward officer"
# borough = "{borough}"
# posts = 12
"""

_COMMANDS = """\
# Command units. docs/command-units.md says what each key means; take the # away to use a line.
# count = "{count}"                 # or a span, as 11-16; today's number if none
# measures = ["crime"]              # crime | harm | hours | residents, or one of commands_measures.csv
# singles = false                   # no command of one borough
# keep = [["{borough}", "another borough"]]
# front = true                      # the front of change against balance, which takes minutes
#
# [[limit]]
# name = "smallest viable team"
# measure = "investigators"
# at_least = 32
#
# [span]
# measure = "inspectors"
# superintendents_each = 4          # of at most ten inspectors each
#
# [[barrier]]
# name = "river"
# areas = ["{borough}", "another borough"]
"""


def write_new_plan(folder: Path, name: str, who: str, ground: Ground) -> Path:
    """Write a plan folder with the defaults that mean something to a force, and return it.

    Raises
    ------
    InputError
        When the folder is there already, or the name cannot be one.
    """
    if folder.exists():
        raise InputError("The plan folder is there already", file=folder, remedy="Choose another name, or edit it.")
    months, release = ground.months, ground.release
    years = max(1, len(months) // 12)
    head = {"name": name, "who": who, "release": release, "years": min(years, 4)}
    day = months[0] - pd.Timedelta(days=1)
    words = {
        "month": f"{months[0]:%Y-%m}",
        "day": f"{day:%Y-%m-%d}",
        "review": f"{day + pd.DateOffset(years=1):%Y-%m-%d}",
    }
    known = {*ground.crimes, *default_table("streams", ground.force_code)["stream"]}
    folder.mkdir(parents=True)
    (folder / "plan.toml").write_text(_HEAD.format(**head), encoding="utf-8")
    (folder / "levers.toml").write_text(_LEVERS.format(**words), encoding="utf-8")
    (folder / "judgements.toml").write_text(_JUDGEMENTS.format(**words, release=release), encoding="utf-8")
    first = ground.areas.iloc[0]
    places = {"ward": first["ward_code"], "borough": first["borough_name"], "count": ground.areas["bcu_code"].nunique()}
    posts = {"total": len(ground.areas) * 5 // 2}
    (folder / "posts.toml").write_text(_POSTS.format(**places, **posts), encoding="utf-8")
    (folder / "commands.toml").write_text(_COMMANDS.format(**places), encoding="utf-8")
    for table in TABLES:
        rows = example_targets(ground) if table == "targets" else default_table(table, ground.force_code)
        if table == "time":
            rows = rows[rows["area"].isin(ground.area_names)]
        if "what" in rows and table != "targets":
            rows = rows[rows["what"].isin(known)]
        if "crimes" in rows:
            rows = rows[[set(parts_of(crimes)) <= known for crimes in rows["crimes"]]]
        if len(rows) or table in TO_FILL:
            as_text(rows, table).to_csv(folder / f"{table}.csv", index=False, lineterminator="\n")
    (folder / "risk.toml").write_bytes(EXAMPLE.read_bytes())
    return folder


def as_text(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return a table of a plan folder as it stands in its file: months as 2026-04."""
    return table.assign(**{column: table[column].dt.strftime("%Y-%m").fillna("") for column in MONTHS[name]})

"""Ways in which a whole folder of a force loses or gains offences, and the judgement of what is made of it.

Walks in: the data folder of a small simulated force in one of four layouts, and a seed. Walks out: an `Outcome`: the
totals that `check` prints are the truth's, the loss is named with its size, or the folder is refused in words.
"""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

import pandas as pd

from sources.doubts import doubts
from sources.files.errors import InputError
from sources.findings import coverage_by_month
from sources.read_force import read_force
from sources.simulated import simulate
from sources.street.street_crime import ANTISOCIAL
from sources.tables.force_tables import ForceTables
from tests.sources.made_files import Rows, read_rows, write_rows

ALLOWED = 0.02  # by which a month's total may differ from the truth's and pass
NAMED = 0.8  # share of a loss that what is told has to add up to

RIGHT, TOLD, REFUSED, WRONG = "right", "named", "refused", "WRONG"
WORDS = ("", "NA", "NULL", "None", "nan", "\\N", "-", "..", " ")
Outcome = tuple[str, str]
Way = Callable[[Rows, Random], Rows]


def write_layouts(out: Path) -> dict[str, Path]:
    """Write the four layouts of one simulated force; return their folders by name."""
    force = simulate(out / "force", wards=12, months=48, seed=5)
    ignored = shutil.ignore_patterns("truth")
    both = shutil.copytree(force, out / "both", ignore=ignored)
    wide = shutil.copytree(both, out / "wide", ignore=shutil.ignore_patterns("incidents"))
    extract = shutil.copytree(both, out / "extract", ignore=shutil.ignore_patterns("mps_recorded_crime"))
    street = shutil.copytree(extract, out / "street", ignore=shutil.ignore_patterns("incidents"))
    _write_street(pd.read_parquet(force / "truth/offences.parquet"), street)
    return {"both": both, "wide": wide, "extract": extract, "street": street}


def _write_street(truth: pd.DataFrame, data: Path) -> None:
    """Write the true offences as street-level files: wards stand for LSOAs, each whole in its own."""
    wards = read_rows(data / "lookups/ward22_borough_bcu.csv")
    lsoas = {row[0]: f"E01{row[0][3:]}" for row in wards[1:]}
    names = {row[0]: f"{row[3]} 001A" for row in wards[1:]}
    weights = [["lsoa21cd", "ward22cd", "weight"], *([lsoa, ward, "1.0"] for ward, lsoa in lsoas.items())]
    write_rows(data / "lookups/lsoa21_to_ward22_population_weights.csv", weights)
    head = ["Crime ID", "Month", "Longitude", "Latitude", "LSOA code", "LSOA name", "Crime type"]
    for month, offences in truth.groupby("month"):
        name = f"{month:%Y-%m}"
        rows = [head]
        for place, (ward, located, nowhere) in enumerate(
            offences.groupby("ward_code")[["located", "borough_only", "nowhere"]]
            .sum()
            .assign(nowhere=lambda some: some["borough_only"] + some["nowhere"])[["located", "nowhere"]]
            .itertuples()
        ):
            for at in range(located + nowhere):
                where = [lsoas[ward], names[ward]] if at < located else ["", ""]
                rows.append([f"{name}-{place}-{at}", name, "0.1", "51.5", *where, "Burglary" if at % 3 else "Drugs"])
            rows += [["", name, "0.1", "51.5", lsoas[ward], names[ward], ANTISOCIAL]] * 5
        file = data / "street_crime" / name / f"{name}-testham-street.csv"
        file.parent.mkdir(parents=True)
        write_rows(file, rows)


def totals(tables: ForceTables) -> pd.Series:
    """Return offences by month, as `wardcast check` prints them."""
    by_month = coverage_by_month(tables).set_index("month")
    return by_month["located"] + by_month["unlocated"]


def outcome(data: Path, truth: pd.Series) -> Outcome:
    """Return how the reading of a spoilt folder ended, and what was said of it; truth: offences by month."""
    try:
        tables = read_force(data)
    except InputError as refused:
        return REFUSED, str(refused)
    found = totals(tables).reindex(truth.index)
    said = doubts(tables, data)
    within = found.dropna()  # a month that no file holds any more is not reported at all: the span of the files says so
    off = (within - truth[within.index])[lambda each: each.abs() > ALLOWED * truth[each.index]]
    if off.empty:
        return RIGHT, ""
    told = set_aside(tables)
    unnamed = [month for month in off.index if not _is_named(month, said)]
    if unnamed and told < NAMED * off[unnamed].abs().sum():
        return WRONG, f"{off[unnamed].to_dict()}; told: {said}"
    return TOLD, " ".join(said)


def set_aside(tables: ForceTables) -> int:
    """Return the offences that are listed as set aside for a fault of the files."""
    excluded = tables.quarantine["reason"].str.contains("excluded|a stub", regex=True)
    return int(tables.quarantine.loc[~excluded, "count"].sum())


def _is_named(month: pd.Timestamp, said: list[str]) -> bool:
    """Return whether a sentence names the month, alone or in a run of months, with numbers."""
    when = f"{month:%Y-%m}"
    for sentence in said:
        for first, last in re.findall(r"(\d{4}-\d\d)(?: to (\d{4}-\d\d))? \(", sentence):
            if first <= when <= (last or first):
                return True
        if when in sentence and re.search(r"\d", sentence.replace(when, "")):
            return True
    return False


def spoil(data: Path, seed: int) -> str:
    """Spoil one file of a folder in one way; return which and how."""
    random = Random(seed)
    files = sorted(file for file in data.rglob("*") if file.is_file() and ".csv" in file.name)
    crime = [
        file for file in files if file.parts[len(data.parts)] in ("mps_recorded_crime", "incidents", "street_crime")
    ]
    file = random.choice(crime if random.random() < 0.8 else files)
    name = random.choice(list(WAYS))
    single = "street_crime" in file.parts or (
        file.parent.name == "incidents" and not (data / "mps_recorded_crime").exists()
    )
    WAYS[name](file, random, single)
    return f"{name} of {file.relative_to(data)}"


def _on_rows(way: Callable[[Rows, Random, bool], Rows]) -> Callable[[Path, Random, bool], None]:
    def spoil_file(file: Path, random: Random, single: bool) -> None:
        write_rows(file, way(read_rows(file), random, single))

    return spoil_file


def _part(rows: Rows, random: Random, single: bool) -> tuple[int, int]:
    """Return the first and the last row of a part. Of a single source of its months, a part that can be missed.

    Where one file is all that is known of a month, fewer rows at the end of a line cannot be told from fewer offences.
    """
    body = len(rows) - 1
    size = max(1, int(body * (random.uniform(0.45, 0.9) if single else random.choice([0.01, 0.05, 0.2, 0.5, 0.9]))))
    first = random.randint(1, max(1, len(rows) - size))
    return first, first + size


def cut_rows(rows: Rows, random: Random, single: bool) -> Rows:
    """A part of the rows is missing."""
    first, last = _part(rows, random, single)
    return rows[:first] + rows[last:]


def cut_columns(rows: Rows, random: Random, single: bool) -> Rows:
    """One column is missing, or the last of them."""
    place = random.randrange(len(rows[0]))
    last = place + 1 if random.random() < 0.7 else len(rows[0])
    return [row[:place] + row[last:] for row in rows]


def blank_cells(rows: Rows, random: Random, single: bool) -> Rows:
    """A column's cells are empty, or hold a word for missing, in a part of the rows."""
    first, last = _part(rows, random, single)
    place, word = random.randrange(len(rows[0])), random.choice(WORDS)
    return [[*row[:place], word, *row[place + 1 :]] if first <= at < last else row for at, row in enumerate(rows)]


def blank_rows(rows: Rows, random: Random, single: bool) -> Rows:
    """Rows are empty, their commas left."""
    first, last = _part(rows, random, single)
    word = random.choice(WORDS)
    return [[word] * len(row) if first <= at < last else row for at, row in enumerate(rows)]


def double_rows(rows: Rows, random: Random, single: bool) -> Rows:
    """A part of the rows is there twice."""
    first, last = _part(rows, random, single)
    return rows + rows[first:last]


def double_column(rows: Rows, random: Random, single: bool) -> Rows:
    """A column is there twice, the second perhaps under another name."""
    place = random.randrange(len(rows[0]))
    name = random.choice([rows[0][place], f"{rows[0][place]}.1", "copy", ""])
    return [[*rows[0], name], *([*row, row[place]] for row in rows[1:])]


def rename_column(rows: Rows, random: Random, single: bool) -> Rows:
    """A column has another name."""
    place = random.randrange(len(rows[0]))
    name = random.choice(["", "x", "Jan-25", "2025-01", "202504", "Total", rows[0][0].upper(), f" {rows[0][place]} "])
    return [[*rows[0][:place], name, *rows[0][place + 1 :]], *rows[1:]]


def rename_value(rows: Rows, random: Random, single: bool) -> Rows:
    """One text stands where another did, throughout a column."""
    place = random.randrange(len(rows[0]))
    cells = sorted({row[place] for row in rows[1:]})
    old, new = random.choice(cells), random.choice([*cells, "Elsewhere", "E05999999", "unknown"])
    return [rows[0], *([*row[:place], new if row[place] == old else row[place], *row[place + 1 :]] for row in rows[1:])]


def reformat_cells(rows: Rows, random: Random, single: bool) -> Rows:
    """Cells of a column are written in another way, in a part of the rows."""
    first, last = _part(rows, random, single)
    place, how = random.randrange(len(rows[0])), random.choice(list(_FORMS))
    return [
        [*row[:place], _FORMS[how](row[place]), *row[place + 1 :]] if first <= at < last else row
        for at, row in enumerate(rows)
    ]


def reformat_headings(rows: Rows, random: Random, single: bool) -> Rows:
    """Months in the headings are written in another way, or one month later."""
    how = random.choice(["%b-%y", "%Y-%m", "%Y%m01", "later"])

    def renamed(name: str) -> str:
        if not re.fullmatch(r"20\d{4}", name):
            return name.upper()
        month = pd.Timestamp(f"{name}01")
        return f"{month + pd.DateOffset(months=1):%Y%m}" if how == "later" else month.strftime(how)

    return [[renamed(name) for name in rows[0]], *rows[1:]]


def shuffle_rows(rows: Rows, random: Random, single: bool) -> Rows:
    """Rows stand in another order."""
    return [rows[0], *random.sample(rows[1:], len(rows) - 1)]


def _turned_day(cell: str) -> str:
    return "/".join(reversed(cell[:10].split("-"))) if re.match(r"\d{4}-\d\d-\d\d", cell) else cell


_FORMS: dict[str, Callable[[str], str]] = {
    "days turned round": _turned_day,
    "a fraction": lambda cell: f"{cell}.0" if cell.isdigit() else cell,
    "tens": lambda cell: f"{cell}0" if cell.isdigit() else cell,
    "thousands": lambda cell: f"{int(cell) / 1000}" if cell.isdigit() else cell,
    "commas": lambda cell: f"1,{cell.zfill(3)}" if cell.isdigit() else cell,
    "capitals": str.upper,
    "small letters": str.lower,
    "blanks": lambda cell: f"  {cell} ",
    "zero": lambda cell: "0" if cell.isdigit() else cell,
}


def _on_file(way: Callable[[Path, Random], None]) -> Callable[[Path, Random, bool], None]:
    return lambda file, random, single: way(file, random)


def rename_file(file: Path, random: Random) -> None:
    """The file has another name or ending."""
    name = random.choice(
        [f"copy of {file.name}", file.name.upper(), file.name.replace(".csv", ".xlsx"), f"{file.name}.bak"]
    )
    file.rename(file.with_name(name))


def double_file(file: Path, random: Random) -> None:
    """The file is there twice, under another name."""
    stem, dot, rest = file.name.partition(".")
    shutil.copy(file, file.with_name(f"{stem}{random.choice(['_2', ' (1)', '_copy'])}{dot}{rest}"))


def lose_file(file: Path, random: Random) -> None:
    """The file is not there."""
    file.unlink()


def cut_bytes(file: Path, random: Random) -> None:
    """The file ends in the middle of its bytes, or of its text before it was packed."""
    content = file.read_bytes()
    if file.suffix == ".gz" and random.random() < 0.7:
        content = gzip.decompress(content)
        file.write_bytes(gzip.compress(content[: random.randrange(len(content))]))
    else:
        file.write_bytes(content[: random.randrange(len(content))])


def other_separators(file: Path, random: Random) -> None:
    """Cells are separated otherwise, or text is encoded otherwise."""
    rows, sign = read_rows(file), random.choice([";", "\t", "|"])
    text = "\n".join(sign.join(row) for row in rows)
    file.write_bytes(text.encode(random.choice(["utf-8", "utf-16", "utf-8-sig"])))


WAYS: Mapping[str, Callable[[Path, Random, bool], None]] = {
    **{
        way.__name__: _on_rows(way)
        for way in (
            *(cut_rows, cut_columns, blank_cells, blank_rows, double_rows, double_column, rename_column),
            *(rename_value, reformat_cells, reformat_headings, shuffle_rows),
        )
    },
    **{way.__name__: _on_file(way) for way in (rename_file, double_file, lose_file, cut_bytes, other_separators)},
}

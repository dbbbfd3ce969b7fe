"""People by age in the Metropolitan Police's dashboards: homicide, violence against women and girls, custody.

Walks in: the dashboards' tables, month by month. Walks out: evidence of the ages of victims or suspects, contract
`AGE_EVIDENCE`, by month, and what was left out of it. A month's rows are known at the end of the month, as its
offences are.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sources.ages.bands import whole, with_bands
from sources.ages.groups import VIOLENCE_POOL, Faults, harmonised, without_unknown_ages
from sources.crime.months import months_of
from sources.files.errors import InputError
from sources.files.reading import numbers, read_table
from sources.tables.contracts import AGE_EVIDENCE, checked, quarantined

HOMICIDE_SUSPECTS = "homicide_suspects"
HOMICIDE_VICTIMS = "homicide_victims"
VAWG_VICTIMS = "vawg_victims"
CUSTODY_DISPOSALS = "custody_disposals"

_AGES_SHEET = "Victim count by age group"


def read_homicide_suspects(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return people proceeded against for homicide by band of age and month, and the quarantine.

    Columns of the file: count_of_ppa, age_group, proceedings_date ("Jan-03"), charged_summonsed. Rows that the
    publisher calls a recording error are left out. A month or a band without rows is zero.

    Raises
    ------
    InputError
        If a number is negative or no whole number, a month or an age cannot be told, or bands overlap or leave a gap.
    """
    table = read_table(path, ["count_of_ppa", "age_group", "proceedings_date", "charged_summonsed"])
    error = table["charged_summonsed"].astype("str") == "Recording Error"
    faults: Faults = []
    if error.any():
        faults.append(
            (f"from row {table.index[error][0]}", "people by age left out: a recording error", int(error.sum()))
        )
    table = table[~error]
    counts = _counts(table, "count_of_ppa", "age_group", months_of(table, "proceedings_date", path), path)
    counts = without_unknown_ages(counts.assign(crime_type="HOMICIDE", quality="measured"), faults)
    return _evidence(_every_month(counts), "suspect", HOMICIDE_SUSPECTS, path), quarantined(path.name, faults)


def read_homicide_victims(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return victims of homicide by band of age and month, and the quarantine.

    Columns of the file: Count of Victims, Age Group, Recorded Date ("Jan-03"). A month or a band without rows is zero.

    Raises
    ------
    InputError
        As `read_homicide_suspects`.
    """
    table = read_table(path, ["Count of Victims", "Age Group", "Recorded Date"])
    faults: Faults = []
    counts = _counts(table, "Count of Victims", "Age Group", months_of(table, "Recorded Date", path), path)
    counts = without_unknown_ages(counts.assign(crime_type="HOMICIDE", quality="measured"), faults)
    return _evidence(_every_month(counts), "victim", HOMICIDE_VICTIMS, path), quarantined(path.name, faults)


def read_vawg_victims(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return victims of violence against women and girls by band of age and recorded month, and the quarantine.

    Columns of the file: sheet, age_group, count, recorded_date_months. Of its three sheets, each a table of the same
    victims, only the one by age is read. It has no crime type, so it is a proxy of violence and sexual offences pooled,
    and nobody under ten, who are missing, not zero.

    Raises
    ------
    InputError
        As `read_homicide_suspects`; if there is no sheet by age.
    """
    table = read_table(path, ["sheet", "age_group", "count", "recorded_date_months"])
    by_age = table[table["sheet"].astype("str") == _AGES_SHEET]
    if by_age.empty:
        raise InputError(
            f"The file has no rows of the sheet {_AGES_SHEET!r}",
            file=path,
            column="sheet",
            remedy="Obtain the file again, with all of its sheets.",
        )
    faults: Faults = []
    counts = _counts(by_age, "count", "age_group", months_of(by_age, "recorded_date_months", path), path)
    counts = without_unknown_ages(counts.assign(crime_type=VIOLENCE_POOL, quality="proxy"), faults)
    return _evidence(counts, "victim", VAWG_VICTIMS, path), quarantined(path.name, faults)


def read_custody_disposals(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return custody disposals of children (10 to 17) and adults by month, and the quarantine; no rate is made of them.

    Columns of the file: offence_group, age_group, offence_count, current_disposal_year, current_disposal_month.

    Raises
    ------
    InputError
        As `read_homicide_suspects`; at an offence group that `age_groups.csv` does not have.
    """
    needed = ["offence_group", "age_group", "offence_count", "current_disposal_year", "current_disposal_month"]
    table = read_table(path, needed)
    dates = numbers(table, needed[3:], path, whole=True).astype(int).astype("str")
    months = months_of(table.assign(month=dates[needed[3]] + "-" + dates[needed[4]].str.zfill(2)), "month", path)
    counts = _counts(table, "offence_count", "age_group", months, path).join(table["offence_group"])
    faults: Faults = []
    counts = harmonised(counts, "offence_group", CUSTODY_DISPOSALS, path, faults)
    return _evidence(without_unknown_ages(counts, faults), "suspect", CUSTODY_DISPOSALS, path), quarantined(
        path.name, faults
    )


def _counts(table: pd.DataFrame, count: str, label: str, months: pd.Series, path: Path) -> pd.DataFrame:
    """Return first_month, count, age_low and age_high of each row."""
    people = numbers(table, [count], path, whole=True)[count]
    return with_bands(pd.DataFrame({"first_month": months, "count": people, "label": table[label]}), "label", path)


def _every_month(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the counts with a row of zero for each month that has none: nobody was killed, or proceeded against."""
    months = pd.date_range(counts["first_month"].min(), counts["first_month"].max(), freq="MS")
    lacking = months.difference(pd.DatetimeIndex(counts["first_month"]))
    none = counts.iloc[[0] * len(lacking)].assign(first_month=lacking.to_numpy(), count=0)
    return pd.concat([counts, none], ignore_index=True)


def _evidence(counts: pd.DataFrame, basis: str, source: str, path: Path) -> pd.DataFrame:
    evidence = whole(counts, ["crime_type", "quality", "first_month"]).assign(
        last_month=lambda rows: rows["first_month"],
        known_from=lambda rows: rows["first_month"] + pd.offsets.MonthEnd(0),
        basis=basis,
        borough_code="",
        source=source,
    )
    return checked(AGE_EVIDENCE, evidence, path)

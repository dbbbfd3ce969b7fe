"""The contracts of the canonical tables.

Walks in: a table that a reader made. Walks out: the same table with its types settled, or an `InputError`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from sources.files.errors import InputError

OLDEST_AGE = 90  # single years of age run 0..90; 90 means 90 and over

# Whatever the force uses, as a text: nothing that a spreadsheet takes for a formula, or a file system for a folder.
AREA_CODE = r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}$"
WARD_CODE = BOROUGH_CODE = AREA_CODE


def _code(pattern: str, *, unique: bool = False) -> pa.Column:
    return pa.Column(str, pa.Check.str_matches(pattern), coerce=True, unique=unique)


def _month() -> pa.Column:
    first_day = pa.Check(lambda months: months.dt.day == 1, error="months are given by their first day")
    return pa.Column("datetime64[us]", first_day, coerce=True)


def _known_from() -> pa.Column:
    return pa.Column("datetime64[us]", coerce=True, description="first day on which the row's content was public")


_COUNT = pa.Column("int64", pa.Check.ge(0), coerce=True)
_PERSONS = pa.Column("float64", pa.Check.ge(0), coerce=True)
_NAME = pa.Column(str, pa.Check.str_length(min_value=1), coerce=True)

OFFENCES = pa.DataFrameSchema(
    {"ward_code": _code(WARD_CODE), "crime_type": _NAME, "month": _month(), "count": _COUNT},
    unique=["ward_code", "crime_type", "month"],
    strict=True,
    name="offences",
    description="Offences with a known ward; absent rows are zero.",
)
UNLOCATED_OFFENCES = pa.DataFrameSchema(
    {"area_code": _code(BOROUGH_CODE), "crime_type": _NAME, "month": _month(), "count": _COUNT},
    unique=["area_code", "crime_type", "month"],
    strict=True,
    name="unlocated_offences",
    description="Offences with no known ward, by borough code, or by force code where no borough is known. "
    "An absent row of a published area and month is zero; an absent area and month was not published.",
)
BOROUGH_OFFENCES = pa.DataFrameSchema(
    {"borough_code": _code(BOROUGH_CODE), "crime_type": _NAME, "month": _month(), "count": _COUNT},
    unique=["borough_code", "crime_type", "month"],
    strict=True,
    name="borough_offences",
    description="Offences by borough, those with no known ward included; the force's code stands for no known borough.",
)
ANTISOCIAL_BEHAVIOUR = pa.DataFrameSchema(
    {"area_code": _code(WARD_CODE), "month": _month(), "count": _COUNT},
    unique=["area_code", "month"],
    strict=True,
    name="antisocial_behaviour",
    description="Incidents of anti-social behaviour by ward, or by the force's code where no ward is known. They are "
    "no recorded crime, and never counted among offences. Absent rows are zero.",
)
CRIME_TYPES = pa.DataFrameSchema(
    {
        "crime_type": pa.Column(str, pa.Check.str_length(min_value=1), unique=True, coerce=True),
        "major_type": _NAME,
        "neighbourhood_crime": pa.Column(bool, coerce=True),
        "finest_open_level": pa.Column(str, pa.Check.isin(["ward", "borough", "bcu", "force"])),
    },
    strict=True,
    name="crime_types",
)
AREAS = pa.DataFrameSchema(
    {
        "ward_code": _code(WARD_CODE, unique=True),
        "ward_name": _NAME,
        "borough_code": _code(BOROUGH_CODE),
        "borough_name": _NAME,
        "bcu_code": _NAME,
        "bcu_name": _NAME,
        "force_code": _NAME,
        "force_name": _NAME,
    },
    strict=True,
    name="areas",
)
WARD_POPULATION = pa.DataFrameSchema(
    {
        "ward_code": _code(WARD_CODE),
        "year": pa.Column("int64", pa.Check.in_range(1990, 2100), coerce=True),
        "persons": _PERSONS,
        "variant": _NAME,
        "known_from": _known_from(),
    },
    unique=["ward_code", "year", "variant"],
    strict=True,
    name="ward_population",
    description="Residents of all ages on 30 June.",
)
POPULATION_BY_AGE = pa.DataFrameSchema(
    {
        "area_code": _NAME,
        "year": pa.Column("int64", pa.Check.in_range(1990, 2100), coerce=True),
        "age": pa.Column("int64", pa.Check.in_range(0, OLDEST_AGE), coerce=True),
        "persons": _PERSONS,
        "variant": _NAME,
        "known_from": _known_from(),
    },
    unique=["area_code", "year", "age", "variant"],
    strict=True,
    name="population_by_age",
    description="Residents by single year of age on 30 June, of wards or of boroughs.",
)
POPULATION_BY_BAND = pa.DataFrameSchema(
    {
        "area_code": _NAME,
        "year": pa.Column("int64", pa.Check.in_range(1990, 2100), coerce=True),
        "age_low": pa.Column("int64", pa.Check.in_range(0, OLDEST_AGE), coerce=True),
        "age_high": pa.Column("int64", pa.Check.in_range(0, OLDEST_AGE), coerce=True),
        "persons": _PERSONS,
        "variant": _NAME,
        "known_from": _known_from(),
    },
    unique=["area_code", "year", "age_low", "variant"],
    strict=True,
    name="population_by_band",
    description="Residents of wards by bands of age that cover 0 to 90 once, both ends in the band, near 30 June.",
)
WARD_PROFILE = pa.DataFrameSchema(
    {
        "ward_code": _code(WARD_CODE),
        "indicator": _NAME,
        "value": pa.Column("float64", coerce=True),
        "known_from": _known_from(),
    },
    unique=["ward_code", "indicator"],
    strict=True,
    name="ward_profile",
)
SEVERITY = pa.DataFrameSchema(
    {
        "crime_type": pa.Column(str, unique=True, coerce=True),
        "weight": pa.Column("float64", pa.Check.gt(0), coerce=True),
    },
    strict=True,
    name="severity",
    description="Crime Severity Score weight of an average offence of a minor crime type.",
)
KNIFE_CRIME = pa.DataFrameSchema(
    {"area_code": _code(BOROUGH_CODE), "series": _NAME, "month": _month(), "count": _COUNT},
    unique=["area_code", "series", "month"],
    strict=True,
    name="knife_crime",
    description="Offences in which a knife was used or threatened, by borough, or by the force's code where no borough "
    "is known; whole. They are flags on offences that other tables hold already, and are never added to these.",
)
AGE_EVIDENCE = pa.DataFrameSchema(
    {
        "basis": pa.Column(str, pa.Check.isin(["victim", "suspect"]), coerce=True),
        "crime_type": _NAME,
        "age_low": pa.Column("int64", pa.Check.in_range(0, OLDEST_AGE), coerce=True),
        "age_high": pa.Column("int64", pa.Check.in_range(0, OLDEST_AGE), coerce=True),
        "first_month": _month(),
        "last_month": _month(),
        "count": _COUNT,
        "borough_code": pa.Column(str, pa.Check.str_matches(rf"^$|{AREA_CODE}"), coerce=True),
        "quality": pa.Column(str, pa.Check.isin(["measured", "proxy"]), coerce=True),
        "source": _NAME,
        "known_from": _known_from(),
    },
    checks=[
        pa.Check(lambda table: table["age_low"] <= table["age_high"], error="a band's first age is above its last"),
        pa.Check(lambda table: table["first_month"] <= table["last_month"], error="a period ends before it begins"),
    ],
    unique=["basis", "crime_type", "age_low", "first_month", "borough_code", "source"],
    strict=True,
    name="age_evidence",
    description="People counted by age band (90 = 90 and over), both ends in the band and both months in the period. "
    "`crime_type` is a harmonised minor or major type or a pool of several (sources/ages/age_groups.csv), "
    "`borough_code` empty for the force, `source` the dataset of the catalogue. An age that is absent is zero in a "
    "record-level extract, and not published elsewhere.",
)
MANIFEST = pa.DataFrameSchema(
    {
        "dataset": _NAME,
        "file": _NAME,
        "sha256": pa.Column(str, pa.Check.str_matches(r"^[0-9a-f]{64}$")),
        "bytes": pa.Column("int64", coerce=True),
        "rows": pa.Column("int64", coerce=True),
        "first_month": pa.Column("datetime64[us]", nullable=True, coerce=True),
        "last_month": pa.Column("datetime64[us]", nullable=True, coerce=True),
        "reader": _NAME,
        "read_at": pa.Column("datetime64[us]", coerce=True),
    },
    strict=True,
    name="manifest",
)
FORMER_WARDS = pa.DataFrameSchema(
    {
        "old_ward_code": _NAME,
        "name": _NAME,
        "ward_code": _code(WARD_CODE),
        "share": pa.Column("float64", pa.Check.in_range(0, 1.01), coerce=True),
    },
    unique=["old_ward_code", "ward_code"],
    strict=True,
    name="former_wards",
    description="Wards that are gone, and the share of their residents that lives in each ward of today.",
)
POSTCODES = pa.DataFrameSchema(
    {"postcode": pa.Column(str, unique=True, coerce=True), "ward_code": _code(WARD_CODE)},
    strict=True,
    name="postcodes",
    description="Postcodes without blanks, and the ward each lies in.",
)
QUARANTINE = pa.DataFrameSchema(
    {"file": _NAME, "row": _NAME, "reason": _NAME, "count": pa.Column("int64", coerce=True)},
    strict=True,
    name="quarantine",
    description="What was set aside and why; `count` is the number of offences or rows it held.",
)


def checked(schema: pa.DataFrameSchema, table: pd.DataFrame, file: Path | str) -> pd.DataFrame:
    """Return the table with its types settled by the contract, columns in the contract's order.

    Raises
    ------
    InputError
        Naming the file, the first offending row and column, its value and the rule it breaks.
    """
    if set(schema.columns) <= set(table):
        table = table[list(schema.columns)]
    try:
        settled = schema.validate(table, lazy=True)
    except SchemaErrors as errors:
        first = errors.failure_cases.iloc[0]
        row = None if pd.isna(first["index"]) else first["index"]
        raise InputError(
            f"The table '{schema.name}' breaks its contract: {first['check']}",
            file=file,
            row=row,
            column=None if pd.isna(first["column"]) else str(first["column"]),
            value=first["failure_case"],
            remedy="Correct the value in the file, or report a new format of the publisher's.",
        ) from errors
    # pandera turns every time into nanoseconds, whatever the contract says.
    return settled.astype(dict.fromkeys(settled.select_dtypes("datetime").columns, "datetime64[us]"))


def no_rows(schema: pa.DataFrameSchema) -> pd.DataFrame:
    """Return the table without rows that keeps a contract: what a force without the file has."""
    empty = schema.validate(pd.DataFrame(columns=list(schema.columns)))
    return empty.astype(dict.fromkeys(empty.select_dtypes("datetime").columns, "datetime64[us]"))


def quarantined(file: str, faults: Sequence[tuple[str, str, int]]) -> pd.DataFrame:
    """Return the (row, reason, count) faults of one file as a table that keeps the contract `QUARANTINE`."""
    table = pd.DataFrame(faults, columns=["row", "reason", "count"]).assign(file=file)
    return checked(QUARANTINE, table, file)

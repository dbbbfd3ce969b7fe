"""The harmonised crime types and the crosswalk to them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sources.crime.crime_types import (
    crosswalk_of,
    identify_vocabulary,
    read_crime_types,
    read_crime_vocabulary,
    serves_totals_only,
)
from sources.crime.mps_crime import read_wide
from sources.files.errors import InputError

NAMES = ["published_major", "published_minor"]


@pytest.mark.unit
def test_there_are_29_types_in_11_majors() -> None:
    types = read_crime_types()
    assert len(types) == 29
    assert types["major_type"].nunique() == 11
    assert types["neighbourhood_crime"].sum() == 7
    sensitive = types.loc[types["finest_open_level"] != "ward", "crime_type"]
    assert set(sensitive) == {"RAPE", "OTHER SEXUAL OFFENCES", "HOMICIDE"}


@pytest.mark.unit
def test_crosswalk_leads_to_the_types_and_their_majors_or_says_why_not() -> None:
    vocabulary, types = read_crime_vocabulary(), read_crime_types()
    majors = types.set_index("crime_type")["major_type"]
    mapped = vocabulary[vocabulary["crime_type"] != ""]
    assert (mapped["crime_type"].map(majors) == mapped["major_type"]).all()
    assert set(mapped.loc[mapped["vocabulary"] == "current_33", "crime_type"]) == set(majors.index)
    unmapped = vocabulary[vocabulary["crime_type"] == ""]
    assert ((unmapped["excluded"] != "") ^ unmapped["major_type"].isin(majors)).all()


@pytest.mark.unit
@pytest.mark.parametrize(("name", "only"), [("current_33", False), ("older_31", True), ("detailed_56", True)])
def test_only_the_current_vocabulary_serves_more_than_totals(name: str, only: bool) -> None:
    assert serves_totals_only(crosswalk_of(read_crime_vocabulary(), name)) is only


@pytest.mark.unit
def test_an_unknown_type_is_named_with_its_first_row() -> None:
    vocabulary = read_crime_vocabulary()
    published = crosswalk_of(vocabulary, "older_31")[NAMES]
    strange = pd.DataFrame([["THEFT", "THEFT OF DRAGONS"]] * 2, columns=NAMES)
    published = pd.concat([published, strange]).set_axis(range(2, len(published) + 4))
    with pytest.raises(InputError, match=r"older_31.*crime\.csv, row 33,.*'THEFT OF DRAGONS'"):
        identify_vocabulary(published, vocabulary, Path("crime.csv"))


@pytest.mark.unit
def test_a_known_minor_type_under_another_major_is_unknown() -> None:
    published = pd.DataFrame([["THEFT", "ARSON"], ["THEFT", "SHOPLIFTING"]], columns=NAMES, index=[2, 3])
    with pytest.raises(InputError, match=r"row 2,.*'ARSON'"):
        identify_vocabulary(published, read_crime_vocabulary(), Path("crime.csv"))


@pytest.mark.integration
def test_every_file_of_the_bundle_speaks_a_known_vocabulary(london: Path) -> None:
    vocabulary = read_crime_vocabulary()
    spoken = {}
    for path in sorted((london / "mps_recorded_crime").glob("*.csv.gz")):
        spoken[path.name] = identify_vocabulary(read_wide(path).rows, vocabulary, path)
    by_kind = pd.Series(spoken).groupby(lambda name: name.split("_2")[0]).agg(set).to_dict()
    assert by_kind == {
        "borough_historical": {"current_33"},
        "borough_recent": {"current_33"},
        "lsoa21_recent": {"current_33"},
        "ward18_snapshot": {"detailed_56"},
        "ward22_historical": {"current_33"},
        "ward22_recent": {"current_33"},
        "ward22_recent_with_stub": {"current_33"},
        "ward22_snapshot": {"older_31"},
        "ward22_snapshot_detailed56": {"detailed_56"},
    }

"""Every column with figures is read, known to be of no use, or refused by name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from sources.crime.mps_crime import read_wide
from sources.files.errors import InputError
from sources.residents.estimates import lsoa_population
from sources.residents.projections import read_borough_projection
from sources.tables.columns_read import refuse_one_sex, refuse_unread

pytestmark = pytest.mark.unit

AREAS = pd.DataFrame({"ward_code": ["E01000001"], "borough_code": ["E09000001"]})
PUBLISHED = date(2024, 1, 1)


@pytest.mark.parametrize("heading", ["Jan-25", "2025M02", "Mar 2025", "2025-02", "Total", "Q1 2025"])
def test_a_column_of_counts_that_is_no_month_is_refused_by_name(tmp_path: Path, heading: str) -> None:
    path = tmp_path / "ward.csv"
    path.write_text(f"wardname,wardcode,majortext,minortext,202501,{heading}\nX,E05000001,THEFT,SHOPLIFTING,3,4\n")
    with pytest.raises(InputError, match=f"(?i)column {heading}.*\\s.*202503"):
        read_wide(path)


def test_a_column_of_a_year_that_is_not_understood_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "lsoas.csv"
    path.write_text("lsoa21cd,lsoa21nm,pop_2021,2022\nE01000001,X,100,110\n")
    with pytest.raises(InputError, match="column 2022"):
        lsoa_population(path, PUBLISHED, AREAS)
    path = tmp_path / "projection.csv"
    path.write_text("gss_code,district,Component,sex,age,2021,mid-2022\nE09000001,X,Population,Persons,0,1,1\n")
    with pytest.raises(InputError, match="column mid-2022"):
        read_borough_projection(path, PUBLISHED, AREAS)


def test_an_empty_column_is_no_loss() -> None:
    refuse_unread(pd.DataFrame({"a": ["1"], "": [""], "b": [None]}), {"A"}, Path("f.csv"), "")
    with pytest.raises(InputError, match="2 columns would not be read: b, c"):
        refuse_unread(pd.DataFrame({"a": ["1"], "b": ["1"], "c": ["1"]}), {"A"}, Path("f.csv"), "")


def test_a_table_of_one_sex_is_none_of_persons() -> None:
    refuse_one_sex(pd.DataFrame({"Sex": ["Persons", "persons"]}), Path("f.csv"))
    with pytest.raises(InputError, match=r"of one sex.*row 1.*value 'Females'"):
        refuse_one_sex(pd.DataFrame({"Sex": ["Persons", "Females"]}), Path("f.csv"))


@pytest.mark.parametrize(("females", "males", "passes"), [(50, 50, True), (51, 50, True), (30, 50, False)])
def test_sexes_and_persons_are_held_against_each_other(tmp_path: Path, females: int, males: int, passes: bool) -> None:
    rows = [
        f"E09000001,X,Population,{sex},{age},{count}"
        for age in range(91)
        for sex, count in (("Persons", 100), ("Females", females), ("Males", males))
    ]
    path = tmp_path / "projection.csv"
    path.write_text("\n".join(["gss_code,district,Component,sex,age,2021", *rows]) + "\n")
    if passes:
        assert (read_borough_projection(path, PUBLISHED, AREAS)["persons"] == 100).all()
    else:
        with pytest.raises(InputError, match="do not add up to persons"):
            read_borough_projection(path, PUBLISHED, AREAS)

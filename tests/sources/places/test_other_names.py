"""Former wards and postcodes: who is found, and what is wrong with a file in words."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sources.files.errors import InputError
from sources.places.former_wards import former_wards
from sources.places.postcodes import read_postcodes

pytestmark = pytest.mark.unit

AREAS = pd.DataFrame({"ward_code": ["E05000901", "E05000902", "E05000903"]})
WEIGHTS = pd.DataFrame(
    {
        "old_ward_code": ["E05000903", "E05000501", "E05000502", "E05000502", "E05000502"],
        "ward_code": ["E05000903", "E05000901", "E05000901", "E05000902", "E05000903"],
        "weight": [1.0, 1.0, 0.25, 0.7, 0.05],
    }
)


def written(folder: Path, text: str) -> Path:
    file = folder / "postcodes_x.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_ward_that_is_gone_leads_to_the_wards_of_its_residents(tmp_path: Path) -> None:
    file = tmp_path / "ward18_snapshot_x.csv"
    rows = ["Theft,A,Kept,E05000903,1", "Theft,A,Old Market,E05000502,1", "Theft,B,Old Market,E05000502,2"]
    file.write_text("\n".join(["MajorText,MinorText,WardName,WardCode,202101", *rows]))
    found = former_wards([file], WEIGHTS, AREAS)
    assert found[["name", "ward_code", "share"]].to_numpy().tolist() == [
        ["Old Market", "E05000902", 0.7],
        ["Old Market", "E05000901", 0.25],
    ]


def test_files_without_names_give_none(tmp_path: Path) -> None:
    file = tmp_path / "ward18_snapshot_x.csv"
    file.write_text("MajorText,MinorText,WardCode,202101\nTheft,A,E05000502,1\n")
    assert former_wards([file], WEIGHTS, AREAS).empty


@pytest.mark.parametrize("head", ["postcode,ward_code", "PCDS,osward", "pcd8,wd24cd"])
def test_postcodes_of_the_force_are_kept_however_they_are_written(tmp_path: Path, head: str) -> None:
    file = written(tmp_path, f"{head}\nn1 9gu,E05000902\nSW1A1AA,E05000901\nM1 1AE,E05009999\n")
    assert read_postcodes(file, AREAS).to_numpy().tolist() == [["N19GU", "E05000902"], ["SW1A1AA", "E05000901"]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("place,ward_code\nN1 9GU,E05000902\n", r"no column of postcodes; it has place, ward_code.*\n.*pcds"),
        ("postcode,parish\nN1 9GU,E05000902\n", r"no column of ward codes"),
        ("postcode,ward_code\nN1 9GU,E05000902\nIslington,E05000902\n", r"1 of 2 rows hold no postcode.*row 3"),
        ("postcode,ward_code\nN1 9GU,E05000902\nN19GU,E05000901\n", r"repeat what an earlier row gives.*row 3"),
        ("postcode,ward_code\nM1 1AE,E05009999\n", r"No postcode of the file lies in a ward of the force"),
        ("postcode,ward_code\n", r"no rows"),
    ],
)
def test_what_is_wrong_with_a_file_of_postcodes_is_said(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=f"(?s){said}"):
        read_postcodes(written(tmp_path, text), AREAS)

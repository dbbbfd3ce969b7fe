from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from sources.files.errors import InputError
from sources.places.geography import read_areas
from sources.places.ward_profile import DEPRIVATION, ETHNIC_GROUPS, read_ward_profile
from sources.tables.contracts import WARD_PROFILE
from sources.tables.force_tables import Force

AREAS = pd.DataFrame({"ward_code": ["E05000901", "E05000902"]})
INDICES, CENSUS = date(2019, 9, 26), date(2022, 11, 29)


def deprivation() -> pd.DataFrame:
    scores = {heading: [place + 0.5, -place] for place, heading in enumerate(DEPRIVATION)}
    return pd.DataFrame({"ward22cd": AREAS["ward_code"], **scores})


def ethnic_groups() -> pd.DataFrame:
    groups = [(ward, group) for ward in AREAS["ward_code"] for group in ETHNIC_GROUPS]
    counts = [10, 20, 30, 40, 100, 0, 0, 0, 7, 0]
    return pd.DataFrame(groups, columns=["ward22cd", "ethnic_group"]).assign(population=counts)


def profile(folder: Path, scores: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    scores.to_csv(folder / "scores.csv", index=False)
    groups.to_csv(folder / "groups.csv", index=False)
    return read_ward_profile(
        folder / "scores.csv",
        folder / "groups.csv",
        deprivation_known_from=INDICES,
        ethnic_known_from=CENSUS,
        areas=AREAS,
    )


@pytest.mark.unit
def test_shares_are_fractions_and_each_indicator_has_its_own_date(tmp_path: Path) -> None:
    table = profile(tmp_path, deprivation(), ethnic_groups())
    assert list(table) == list(WARD_PROFILE.columns)
    known = table.groupby("indicator")["known_from"].first()
    assert known["imd_score_2019"] == pd.Timestamp(INDICES)
    assert known["white_share_2021"] == pd.Timestamp(CENSUS)
    values = table.pivot_table(index="ward_code", columns="indicator", values="value")
    assert values.loc["E05000901", "white_share_2021"] == pytest.approx(0.2)
    assert values.loc["E05000902", "white_share_2021"] == 1.0
    assert values.loc["E05000902", "living_environment_score_2019"] == -7
    assert values[list(ETHNIC_GROUPS.values())].sum(axis="columns").tolist() == pytest.approx([1.0, 1.0])


@pytest.mark.unit
def test_damaged_profiles_are_refused(tmp_path: Path) -> None:
    scores, groups = deprivation(), ethnic_groups()
    text = scores.astype({"Crime Score": object})
    text.loc[1, "Crime Score"] = "low"
    for bad_scores, bad_groups, says in (
        (text, groups, "row 3, column Crime Score, value 'low'"),
        (scores.iloc[:1], groups, "1 wards have no figure.*'E05000902'"),
        (pd.concat([scores, scores]), groups, "row 4"),
        (scores.drop(columns="Crime Score"), groups, "column Crime Score"),
        (scores.replace("E05000902", "E05000909"), groups, "row 3.*'E05000909'"),
        (scores, groups.assign(population=-1), "row 2, column population"),
        (scores, groups.assign(population=0), "no residents"),
        (scores, groups.iloc[:-1], "no figure"),
        (scores, groups.replace("White", "Whyte"), "row 5, column ethnic_group, value 'Whyte'"),
        (scores, pd.concat([groups, groups]), "row 12"),
    ):
        with pytest.raises(InputError, match=says):
            profile(tmp_path, bad_scores, bad_groups)


@pytest.mark.unit
def test_unreadable_files_are_refused(tmp_path: Path) -> None:
    profile(tmp_path, deprivation(), ethnic_groups())
    whole = gzip.compress((tmp_path / "scores.csv").read_bytes())
    for content, says in ((b"", "empty"), (whole[:-9], "cut short"), (None, "no such file")):
        path = tmp_path / "damaged.csv.gz"
        path.unlink(missing_ok=True)
        if content is not None:
            path.write_bytes(content)
        for scores, groups in ((path, tmp_path / "groups.csv"), (tmp_path / "scores.csv", path)):
            with pytest.raises(InputError, match=says):
                read_ward_profile(scores, groups, deprivation_known_from=INDICES, ethnic_known_from=CENSUS, areas=AREAS)


@pytest.mark.integration
def test_london_agrees_with_its_small_areas(london: Path) -> None:
    areas = read_areas(london / "lookups/ward22_borough_bcu.csv", Force("Met", "E23000001", simulated=False))
    table = read_ward_profile(
        london / "derived/ward22_iod2019_population_weighted_scores.csv.gz",
        london / "derived/ward22_census2021_ethnic_group5.csv.gz",
        deprivation_known_from=INDICES,
        ethnic_known_from=CENSUS,
        areas=areas,
    )
    values = table.pivot_table(index="ward_code", columns="indicator", values="value")
    assert values.shape == (679, 13)
    assert values[list(ETHNIC_GROUPS.values())].sum(axis="columns").between(1 - 1e-9, 1 + 1e-9).all()

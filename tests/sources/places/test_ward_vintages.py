from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.files.errors import InputError
from sources.places.geography import read_areas
from sources.places.ward_vintages import carry_over, compare_with_history, read_old_ward_weights
from sources.tables.force_tables import Force

AREAS = pd.DataFrame(
    {"ward_code": ["E05000901", "E05000902", "E05000903"], "borough_code": ["E09000101"] * 2 + ["E09000102"]}
)
KEPT, FIRST_OLD, SECOND_OLD = "E05000903", "E05000501", "E05000502"
WEIGHTS = pd.DataFrame(
    {
        "old_ward_code": [KEPT, FIRST_OLD, SECOND_OLD, SECOND_OLD],
        "ward_code": ["E05000903", "E05000901", "E05000901", "E05000902"],
        "weight": [1.0, 1.0, 0.25, 0.75],
    }
)
JANUARY, FEBRUARY = pd.Timestamp("2021-01-01"), pd.Timestamp("2021-02-01")


@pytest.fixture
def lookups(tmp_path: Path) -> tuple[Path, Path, Path]:
    best_fit, weights, residents = tmp_path / "fit.csv", tmp_path / "weights.csv", tmp_path / "lsoa.parquet"
    best_fit.write_text(f"lsoa11_code,ward17_code\nL1,{FIRST_OLD}\nL2,{SECOND_OLD}\nL3,{SECOND_OLD}\nL4,{KEPT}\n")
    shares = ["L1,E05000901,1", "L2,E05000901,0.5", "L2,E05000902,0.5", "L3,E05000902,1", "L4,E05000903,1"]
    rows = [f"{share.replace(',', f',{year},', 1)}" for share in shares for year in (2019, 2020)]
    weights.write_text("\n".join(["lsoa11cd,year,ward22cd,weight", *rows]))
    people = pd.DataFrame({"lsoa11cd": ["L1", "L2", "L3", "L4"], "total_population": [10, 200, 200, 30]})
    pd.concat([people.assign(year=2020), people.assign(year=2019)]).to_parquet(residents)
    return best_fit, weights, residents


@pytest.mark.unit
def test_old_wards_are_shared_by_residents_and_kept_codes_stay(lookups: tuple[Path, Path, Path]) -> None:
    found = read_old_ward_weights(*lookups, [KEPT, FIRST_OLD, SECOND_OLD], AREAS)
    pd.testing.assert_frame_equal(found, WEIGHTS)


@pytest.mark.unit
def test_lookups_that_do_not_fit_together_are_refused(lookups: tuple[Path, Path, Path]) -> None:
    best_fit, weights, residents = lookups
    weights.write_text(weights.read_text().replace(",2019,", ",2018,"))
    with pytest.raises(InputError, match=r"no residents of 2018.*\n.*2020, 2019"):
        read_old_ward_weights(*lookups, [KEPT], AREAS, year=2018)
    best_fit.write_text(best_fit.read_text().replace("L3", "L9"))
    with pytest.raises(InputError, match=r"fit.csv.*'L3'"):
        read_old_ward_weights(*lookups, [KEPT], AREAS)
    residents.write_bytes(residents.read_bytes()[:-9])
    with pytest.raises(InputError, match=r"lsoa.parquet"):
        read_old_ward_weights(*lookups, [KEPT], AREAS)
    best_fit.unlink()
    with pytest.raises(InputError, match=r"no such file.*fit.csv"):
        read_old_ward_weights(*lookups, [KEPT], AREAS)


@pytest.mark.unit
@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([KEPT, FIRST_OLD, SECOND_OLD]),
            st.sampled_from([JANUARY, FEBRUARY]),
            st.sampled_from(["arson", "robbery"]),
            st.integers(0, 10_000),
        ),
        min_size=1,
        unique_by=lambda row: row[:3],
    )
)
def test_carrying_over_keeps_every_total(rows: list[tuple[str, pd.Timestamp, str, int]]) -> None:
    counts = pd.DataFrame(rows, columns=["ward_code", "month", "crime_type", "count"])
    carried = carry_over(counts, WEIGHTS, "old.csv")
    assert set(carried["ward_code"]) <= set(AREAS["ward_code"])
    keys = ["month", "crime_type"]
    before, after = counts.groupby(keys)["count"].sum(), carried.groupby(keys)["count"].sum()
    pd.testing.assert_series_equal(before.astype(float), after.astype(float))
    assert (carried["count"] >= 0).all()


@pytest.mark.unit
def test_an_old_ward_without_weights_is_refused() -> None:
    counts = pd.DataFrame({"ward_code": ["E05000599"], "month": [JANUARY], "count": [3]})
    with pytest.raises(InputError, match=r"1 old wards.*file old.csv, column wardcode, value 'E05000599'"):
        carry_over(counts, WEIGHTS, "old.csv")


@pytest.mark.unit
def test_comparison_holds_the_months_that_both_have() -> None:
    old = pd.DataFrame(
        {
            "ward_code": [KEPT, SECOND_OLD, SECOND_OLD],
            "month": [JANUARY, JANUARY, FEBRUARY],
            "count": [5, 8, 1],
        }
    )
    history = pd.DataFrame({"ward_code": list(AREAS["ward_code"]), "month": JANUARY, "count": [1, 7, 5]})
    found = compare_with_history(old, WEIGHTS, history, AREAS, dataset="old", other="new")
    assert found.by_month.to_dict("records") == [
        {
            "month": JANUARY,
            "offences": 13.0,
            "other_offences": 13,
            "difference": 0.0,
            "dataset": "old",
            "other": "new",
        }
    ]
    assert found.by_borough["offences"].tolist() == [8.0, 5.0]
    assert found.of_wards["wape"].item() == pytest.approx(2 / 13)
    assert found.of_wards["wape_changed_wards"].item() == pytest.approx(2 / 8)
    with pytest.raises(InputError, match=r"share no month"):
        compare_with_history(old.iloc[[2]], WEIGHTS, history, AREAS, dataset="old", other="new")


def offences(path: Path) -> pd.DataFrame:
    """Return ward_code, month and count of all crime but fraud from a wide file."""
    wide = pd.read_csv(path).rename(columns=str.lower)
    wide = wide[~wide["majortext"].str.upper().isin(["FRAUD AND FORGERY", "NFIB FRAUD"])]
    counts = wide.set_index("wardcode").filter(regex=r"^\d{6}$").copy()
    long = counts.groupby("wardcode").sum().reset_index().melt("wardcode")
    long.columns = pd.Index(["ward_code", "month", "count"])
    return long.assign(month=pd.to_datetime(long["month"], format="%Y%m"))


@pytest.mark.integration
def test_london_snapshots_of_2018_wards_agree_with_the_history(london: Path) -> None:
    areas = read_areas(london / "lookups/ward22_borough_bcu.csv", Force("Met", "E23000001", simulated=False))
    crime = london / "mps_recorded_crime"
    history = offences(crime / "ward22_historical_201004_202402.csv.gz")
    for span in ("202004_202203", "202009_202208"):
        old = offences(crime / f"ward18_snapshot_{span}.csv.gz")
        weights = read_old_ward_weights(
            london / "lookups/lsoa11_to_ward17_bestfit_london.csv.gz",
            london / "lookups/lsoa11_to_ward22_weights_gla_2011_2021.csv.gz",
            london / "population/lsoa11_population_single_year_age_2017_2019_2020_london.parquet",
            old["ward_code"].unique(),
            areas,
        )
        assert weights["old_ward_code"].nunique() == 632
        assert set(weights["ward_code"]) == set(areas["ward_code"])
        sums = weights.groupby("old_ward_code")["weight"].sum()
        assert sums.between(1 - 1e-12, 1 + 1e-12).all()
        found = compare_with_history(old, weights, history, areas, dataset=span, other="history")
        assert len(found.by_month) == 24
        assert found.by_month["difference"].abs().max() < 0.01
        assert found.by_borough["difference"].abs().max() < 0.003
        of_wards = found.of_wards.iloc[0]
        assert (of_wards["wards"], of_wards["changed_wards"]) == (679, 530)
        assert of_wards["correlation"] > 0.975
        assert of_wards["wape_changed_wards"] < 0.11

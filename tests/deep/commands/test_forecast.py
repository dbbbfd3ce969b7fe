"""The tables of a forecast, as the whole job leaves them for the release."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pandas as pd
import pytest

from models.draws.all_recorded import parts_that_add_up
from models.forecast.vocabulary import EXCLUDING
from pipelines.settings import Settings
from pipelines.steps.demography import SCENARIOS
from pipelines.steps.release_contents import Made, contents_of
from sources.files.errors import InputError
from tests.running.places import Workplace

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def tables(workplace: Workplace, released: Path) -> dict[str, pd.DataFrame]:
    assert released.is_dir()
    (folder,) = (workplace.pristine / "cache").glob("panel-*/forecast-*/")
    return {file.stem: pd.read_parquet(file) for file in folder.glob("*.parquet")}


def test_scenarios_come_by_year_with_their_differences(tables: dict[str, pd.DataFrame]) -> None:
    forecast = parts_that_add_up(tables["forecast"])
    assert tuple(forecast["scenario"].unique()) == SCENARIOS
    assert set(forecast.loc[forecast["scenario"] != "central", "period"]) == {"year"}
    means = forecast.query("area_level == 'force' and crime_type == 'all' and period == 'year'").set_index("scenario")
    assert means.loc["low", "mean"] < means.loc["central", "mean"] < means.loc["high", "mean"]
    differences = tables["scenario_differences"].query("area_level == 'force' and crime_type == 'all'")
    assert differences.set_index("scenario")["mean"].to_dict() == pytest.approx(
        {name: means.loc[name, "mean"] - means.loc["central", "mean"] for name in ("low", "high")}
    )


def test_ages_add_up_to_the_forecast(tables: dict[str, pd.DataFrame]) -> None:
    cell = ["area_level", "area_code", "crime_level", "crime_type", "month", "period"]
    rows = tables["forecast_by_age"].query("scenario == 'central' and age_basis == 'suspect'")
    assert rows["age_group"].nunique() == 9
    sums = rows.groupby(cell, observed=True)["mean"].sum()
    everyone = parts_that_add_up(tables["forecast"]).query("scenario == 'central'").set_index(cell)["mean"]
    pd.testing.assert_series_equal(sums, everyone.reindex(sums.index), check_names=False, rtol=1e-5)


def test_what_ages_rest_on_is_said(tables: dict[str, pd.DataFrame]) -> None:
    assert set(tables["age_quality"]["quality"]) <= {"measured", "few", "proxy", "none"}
    by_age = tables["forecast_by_age"]
    further = by_age["crime_type"].str.endswith(EXCLUDING) | (by_age["crime_level"] == "group")
    told = set(by_age.loc[~further, "crime_type"])
    of_totals = tables["age_quality_of_totals"]
    assert told == set(of_totals.loc[of_totals["quality"] != "none", "crime_type"])
    assert (tables["age_rates"]["low"] <= tables["age_rates"]["high"]).all()
    assert {"mean", "sd"} <= set(tables["population_strength"].columns)


def test_residents_of_groups_add_up_to_all(tables: dict[str, pd.DataFrame]) -> None:
    cell = ["ward_code", "year", "variant"]
    residents = tables["residents"]
    assert not residents.duplicated([*cell, "age_group"]).any()
    assert set(residents["variant"]) == {"estimate", *SCENARIOS}
    everyone = residents[residents["age_group"] == "all"].set_index(cell)["persons"]
    groups = residents[residents["age_group"] != "all"].groupby(cell)["persons"].sum()
    pd.testing.assert_series_equal(groups, everyone.reindex(groups.index), rtol=1e-9)


def test_drivers_and_waterfall_end_at_the_forecast(tables: dict[str, pd.DataFrame]) -> None:
    year = parts_that_add_up(tables["forecast"]).query(
        "area_level == 'force' and crime_type == 'all' and period == 'year'"
    )
    means = year.set_index("scenario")["mean"]
    force = "area_level == 'force' and crime_type == 'all' and step == 'after'"
    assert tables["drivers"].query(force)["offences"].item() == pytest.approx(means["central"])
    waterfall = tables["demand_waterfall"].query(force)
    last = waterfall[waterfall["month_after"] == waterfall["month_after"].max()].set_index("scenario")["offences"]
    assert last.to_dict() == pytest.approx(means.to_dict())


def test_a_forecast_that_was_damaged_since_is_not_published(
    workplace: Workplace, released: Path, tmp_path: Path
) -> None:
    assert released.is_dir()
    (made,) = (workplace.pristine / "cache").glob("panel-*/forecast-*/")
    folder = tmp_path / "forecast"
    copytree(made, folder)
    file = folder / "quarters.parquet"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(InputError, match=r"quarters.parquet(.|\n)*Run again"):
        contents_of(Made(tmp_path, folder, None, None), Settings())  # type: ignore[arg-type]

"""Tables of residents of one force are held against each other, both ways."""

from __future__ import annotations

import pandas as pd
import pytest

from sources.files.errors import InputError
from sources.residents.agreement import refuse_disagreement

pytestmark = pytest.mark.unit

WARDS = pd.Series({2020: 98_000.0, 2021: 99_000.0, 2022: 100_000.0})


@pytest.mark.parametrize("factor", [0.5, 0.001, 2.0])
def test_tables_of_different_people_are_refused_whichever_is_short(factor: float) -> None:
    boroughs = pd.Series({2023: 103_000.0})
    refuse_disagreement({"wards": WARDS, "boroughs": boroughs, "none": WARDS[:0]})
    for tables in ({"wards": WARDS * factor, "boroughs": boroughs}, {"boroughs": boroughs, "wards": WARDS * factor}):
        with pytest.raises(InputError, match="of different people") as caught:
            refuse_disagreement(tables)
        assert "2022 by wards" in caught.value.problem
        assert "103,000 in 2023 by boroughs" in caught.value.problem


def test_tables_of_years_far_apart_are_not_compared() -> None:
    refuse_disagreement({"wards": WARDS, "boroughs": pd.Series({2035: 300_000.0})})

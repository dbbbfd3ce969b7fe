"""The list of breaks and the months it covers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from features.breaks import load_breaks, months_of, steps_of

pytestmark = pytest.mark.unit
MONTHS = pd.date_range("2019-01-01", "2025-03-01", freq="MS")


def test_every_break_says_when_it_became_known_and_why() -> None:
    breaks = load_breaks()
    assert breaks[["event", "kind", "crime_type", "first_month", "known_from", "evidence"]].notna().all().all()
    assert (breaks["known_from"] >= breaks["first_month"]).all()


def test_the_pandemic_covers_its_months_only() -> None:
    covered = months_of(load_breaks(), "disruption", MONTHS)
    assert covered[covered].index[[0, -1]].strftime("%Y-%m").tolist() == ["2020-03", "2021-07"]


def test_a_break_that_has_not_ended_covers_all_that_follows() -> None:
    covered = months_of(load_breaks(), "step", MONTHS)
    assert covered["2024-03-01":].all()  # type: ignore[misc]
    assert not covered[:"2024-02-01"].any()  # type: ignore[misc]


def test_steps_come_in_order_with_the_types_they_touch() -> None:
    types = np.array(["TRAFFICKING OF DRUGS", "ARSON"])
    steps = steps_of(load_breaks(), types, MONTHS)
    assert [(f"{MONTHS[first]:%Y-%m}", *touched) for first, touched in steps] == [
        ("2024-03", True, True),
        ("2024-09", True, False),
    ]
    assert steps_of(load_breaks(), types, MONTHS[MONTHS < "2024-03-01"]) == []


def test_a_step_at_the_first_month_has_nothing_before_it() -> None:
    assert len(steps_of(load_breaks(), np.array(["ARSON"]), MONTHS[MONTHS >= "2024-03-01"])) == 1
    assert steps_of(load_breaks(), np.array(["ARSON"]), MONTHS[MONTHS >= "2024-09-01"]) == []


def test_a_force_has_its_own_breaks_and_those_of_all() -> None:
    assert set(load_breaks(force_code="E23000034")["event"]) == {"COVID-19 restrictions"}
    assert len(load_breaks(force_code="E23000001")) == len(load_breaks())


def test_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "breaks.csv"
    file.write_text(
        "event,kind,crime_type,first_month,last_month,known_from,evidence\nx,fashion,all,2020-01-01,,2020-01-02,y\n"
    )
    with pytest.raises(ValueError, match="fashion"):
        load_breaks(file)

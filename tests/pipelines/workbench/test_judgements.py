"""Judgements in their file: one is confirmed without a letter of the others changed."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipelines.settings import Settings
from pipelines.workbench.judgements import confirm
from planning.folder.entries import Judgement
from planning.folder.toml_file import entries
from sources.files.errors import InputError

pytestmark = pytest.mark.unit
ENTRY = """
[[judgement]]
id = "{id}"  # a word
by = "theft lead"
made_on = "2025-03-01"
known_from = "2025-02-01"
first_month = "2025-01"
multiplier = {{ p10 = 0.9, p50 = 1.1, p90 = 1.3 }}
kind = "emerging"
reason_low = "low"
reason_high = "high"
review_on = "2026-01-01"
"""


def test_a_judgement_is_confirmed_in_place(tmp_path: Path) -> None:
    folder = tmp_path / "plans" / "mine"
    folder.mkdir(parents=True)
    (folder / "plan.toml").write_text('name = "mine"\nwho = "a test"\n')
    text = "# Ours.\n" + ENTRY.format(id="a") + ENTRY.format(id="b")
    (folder / "judgements.toml").write_text(text)
    settings = Settings(plans=tmp_path / "plans")
    day = pd.Timestamp("2025-06-30")
    for review in (None, "2027-01-01"):
        file = confirm(settings, "mine", "b", day, review)
    first, second = entries(file, "judgement", Judgement)
    assert (first.confirmed_on, first.review_on) == ("", "2026-01-01")
    assert (second.confirmed_on, second.review_on) == ("2025-06-30", "2027-01-01")
    assert file.read_text().startswith("# Ours.\n" + ENTRY.format(id="a"))
    with pytest.raises(InputError, match="no such judgement"):
        confirm(settings, "mine", "c", day, None)
    before = file.read_text()
    with pytest.raises(InputError):
        confirm(settings, "mine", "b", day, "some day")
    assert file.read_text() == before

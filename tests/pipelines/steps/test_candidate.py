"""What a run kept of how it was judged is read back, or refused in words."""

from __future__ import annotations

from pathlib import Path

import mlflow
import pandas as pd
import pytest

from models.tracking import registry, run_record
from pipelines.steps.candidate import read_judged
from pipelines.steps.promises import scores_kept
from sources.files.errors import InputError


@pytest.mark.integration
def test_what_a_run_kept_of_its_scores_may_be_damaged(tmp_path: Path) -> None:
    registry.open_store(f"sqlite:///{tmp_path}/mlflow.db", tmp_path)
    with registry.run("cut short", {}, {}) as run_id:
        run_record.log_table(pd.DataFrame({"origin": ["2024-"]}), "scores")
    assert scores_kept(run_id) is None
    with pytest.raises(InputError, match="of its scores is damaged"):
        read_judged(run_id)
    with pytest.raises(InputError, match="no table scores of this run"):
        read_judged("0" * 32)
    with registry.run("no table at all", {}, {}) as run_id:
        mlflow.log_text("", "tables/scores.csv")
    assert scores_kept(run_id) is None
    with pytest.raises(InputError, match="table scores of this run is damaged"):
        read_judged(run_id)

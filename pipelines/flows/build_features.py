"""Build features: canonical tables in, the dense panel out."""

from __future__ import annotations

from pathlib import Path

from features.panel import Panel, build_panel
from pipelines.kept.panel_files import save_panel
from pipelines.kept.read_once import tables_of
from pipelines.running.prefect_step import part, step
from pipelines.running.progress import stage
from pipelines.running.run_names import name_run


@step("build the panel")
def panel_of(tables: Path) -> Panel:
    """Return the dense panel of saved canonical tables."""
    with stage("Building the panel"):
        return build_panel(tables_of(tables))


@part("build_features")
def build_features(tables: Path) -> Path:
    """Return the folder of the panel, beside the tables it was built from."""
    name_run(tables)
    folder = tables.with_name(tables.name.replace("tables-", "panel-"))
    save_panel(panel_of(tables), folder)
    return folder

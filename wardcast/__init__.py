"""Wardcast for those who script: load a force, fit, forecast, summarise, score, publish; see docs/python.md.

    tables = wardcast.read_force(Path("data"))
    panel = wardcast.build_panel(tables)
    fitted = wardcast.fit(panel, "boosted")
    table = wardcast.summarise(wardcast.forecast(fitted, panel, 12), panel)

A name is imported when it is first used, so that `import wardcast` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from features.panel import Panel, build_panel
    from models.backtest import backtest
    from models.forecast.forecast import Factors, FittedModel, Forecast, Model
    from models.recipes.catalogue import MODELS
    from models.scoring.comparison import compare
    from models.scoring.scores import score_summary
    from models.scripting import fit, forecast, score, summarise
    from pipelines.workbench.scripting import Tracked, load_tracked, publish, track
    from publication.release.manifest import ReleaseError
    from sources.force import ForceTables, read_force
    from sources.simulated import simulate
    from sources.subset import subset
    from sources.tables.contracts import InputError
    from wardcast import charts

# Where each name lives: the checker of types reads the lines above, Python these.
_PLACES = {
    "MODELS": "models.recipes.catalogue",
    "Factors": "models.forecast.forecast",
    "FittedModel": "models.forecast.forecast",
    "ForceTables": "sources.force",
    "Forecast": "models.forecast.forecast",
    "InputError": "sources.tables.contracts",
    "Model": "models.forecast.forecast",
    "Panel": "features.panel",
    "ReleaseError": "publication.release.manifest",
    "Tracked": "pipelines.workbench.scripting",
    "backtest": "models.backtest",
    "build_panel": "features.panel",
    "compare": "models.scoring.comparison",
    "fit": "models.scripting",
    "forecast": "models.scripting",
    "load_tracked": "pipelines.workbench.scripting",
    "publish": "pipelines.workbench.scripting",
    "read_force": "sources.force",
    "score": "models.scripting",
    "score_summary": "models.scoring.scores",
    "simulate": "sources.simulated",
    "subset": "sources.subset",
    "summarise": "models.scripting",
    "track": "pipelines.workbench.scripting",
}

__all__ = [
    "MODELS",
    "Factors",
    "FittedModel",
    "ForceTables",
    "Forecast",
    "InputError",
    "Model",
    "Panel",
    "ReleaseError",
    "Tracked",
    "backtest",
    "build_panel",
    "charts",
    "compare",
    "fit",
    "forecast",
    "load_tracked",
    "publish",
    "read_force",
    "score",
    "score_summary",
    "simulate",
    "subset",
    "summarise",
    "track",
]

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Import a public name when it is first used."""
        if name == "charts":
            return import_module("wardcast.charts")
        if name not in _PLACES:
            raise AttributeError(f"module 'wardcast' has no attribute {name!r}")
        globals()[name] = value = getattr(import_module(_PLACES[name]), name)
        return value


def __dir__() -> list[str]:
    return __all__

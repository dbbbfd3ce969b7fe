"""Wardcast for those who script: load a force, fit, forecast, summarise, score, publish; see docs/python.md.

    tables = wardcast.read_force(Path("data"))
    panel = wardcast.build_panel(tables)
    fitted = wardcast.fit(panel, "boosted")
    table = wardcast.summarise(wardcast.forecast(fitted, panel, 12), panel)

A name is imported when it is first used, so that `import wardcast` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from features.panel import Panel, build_panel
    from features.rolling_origin import RollingOrigin
    from features.streams.panel import stream_panel
    from features.streams.weeks import week_panel
    from models.backtest import backtest
    from models.forecast.forecast import Factors, FittedModel, Forecast
    from models.recipes.catalogue import MODELS, recipe
    from models.recipes.model import Model
    from models.scoring.comparison import compare
    from models.scoring.scores import score_summary
    from models.scoring.search import search
    from models.scripting import fit, forecast, score, summarise
    from models.streams.backtest import backtest_stream, stream_scores
    from models.streams.draws import draw_stream
    from models.streams.fit import fit_stream
    from models.streams.summary import stream_table
    from models.streams.weeks import forecast_weeks
    from models.streams.weeks_backtest import backtest_weeks
    from pipelines.workbench.planning import compare_plans, plan, read_plan
    from pipelines.workbench.scripting import Tracked, load_tracked, publish, track
    from publication.release.manifest import ReleaseError
    from sources.files.errors import InputError
    from sources.read_force import read_force
    from sources.simulated import simulate
    from sources.streams.read_streams import load_stream
    from sources.streams.tables import stream_named
    from sources.subset import subset
    from sources.tables.force_tables import ForceTables
    from wardcast import charts

# Where each name lives: the checker of types reads the lines above, Python these.
_PLACES = {
    "MODELS": "models.recipes.catalogue",
    "Factors": "models.forecast.forecast",
    "FittedModel": "models.forecast.forecast",
    "ForceTables": "sources.tables.force_tables",
    "Forecast": "models.forecast.forecast",
    "InputError": "sources.files.errors",
    "Model": "models.recipes.model",
    "Panel": "features.panel",
    "ReleaseError": "publication.release.manifest",
    "RollingOrigin": "features.rolling_origin",
    "Tracked": "pipelines.workbench.scripting",
    "backtest": "models.backtest",
    "build_panel": "features.panel",
    "backtest_stream": "models.streams.backtest",
    "backtest_weeks": "models.streams.weeks_backtest",
    "draw_stream": "models.streams.draws",
    "fit_stream": "models.streams.fit",
    "forecast_weeks": "models.streams.weeks",
    "load_stream": "sources.streams.read_streams",
    "stream_named": "sources.streams.tables",
    "stream_panel": "features.streams.panel",
    "stream_scores": "models.streams.backtest",
    "stream_table": "models.streams.summary",
    "week_panel": "features.streams.weeks",
    "compare": "models.scoring.comparison",
    "compare_plans": "pipelines.workbench.planning",
    "fit": "models.scripting",
    "forecast": "models.scripting",
    "load_tracked": "pipelines.workbench.scripting",
    "plan": "pipelines.workbench.planning",
    "publish": "pipelines.workbench.scripting",
    "read_plan": "pipelines.workbench.planning",
    "read_force": "sources.read_force",
    "recipe": "models.recipes.catalogue",
    "score": "models.scripting",
    "score_summary": "models.scoring.scores",
    "search": "models.scoring.search",
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
    "RollingOrigin",
    "Tracked",
    "backtest",
    "backtest_stream",
    "backtest_weeks",
    "build_panel",
    "charts",
    "compare",
    "compare_plans",
    "draw_stream",
    "fit",
    "fit_stream",
    "forecast",
    "forecast_weeks",
    "load_stream",
    "load_tracked",
    "plan",
    "publish",
    "read_force",
    "read_plan",
    "recipe",
    "score",
    "score_summary",
    "search",
    "simulate",
    "stream_named",
    "stream_panel",
    "stream_scores",
    "stream_table",
    "subset",
    "summarise",
    "track",
    "week_panel",
]

_ROOMS = ("sources", "features", "models", "planning", "publication", "pipelines")


def _refuse_shadows() -> None:
    """Raise ImportError where a file of the user's own is found under the name of a room, before or instead of ours."""
    ours = Path(__file__).resolve().parents[1]
    for room in _ROOMS:
        found = find_spec(room)
        places = [] if found is None else [found.origin, *(found.submodule_search_locations or [])]
        place = Path(next(filter(None, places), "nowhere")).resolve()
        if not place.is_relative_to(ours / room):
            raise ImportError(
                f"Wardcast's package {room!r} is {ours / room}, but Python finds {place} first.\n"
                f"What to do: rename that file or folder, or start from another folder; PYTHONPATH may name it too."
            )


_refuse_shadows()

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

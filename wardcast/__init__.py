"""Wardcast for those who script: load a force, build its panel, fit, forecast, summarise, score.

tables = wardcast.read_force(Path("data"))
panel = wardcast.build_panel(tables)
fitted = wardcast.model_named("boosted").fit(panel, panel.last_month)
table = wardcast.forecast_table(fitted.forecast(12), panel.areas)
"""

from features.panel import Panel, build_panel
from models.backtest import backtest
from models.catalogue import MODELS, model_named
from models.forecast import FittedModel, Forecast, Model
from models.scores import score, score_summary
from models.summary import forecast_table
from sources.contracts import InputError
from sources.force import ForceTables, read_force
from sources.simulated import simulate

__all__ = [
    "MODELS",
    "FittedModel",
    "ForceTables",
    "Forecast",
    "InputError",
    "Model",
    "Panel",
    "backtest",
    "build_panel",
    "forecast_table",
    "model_named",
    "read_force",
    "score",
    "score_summary",
    "simulate",
]

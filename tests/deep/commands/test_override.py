"""A person may override the rule, but only for a recipe that the next refresh can fit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from features.panel import Panel
from models.forecast.forecast import FittedModel
from models.forecast.noise import Noise
from models.recipes.catalogue import MODELS
from models.tracking import registry
from pipelines.settings import Settings
from pipelines.workbench.override import promoted
from sources.files.errors import InputError


@pytest.mark.integration
def test_a_recipe_that_no_refresh_could_fit_is_not_promoted(simulated_panel: Panel, tmp_path: Path) -> None:
    settings = Settings(mlruns=tmp_path)
    registry.open_store(settings.tracking_address, tmp_path)
    noise = Noise.none(simulated_panel.offences["crime_type"].to_numpy())
    fitted = FittedModel(
        "three-speed", simulated_panel.last_month, MODELS["three-speed"].factors(simulated_panel), noise
    )
    versions = {}
    for recipe in ("three-speed", "of a notebook"):
        with registry.run("test", {"model": recipe}, {}):
            versions[recipe] = registry.register(replace(fitted, model=recipe), recipe)
    with pytest.raises(InputError, match="none that a refresh could fit anew"):
        promoted(settings, versions["of a notebook"], "it looked better")
    assert registry.find(registry.CHAMPION) is None
    assert promoted(settings, versions["three-speed"], "it looked better") == ""

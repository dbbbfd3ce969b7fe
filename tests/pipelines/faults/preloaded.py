"""What every struck command needs, imported once: the processes of `commands` are forked from one that has it all.

The environment is prepared first, as commands do, since Prefect reads its settings when it is imported.
"""

from __future__ import annotations

import os

from pipelines.settings import load_settings, prepare_environment

prepare_environment(load_settings())
del os.environ["MLFLOW_TRACKING_URI"]  # of the folder in which a command is run

import lightgbm  # noqa: E402, F401
import matplotlib.pyplot  # noqa: E402, F401
import mlflow.pyfunc  # noqa: E402
import mlflow.store.model_registry.sqlalchemy_store  # noqa: E402
import mlflow.store.tracking.sqlalchemy_store  # noqa: E402, F401

import pipelines.cli  # noqa: E402
import pipelines.refresh  # noqa: E402
import pipelines.scheduled  # noqa: E402, F401

"""What every struck command needs, imported once: the processes of `commands` are forked from one that has it all.

The environment is prepared first, as commands do, since Prefect reads its settings when it is imported.
"""

from __future__ import annotations

import os

from pipelines.settings import load_settings, prepare_environment

# Taken when the steps are defined, and when the libraries are loaded.
os.environ |= {"PREFECT_TASKS_DEFAULT_RETRY_DELAY_SECONDS": "1", "OMP_NUM_THREADS": "1"}
prepare_environment(load_settings())
del os.environ["MLFLOW_TRACKING_URI"]  # of the folder in which a command is run

import lightgbm  # noqa: E402, F401
import matplotlib.pyplot  # noqa: E402, F401
import mlflow.pyfunc  # noqa: E402
import mlflow.store.model_registry.sqlalchemy_store  # noqa: E402
import mlflow.store.tracking.sqlalchemy_store  # noqa: E402, F401
from mlflow.utils.requirements_utils import _init_packages_to_modules_map  # noqa: E402

import pipelines.cli  # noqa: E402
import pipelines.refresh  # noqa: E402
import pipelines.scheduled  # noqa: E402, F401

# MLflow works it out in each process that registers a model: a second or two of a run.
_init_packages_to_modules_map()

"""What every struck command needs, imported once: the processes of `commands` are forked from one that has it all.

The environment is prepared first, as commands do, since Prefect reads its settings when it is imported.
"""

from __future__ import annotations

import gc
import os
from importlib import import_module

from pipelines.settings import load_settings, prepare_environment

# Taken when the steps are defined, and when the libraries are loaded.
os.environ |= {"PREFECT_TASKS_DEFAULT_RETRY_DELAY_SECONDS": "1", "OMP_NUM_THREADS": "1"}
prepare_environment(load_settings())
del os.environ["MLFLOW_TRACKING_URI"]  # of the folder in which a command is run

for module in (
    "pipelines.commands.cli",
    "pipelines.flows.refresh",
    "pipelines.flows.scheduled",
    "pipelines.running.prefect_server",
    # What these import when it is first needed.
    "anyio._backends._asyncio",
    "dask.array",
    "distributed",
    "git",
    "IPython",
    "lightgbm",
    "matplotlib.pyplot",
    "mlflow.pyfunc",
    "mlflow.store.model_registry.sqlalchemy_workspace_store",
    "mlflow.store.tracking.sqlalchemy_workspace_store",
    "mlflow.tracing.processor.base_mlflow",
    "pandera.backends.pandas.builtin_checks",
    "prefect.flow_engine",
    "prefect.task_engine",
    "pyogrio",
):
    import_module(module)

# What each process works out once: a second or two of a run.
import_module("publication.release.bill_of_materials").libraries()
import_module("publication.tables.dictionary").data_dictionary()
import_module("mlflow.utils.requirements_utils")._init_packages_to_modules_map()
gc.collect()
gc.freeze()  # all this stays: nobody need look through it again, or copy its pages to do so

"""MLflow's own pages over the tracking store, on the loopback interface.

Walks in: settings. Walks out: a server that runs until it is stopped.
"""

from __future__ import annotations

import os
import subprocess
import sys

from models.tracking import registry
from pipelines.settings import LOOPBACK, Settings


def serve_pages(settings: Settings, port: int) -> int:
    """Run MLflow's server on the tracking store until it is stopped, and return its exit code."""
    registry.open_store(settings.tracking_address, settings.mlruns)
    # One process is enough for one person; each of the usual four takes seconds to start, and 200 MB.
    address = ["--host", LOOPBACK, "--port", str(port), "--workers", "1"]
    # The store's address may hold a password, so it goes by the environment and not by the command line.
    store = {"MLFLOW_BACKEND_STORE_URI": settings.tracking_address, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    process = subprocess.Popen([sys.executable, "-m", "mlflow", "server", *address], env=os.environ | store)
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        return 0

"""Servers on this machine that tests start, kill and start again."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from tests.running.commands import PATIENCE


class Server:
    """A server on this machine that can be killed and started again on its port."""

    def __init__(self, words: Callable[[int], list[str]], health: str, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address, self._health = f"http://127.0.0.1:{self.port}", health
        self._words, self._folder = words, folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def api(self) -> str:
        """Where it takes what flows report, if it is Prefect's."""
        return f"{self.address}/api"

    def begin(self) -> None:
        """Start it, without waiting for it to answer."""
        own = {"PREFECT_HOME": str(self._folder), "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
        with (self._folder / "log.txt").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *self._words(self.port)],
                cwd=self._folder,
                env=os.environ | own,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.begin()
        self.wait()

    def wait(self) -> None:
        """Wait until it answers."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                if httpx.get(self.address + self._health, timeout=5).is_success:
                    return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise AssertionError((self._folder / "log.txt").read_text())

    def kill(self) -> None:
        """Kill it with all its workers."""
        if self._process is not None:
            os.killpg(self._process.pid, 9)
            self._process.wait()
            self._process = None

"""The table of faults."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Note = Callable[[str, str, str], None]


@pytest.fixture
def note(record_property: Callable[[str, object], None]) -> Note:
    """Keep a row of the table of faults: the fault, what happened, what was lost."""
    return lambda fault, happened, lost: record_property("fault", (fault, happened, lost))

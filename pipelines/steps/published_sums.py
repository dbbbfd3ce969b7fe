"""Which sums of crime types a release tells beside majors and all: the rules of disclosure decide.

Walk in: the table of crime types, and settings. Walk out: the sums.
"""

from __future__ import annotations

import pandas as pd

from models.forecast.crime_sums import CrimeSums, further_sums
from pipelines.settings import Settings
from publication.disclosure.control import protected_types, read_rules
from publication.disclosure.rules import Rules


def rules_of(settings: Settings) -> Rules:
    """Return the rules of disclosure control in force."""
    return read_rules() if settings.disclosure_rules is None else read_rules(settings.disclosure_rules)


def told_sums(crime_types: pd.DataFrame, settings: Settings) -> CrimeSums:
    """Return the neighbourhood crimes, and the totals without types that may not be told of every ward."""
    return further_sums(crime_types, protected_types(crime_types, rules_of(settings)))

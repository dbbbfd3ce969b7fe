"""The words of the `forecast` table, each once: levels of areas and crime types, periods, quantiles, bases of ages."""

from __future__ import annotations

LEVELS = ("ward", "borough", "bcu", "force")  # from the finest; each adds up to the next
UNLOCATED = "unlocated"
AREA_LEVELS = (*LEVELS, UNLOCATED)

LOCATED, ALL_RECORDED = "located", "all recorded"  # measures, beside UNLOCATED: what a row counts

CRIME_LEVELS = ("minor", "major", "all")
ALL = "all"
NEIGHBOURHOOD = ("group", "NEIGHBOURHOOD CRIME")
EXCLUDING = " excluding protected types"  # ends the name of a sum that leaves them out
ALL_EXCLUDING = f"{ALL}{EXCLUDING}"

PERIODS = ("month", "year")

QUANTILES = {
    "q025": 0.025,
    "q05": 0.05,
    "q10": 0.1,
    "q25": 0.25,
    "q50": 0.5,
    "q75": 0.75,
    "q90": 0.9,
    "q95": 0.95,
    "q975": 0.975,
}
NUMBERS = ("mean", *QUANTILES)

BASES = ("victim", "suspect")

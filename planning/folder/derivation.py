"""Hours of a case, derived from what a crime costs the police: the only public road to hours in England.

Walk in: costs of a crime, rates an hour, deployed minutes, and how hours are shared out. Walk out: rows of `workload`.

    hours of a case = cost of direct staff / rate an hour                        (of each source of costs)
    p50 = geometric mean over the sources, p10 = least cost / highest rate, p90 = highest cost / lowest rate
    hours of the first response  = deployed minutes of a unit x officers in it
    hours of a function on a way = (hours of a case - first response) x share of the function / share of cases this way

so that the hours of all ways together are again the hours of an average case. docs/plan-hours.md does the sums.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

UNIT = "hours"
COLUMNS = ["what", "function", "way", "from_month", "officers", "p10", "p50", "p90", "unit", "year", "country"]
COLUMNS += ["source", "quality", "error_group"]
LEAST_LEFT = 0.2  # of the hours of a case, after the first response: logs and costs are of different forces
_DERIVED = {"year": "2006-2016", "country": "England and Wales", "quality": "stand-in"}
_DERIVED |= {"error_group": "police cost of a crime"}


def hours_of_types(costs: pd.DataFrame) -> pd.DataFrame:
    """Return hours of an average case: crime_type, p10, p50, p90, source.

    costs : a row a crime type and source, with direct_cost (pounds), rate_low, rate, rate_high (pounds an hour) and
        source.
    """
    of = costs.assign(
        p10=costs["direct_cost"] / costs["rate_high"],
        log=np.log(costs["direct_cost"] / costs["rate"]),
        p90=costs["direct_cost"] / costs["rate_low"],
    ).groupby("crime_type", sort=False)
    return pd.DataFrame(
        {
            "p10": of["p10"].min(),
            "p50": np.exp(of["log"].mean()),
            "p90": of["p90"].max(),
            "source": of["source"].agg(lambda named: "; ".join(dict.fromkeys(named))),
        }
    ).reset_index()


def derived_workload(costs: pd.DataFrame, shares: pd.DataFrame, deployed: pd.DataFrame) -> pd.DataFrame:
    """Return rows of `workload`: hours from costs, shared out over functions, and the first response from a unit's log.

    shares : crime_type, function, way, share (of the hours of a case), way_share (of cases that go this way).
    deployed : crime_type, minutes (of one unit on one incident), officers, attended (share of cases), source.
    """
    on_scene = deployed["minutes"] / 60
    first = (on_scene * deployed["officers"] * deployed["attended"]).set_axis(deployed["crime_type"])
    hours = hours_of_types(costs)
    left = (1 - hours["crime_type"].map(first) / hours["p50"]).clip(lower=LEAST_LEFT)
    shared = shares.drop(columns="source").merge(hours.assign(left=left), on="crime_type", validate="many_to_one")
    factor = shared["left"] * shared["share"] / shared["way_share"]
    of_costs = shared.assign(
        what=shared["crime_type"],
        officers=1.0,
        **{name: (shared[name] * factor).round(3) for name in ("p10", "p50", "p90")},
        **_DERIVED,
    )
    of_units = deployed.assign(
        what=deployed["crime_type"],
        function="response",
        way="attended",
        p10=(on_scene * 0.7).round(3),
        p50=on_scene.round(3),
        p90=(on_scene * 1.6).round(3),
        year="2019",
        country="United States",
        quality="stand-in",
        error_group="deployed time of Detroit",
    )
    rows = pd.concat([of_costs, of_units], ignore_index=True).assign(from_month="", unit=UNIT)
    return rows[COLUMNS]

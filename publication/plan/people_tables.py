"""Tables of a plan's page: the frontline, ranks and spans, posts filled, and cases that wait.

Walk in: tables of a plan. Walk out: tables in words.
"""

from __future__ import annotations

import pandas as pd

from publication.pages.rendering import Table, shown
from publication.plan.formats import in_whole
from publication.words import month_name, per_cent, ranges


def frontline(table: pd.DataFrame) -> Table:
    """Return the frontline's need and gap by path and year."""
    words = pd.DataFrame(
        {
            "Path": table["path"],
            "Twelve months from": table["year"].map(month_name),
            "Needed": table["needed"],
            "There": table["there"],
            "Gap": table["gap_mean"],
            "80 % interval": ranges(table["gap_q10"], table["gap_q90"]),
            "Chance of a gap": table["chance_of_gap"],
        }
    )
    formats = in_whole("Needed", "There", "Gap", "80 % interval") | {"Chance of a gap": per_cent}
    return shown("frontline", f"The frontline: {table['functions'].iloc[0]}", words, formats)


def ranks(table: pd.DataFrame) -> Table:
    """Return constables along each path, how many are wanted, and their span."""
    rows = table[table["rank"] == "constable"]
    words = pd.DataFrame(
        {
            "Path": rows["path"],
            "Twelve months from": rows["year"].map(month_name),
            "Constables": rows["there"],
            "Wanted": rows["wanted"],
            "Of higher rank": rows["managers"],
            "Constables to each": rows["span"],
            "Of higher rank at the span wanted": rows["managers_at_span_wanted"],
        }
    )
    formats = in_whole("Constables", "Wanted", "Of higher rank", "Of higher rank at the span wanted")
    caption = "Constables and spans, if ranks keep their shares"
    return shown("ranks", caption, words, formats | {"Constables to each": "{:.1f}".format})


def filled_posts(table: pd.DataFrame) -> Table:
    """Return posts there is money for, and who is in them."""
    words = pd.DataFrame(
        {
            "Area": table["area"],
            "Function": table["function"],
            "Rank": table["rank"],
            "Skill": table["skill"],
            "Posts": table["posts"],
            "There": table["there"],
            "Filled": table["filled"],
        }
    )
    return shown("filled", "Posts filled, by skill", words, in_whole("Posts", "There") | {"Filled": per_cent})


def backlog(table: pd.DataFrame) -> Table:
    """Return cases open in the last year, and those that wait besides where people are short."""
    rows = table[table["year"] == table["year"].max()]
    words = pd.DataFrame(
        {
            "Path": rows["path"],
            "Function": rows["function"],
            "Open if the service is held": rows["open_cases"],
            "Waiting besides": rows["waiting_besides"],
        }
    )
    caption = "Cases open at the end of the last year, if none that waits is closed without work"
    return shown("backlog", caption, words, in_whole("Open if the service is held", "Waiting besides"))

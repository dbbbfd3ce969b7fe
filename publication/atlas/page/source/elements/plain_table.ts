/** Plain tables, and the fold that holds the figures of a chart. */

import { element } from "./dom";
import type { ViewState } from "../data/view_state";

/** What a part of the page calls when a reader chooses something in it. */
export type Change = (next: Partial<ViewState>) => void;

export function details(title: string, ...content: Node[]): HTMLDetailsElement {
  return element(
    "details",
    { class: "govuk-details" },
    element(
      "summary",
      { class: "govuk-details__summary" },
      element("span", { class: "govuk-details__summary-text" }, title),
    ),
    element("div", { class: "govuk-details__text" }, ...content),
  );
}

/** A table whose first column names its rows; the rest are numbers. */
export function plainTable(header: string[], rows: (string | Node)[][]): HTMLElement {
  const numeric = (place: number, kind: string): string =>
    `govuk-table__${kind}${place ? ` govuk-table__${kind}--numeric` : ""}`;
  return element(
    "div",
    { class: "scrolls", tabindex: 0, role: "region", "aria-label": `Table: ${header.join(", ")}` },
    element(
      "table",
      { class: "govuk-table" },
      element(
        "thead",
        { class: "govuk-table__head" },
        element(
          "tr",
          {},
          ...header.map((title, place) => element("th", { scope: "col", class: numeric(place, "header") }, title)),
        ),
      ),
      element(
        "tbody",
        { class: "govuk-table__body" },
        ...rows.map(([name, ...cells]) =>
          element(
            "tr",
            {},
            element("th", { scope: "row", class: "govuk-table__header" }, name),
            ...cells.map((cell) => element("td", { class: numeric(1, "cell") }, cell)),
          ),
        ),
      ),
    ),
  );
}

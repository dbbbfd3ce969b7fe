/** The table of areas: an equal of the map, sortable, and the way to pick an area without either eyes or pointer. */

import { tenths } from "../data/chance";
import { element } from "../elements/dom";
import { beforeName } from "../data/finding";
import {
  type Shown,
  changeOf,
  figuresOf,
  measured,
  rateOf,
  rateWarning,
  recordedBefore,
  riseOf,
  severityOf,
  widthOf,
  severityLeftOut,
} from "../data/measures";
import { levelOf, liesIn, parentsOf, rowsOf } from "../data/release";
import { ageOf, areaName, type ViewState } from "../data/view_state";
import { areaTitle, capital, crimePhrase, DASH, expectation, LEVEL_NAMES, perCent, whole } from "../data/words";

const SOME = 50; // rows, until all are asked for

export interface AreaRow {
  area: number;
  recorded: number;
  middle: number;
  expected: number;
  chance: number;
  change: number;
  low: number;
  high: number;
  rate: number;
  severity: number;
  width: number;
}

type Key = Exclude<keyof AreaRow, "area"> | "name";

export function areaRows(shown: Shown): AreaRow[] {
  return rowsOf(shown.release, shown.state.level).map((area) => {
    const figures = figuresOf(shown, area);
    return {
      area,
      recorded: recordedBefore(shown, area),
      middle: figures.q50,
      expected: figures.mean,
      change: changeOf(shown, area, figures),
      chance: riseOf(shown, area, figures),
      low: figures.q10,
      high: figures.q90,
      rate: rateOf(shown, area, figures.mean),
      severity: severityOf(shown, area),
      width: widthOf(figures),
    };
  });
}

export function sorted(shown: Shown, rows: AreaRow[]): AreaRow[] {
  const { sort } = shown.state;
  const key = sort.replace("-", "") as Key;
  const turn = sort.startsWith("-") ? -1 : 1;
  const { name } = shown.release.areas;
  if (key === "name")
    return [...rows].sort((one, other) => turn * name[one.area].localeCompare(name[other.area], "en-GB"));
  // What is missing comes last, whichever way the rest is sorted.
  return [...rows].sort(
    (one, other) =>
      Number(Number.isNaN(one[key])) - Number(Number.isNaN(other[key])) ||
      turn * (one[key] - other[key]) ||
      one.area - other.area,
  );
}

export function areaTable(shown: Shown, change: (next: Partial<ViewState>) => void): HTMLElement {
  const { release, state } = shown;
  const within = cutTo(shown);
  const rows = sorted(
    shown,
    areaRows(shown).filter((row) => within < 0 || liesIn(release, row.area, within)),
  );
  if (rows.every((row) => Number.isNaN(row.expected)))
    return element(
      "p",
      {},
      `${capital(crimePhrase(shown.crime))}: nothing is published by ${LEVEL_NAMES[state.level]}. Choose other areas above.`,
    );
  const some = state.rows === "all" ? rows : rows.slice(0, SOME);
  const columns = columnsOf(shown);
  const header = columns.map(({ key, title }) => headerCell(key, title, state.sort, change));
  const table = element(
    "table",
    { class: "govuk-table figures" },
    element("caption", { class: "govuk-table__caption govuk-visually-hidden" }, "Figures by area"),
    element("thead", { class: "govuk-table__head" }, element("tr", {}, ...header)),
    element("tbody", { class: "govuk-table__body" }, ...some.map((row) => bodyRow(row))),
  );
  const more =
    rows.length > some.length
      ? element(
          "button",
          { type: "button", class: "govuk-button govuk-button--secondary", click: () => change({ rows: "all" }) },
          `Show all ${rows.length} areas`,
        )
      : null;
  return element(
    "div",
    {},
    withinChoice(shown, change),
    severityLeftOut(shown) ? element("p", {}, severityLeftOut(shown)) : null,
    element("div", { class: "scrolls", tabindex: 0, role: "region", "aria-label": "Figures by area" }, table),
    more,
  );

  function bodyRow(row: AreaRow): HTMLTableRowElement {
    const [parent] = parentsOf(release, row.area);
    const pick = element(
      "button",
      {
        type: "button",
        class: "plain-button",
        click: () => change({ area: areaName(release, row.area), view: "map" }),
      },
      areaTitle(release, row.area),
    );
    const within =
      parent !== undefined && levelOf(release, parent) !== "force"
        ? element("span", { class: "within" }, areaTitle(release, parent))
        : null;
    return element(
      "tr",
      { class: areaName(release, row.area) === state.area ? "chosen" : undefined },
      element("th", { scope: "row", class: "govuk-table__header" }, pick, within),
      ...columns
        .slice(1)
        .map(({ show }) => element("td", { class: "govuk-table__cell govuk-table__cell--numeric" }, show(row))),
    );
  }
}

/** The row of the area that the table is cut to, -1 for none. */
function cutTo({ release, state }: Shown): number {
  const row = release.areas.code.findIndex((_, one) => areaName(release, one) === state.within);
  return levelOf(release, row) === "force" ? -1 : row;
}

function withinChoice({ release, state }: Shown, change: (next: Partial<ViewState>) => void): HTMLElement {
  const rows = [...rowsOf(release, "force"), ...rowsOf(release, "bcu"), ...rowsOf(release, "borough")];
  return element(
    "div",
    { class: "control within-choice no-print" },
    element("label", { class: "govuk-label", for: "choose-within" }, "Only areas of"),
    element(
      "select",
      {
        class: "govuk-select",
        id: "choose-within",
        change: (event) => change({ within: (event.target as HTMLSelectElement).value, rows: "all" }),
      },
      ...rows.map((row) =>
        element(
          "option",
          { value: areaName(release, row), selected: areaName(release, row) === state.within },
          areaTitle(release, row),
        ),
      ),
    ),
  );
}

/** The number by which the map colours an area, with its unit, as a row of the hint. */
export function measureText(shown: Shown, area: number): string {
  const value = measured(shown, area);
  if (Number.isNaN(value)) return "";
  switch (shown.state.measure) {
    case "direction":
      return `chance of a rise: ${tenths(value)}`;
    case "expected":
      return `${expectation(value)} expected (mean)`;
    case "change":
      return `${perCent(value, true)} on ${beforeName(shown)}`;
    case "rate":
      return `${expectation(value)} per 1,000 residents${ageOf(shown.state) ? " of that age" : ""}${rateWarning(shown, area) ? " (misleads here)" : ""}`;
    case "severity":
      return `severity ${expectation(value)} (ONS weighted score)`;
    case "width":
      return `8 in 10 range is ${perCent(value)} of the mean`;
  }
}

function columnsOf(shown: Shown): { key: Key; title: string; show: (row: AreaRow) => string }[] {
  const before = shown.period.kind === "year" ? "Recorded, last 12 months" : `Recorded, ${beforeName(shown)}`;
  const mark = (row: AreaRow): string => (rateWarning(shown, row.area) ? " *" : "");
  const all: { key: Key; title: string; show: (row: AreaRow) => string }[] = [
    { key: "name", title: "Area", show: () => "" },
    { key: "recorded", title: before, show: (row) => whole(row.recorded) },
    { key: "middle", title: "Middle forecast", show: (row) => whole(row.middle) },
    { key: "low", title: "8 in 10 range, from", show: (row) => whole(row.low) },
    { key: "high", title: "8 in 10 range, to", show: (row) => whole(row.high) },
    { key: "change", title: "Change", show: (row) => perCent(row.change, true) },
    { key: "chance", title: "Chance of a rise", show: (row) => tenths(row.chance) },
    { key: "expected", title: "Mean (adds up)", show: (row) => expectation(row.expected) },
    {
      key: "rate",
      title: `Rate per 1,000 residents${ageOf(shown.state) ? " of that age" : ""}`,
      show: (row) => expectation(row.rate) + (Number.isNaN(row.rate) ? "" : mark(row)),
    },
    { key: "severity", title: "Severity (ONS weighted score)", show: (row) => expectation(row.severity) },
    { key: "width", title: "Width of range", show: (row) => (Number.isNaN(row.width) ? DASH : perCent(row.width)) },
  ];
  return all;
}

function headerCell(
  key: Key,
  title: string,
  sort: string,
  change: (next: Partial<ViewState>) => void,
): HTMLTableCellElement {
  const chosen = sort.replace("-", "") === key;
  const down = sort.startsWith("-");
  const next = chosen ? (down ? key : `-${key}`) : key === "name" ? key : `-${key}`;
  const arrow = chosen ? (down ? " \u25bc" : " \u25b2") : "";
  return element(
    "th",
    {
      scope: "col",
      class: `govuk-table__header${key === "name" ? "" : " govuk-table__header--numeric"}`,
      "aria-sort": chosen ? (down ? "descending" : "ascending") : undefined,
    },
    element(
      "button",
      { type: "button", class: "plain-button", "data-sort": key, click: () => change({ sort: next }) },
      title,
      element("span", { "aria-hidden": "true" }, arrow),
    ),
  );
}

/** The briefing of a BCU, made for two printed pages: what to expect, how sure it is, where, and what to beware of. */

import { areaRows } from "./area_table";
import { classesOf } from "./classes";
import type { Columns } from "./columns";
import { drawn, element } from "./dom";
import { fanChart } from "./fan_chart";
import { finding, lastTwelve } from "./finding";
import { verdict } from "./last_forecast";
import { keyOf, legend } from "./legend";
import { rateWarning, type Shown } from "./measures";
import { sourceLine } from "./picture";
import { plainTable, type Change } from "./plain_table";
import { liesIn, rowsOf } from "./release";
import { typeCells, TYPE_HEADER, typeRows } from "./types_here";
import { unlocatedNote } from "./unlocated";
import { areaName, settled, firstView } from "./view_state";
import { areaTitle, crimePhrase, expectation, isolated, later, monthName, perCent, whole, yearSpan } from "./words";
import { missingPattern, outlines } from "./ward_map";
import { classOf } from "./classes";

const WIDE = 690; // of a sheet, px
const PAST_MONTHS = 48;
const TOP = 10;

export function briefing(shown: Shown, yearAhead: Columns, change: Change): Node[] {
  const { release } = shown;
  const bcus = rowsOf(release, "bcu");
  const bcu = bcus.find((row) => liesIn(release, shown.area, row)) ?? bcus[0];
  const first = firstView(release);
  const state = settled(
    { ...shown.state, age: "all", scenario: first.scenario, period: first.period, level: "ward", measure: "expected" },
    release,
  );
  const one: Shown = { ...shown, state, area: bcu, period: { kind: "year", index: 0 } };
  const choice = element(
    "select",
    {
      class: "govuk-select",
      id: "choose-bcu",
      change: (event) => change({ area: areaName(release, Number((event.target as HTMLSelectElement).value)) }),
    },
    ...bcus.map((row) => element("option", { value: row, selected: row === bcu }, areaTitle(release, row))),
  );
  return [
    element(
      "div",
      { class: "briefing-choice no-print" },
      element("label", { class: "govuk-label", for: "choose-bcu" }, "BCU"),
      choice,
      element("button", { type: "button", class: "govuk-button", click: () => window.print() }, "Print this briefing"),
      element(
        "p",
        { class: "govuk-hint" },
        "Two pages of A4. The crime type is the one chosen above; the briefing is of the next 12 months, all ages.",
      ),
    ),
    release.years.length
      ? sheets(one, yearAhead)
      : element("p", {}, "The forecast is shorter than a year: there is no briefing."),
  ];
}

function sheets(shown: Shown, yearAhead: Columns): HTMLElement {
  return element("div", { class: "sheets" }, firstSheet(shown, yearAhead), secondSheet(shown));
}

function firstSheet(shown: Shown, yearAhead: Columns): HTMLElement {
  const { release, area, data, state, crime } = shown;
  const rows = typeRows(shown, yearAhead, area).filter((row) => row.crime.level !== "minor");
  const all = Array.from({ length: data.recordedMonths }, (_, month) => data.recordedIn(area, month));
  const skipped = Math.max(0, all.length - PAST_MONTHS);
  const ahead = release.months
    .slice(0, 24)
    .map((_, index) => data.expected(area, { kind: "month", index }, state.scenario));
  const chart = fanChart(
    `${crime.name} in ${areaTitle(release, area)} by month, recorded and expected`,
    { first: later(release.history.first, skipped), recorded: all.slice(skipped), ahead },
    WIDE,
    250,
  );
  return sheet(
    1,
    shown,
    element("p", { class: "finding" }, finding(shown, area)),
    element("h3", { class: "govuk-heading-s" }, `Offences a month: ${crimePhrase(crime)}`),
    element(
      "p",
      { class: "govuk-body-s" },
      "Line: recorded. Dashes: expected. Bands, from dark to light: 50, 80 and 95\u00a0% intervals.",
    ),
    chart,
    element("h3", { class: "govuk-heading-s" }, `Crime types, ${yearSpan(release.years[0])}`),
    element(
      "div",
      { class: "types" },
      plainTable(
        TYPE_HEADER,
        rows.map((row) => [isolated(row.crime.name), ...typeCells(row)]),
      ),
    ),
  );
}

function secondSheet(shown: Shown): HTMLElement {
  const { release, area } = shown;
  const wards = areaRows(shown).filter((row) => liesIn(release, row.area, area));
  const boroughs = areaRows({ ...shown, state: { ...shown.state, level: "borough" } }).filter((row) =>
    liesIn(release, row.area, area),
  );
  const values = new Map(wards.map((row) => [row.area, row.expected]));
  const classes = classesOf([...values.values()], "expected");
  const cells = (row: (typeof wards)[number]): string[] => [
    whole(row.recorded),
    expectation(row.expected),
    Number.isNaN(row.low) ? "\u2013" : `${whole(row.low)} to ${whole(row.high)}`,
    perCent(row.change, true),
    expectation(row.rate) + (rateWarning(shown, row.area) && !Number.isNaN(row.rate) ? " *" : ""),
  ];
  const header = ["Recorded", "Expected", "80\u00a0% interval", "Change", "Per 1,000 residents"];
  const top = wards
    .filter((row) => !Number.isNaN(row.expected))
    .sort((one, other) => other.expected - one.expected)
    .slice(0, TOP);
  const past = verdict(shown, area);
  return sheet(
    2,
    shown,
    element(
      "h3",
      { class: "govuk-heading-s" },
      `Where: expected ${crimePhrase(shown.crime)} by ward, ${yearSpan(release.years[0])}`,
    ),
    element("div", { class: "briefing-map" }, wardDrawing(shown, values), legend(shown, keyOf(shown, values, classes))),
    boroughs.length > 1
      ? plainTable(
          ["Borough", ...header],
          boroughs.map((row) => [areaTitle(release, row.area), ...cells(row)]),
        )
      : element("div"),
    top.length
      ? plainTable(
          [`Wards with the most, ${top.length} of ${wards.length}`, ...header],
          top.map((row) => [areaTitle(release, row.area), ...cells(row)]),
        )
      : element("p", {}, "This crime type is not published by ward."),
    element("h3", { class: "govuk-heading-s" }, "How sure this is"),
    element(
      "ul",
      { class: "govuk-list govuk-list--bullet notes" },
      ...[
        past,
        `An 80\u00a0% interval holds what happens 8 times in 10. Recorded: ${lastTwelve(shown)}. Recorded crime excludes fraud.`,
        unlocatedNote(shown, area),
        "* Few residents, or many more people than live there: a rate per resident misleads.",
        "Recorded crime measures reporting and policing as well as crime. These are volumes of places, never of persons.",
      ]
        .filter(Boolean)
        .map((note) => element("li", {}, note)),
    ),
  );
}

function sheet(number: number, shown: Shown, ...content: Node[]): HTMLElement {
  const { release, area } = shown;
  return element(
    "section",
    { class: "sheet", "aria-labelledby": `sheet-${number}` },
    element(
      "h2",
      { class: "govuk-heading-l", id: `sheet-${number}` },
      `${areaTitle(release, area)}: crime forecast briefing${number > 1 ? ", page 2" : ""}`,
    ),
    element(
      "p",
      { class: "govuk-body-s" },
      `${isolated(release.force.name)}. Recorded to ${monthName(release.origin)}; forecast from ${monthName(later(release.origin, 1))}.${release.force.simulated ? " SIMULATED figures of a fictional force." : ""}${release.audience === "internal" ? " INTERNAL: not for publication." : ""}`,
    ),
    ...content,
    element("p", { class: "sheet-foot" }, `${sourceLine(shown)} Page ${number} of 2.`),
  );
}

function wardDrawing(shown: Shown, values: Map<number, number>): SVGSVGElement {
  const { release } = shown;
  const classes = classesOf([...values.values()], "expected");
  const svg = drawn("svg", {
    class: "map",
    role: "img",
    "aria-label": `Map of the wards of ${areaTitle(release, shown.area)}; the figures of the leading wards are in the table below.`,
  });
  svg.append(drawn("defs", {}, missingPattern("missing-briefing")));
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [row, value] of values) {
    const path = release.map.ward[row];
    if (!path) continue;
    const kind = classOf(value, classes);
    svg.append(
      drawn("path", {
        d: path,
        "fill-rule": "evenodd",
        class: "ward",
        fill: kind < 0 ? "url(#missing-briefing)" : classes.colours[kind],
      }),
    );
    for (const ring of path.split("M").slice(1)) {
      let [x, y] = [0, 0];
      ring
        .replace("z", "")
        .replace("l", " ")
        .split(" ")
        .filter(Boolean)
        .forEach((pair, step) => {
          const [dx, dy] = pair.split(",").map(Number);
          [x, y] = step ? [x + dx, y + dy] : [dx, dy];
          [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
        });
    }
  }
  const boroughs = rowsOf(release, "borough").flatMap((row, place) =>
    liesIn(release, row, shown.area) ? [release.map.borough[place]] : [],
  );
  svg.append(outlines("borough", boroughs));
  if (Number.isFinite(left))
    svg.setAttribute("viewBox", `${left - 8} ${top - 8} ${right - left + 16} ${bottom - top + 16}`);
  return svg;
}

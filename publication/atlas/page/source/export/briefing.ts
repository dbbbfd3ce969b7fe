/** The briefing of a BCU, made for two printed pages: what to expect, how sure it is, where, and what to beware of. */

import { breakMarks } from "../data/breaks";
import { tenths } from "../data/chance";
import { areaRows } from "../panels/area_table";
import { classesOf } from "../data/classes";
import type { Columns } from "../data/columns";
import { drawn, element } from "../elements/dom";
import { fanChart } from "../charts/fan_chart";
import { finding, lastTwelve } from "../data/finding";
import { verdict, yearsRecord } from "../panels/last_forecast";
import { keyOf, legend } from "../map/legend";
import { rateWarning, residentsOf, type Shown } from "../data/measures";
import { sourceLine } from "./picture";
import { plainTable, type Change } from "../elements/plain_table";
import { levelOf, liesIn, rowsOf } from "../data/release";
import { typeCells, TYPE_HEADER, typeRows } from "../panels/types_here";
import { years } from "../charts/area_charts";
import { worstMonths } from "../panels/worth_knowing";
import { unlocatedNote } from "../panels/unlocated";
import { areaName, settled, firstView } from "../data/view_state";
import {
  agePhrase,
  areaTitle,
  capital,
  crimePhrase,
  expectation,
  isolated,
  later,
  LEVEL_NAMES,
  LEVEL_PLURALS,
  monthName,
  perCent,
  scenarioName,
  whole,
  yearSpan,
} from "../data/words";
import { missingPattern, outlines } from "../map/ward_map";
import { classOf } from "../data/classes";

const WIDE = 690; // of a sheet, px
const PAST_MONTHS = 48;
const TOP = 10;
const YOUNG = ["10-17", "18-24"];

export function briefing(shown: Shown, ofWards: Shown, yearAhead: Columns, change: Change): Node[] {
  const { release } = shown;
  const bcus = rowsOf(release, "bcu");
  const boroughs = rowsOf(release, "borough");
  const own = levelOf(release, shown.area) === "borough" ? shown.area : undefined;
  const bcu = own ?? bcus.find((row) => liesIn(release, shown.area, row)) ?? bcus[0];
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
    ...(
      [
        ["BCUs (groups of boroughs under one command)", bcus],
        ["Boroughs", boroughs],
      ] as const
    ).map(([label, rows]) =>
      element(
        "optgroup",
        { label },
        ...rows.map((row) => element("option", { value: row, selected: row === bcu }, areaTitle(release, row))),
      ),
    ),
  );
  return [
    element(
      "div",
      { class: "briefing-choice no-print" },
      element("label", { class: "govuk-label", for: "choose-bcu" }, "Briefing for"),
      choice,
      element("button", { type: "button", class: "govuk-button", click: () => window.print() }, "Print this briefing"),
      element(
        "p",
        { class: "govuk-hint" },
        `Two pages of A4. The crime type is the one chosen above; the briefing is of the next 12 months, all ages${release.scenarios.length > 1 ? `, scenario ${scenarioName(first.scenario)}` : ""}.`,
      ),
    ),
    release.years.length
      ? sheets(one, { ...one, crime: ofWards.crime, data: ofWards.data }, yearAhead)
      : element("p", {}, "The forecast is shorter than a year: there is no briefing."),
  ];
}

function sheets(shown: Shown, ofWards: Shown, yearAhead: Columns): HTMLElement {
  return element("div", { class: "sheets" }, firstSheet(shown, yearAhead), secondSheet(shown, ofWards));
}

function firstSheet(shown: Shown, yearAhead: Columns): HTMLElement {
  const { release, area, data, state, crime } = shown;
  // Totals without protected types are for wards: here they would say nearly the same twice, and run over the page.
  const rows = typeRows(shown, yearAhead, area).filter(
    (row) => row.crime.level !== "minor" && !row.crime.type.includes(" excluding protected types"),
  );
  const all = Array.from({ length: data.recordedMonths }, (_, month) => data.recordedIn(area, month));
  const skipped = Math.max(0, all.length - PAST_MONTHS);
  const ahead = release.months
    .slice(0, 24)
    .map((_, index) => data.expected(area, { kind: "month", index }, state.scenario));
  const chart = fanChart(
    `${crime.name} in ${areaTitle(release, area)} by month, recorded and expected`,
    {
      first: later(release.history.first, skipped),
      recorded: all.slice(skipped),
      ahead,
      breaks: breakMarks(shown, later(release.history.first, skipped), all.length - skipped),
    },
    WIDE,
    190,
  );
  return sheet(
    1,
    shown,
    element("p", { class: "finding" }, finding(shown, area)),
    element("h3", { class: "govuk-heading-s" }, `Offences a month: ${crimePhrase(crime)}`),
    element(
      "p",
      { class: "govuk-body-s" },
      "Line: recorded. Dashes: middle forecast. Bands, from dark to light: 50, 80 and 95\u00a0% intervals.",
    ),
    chart,
    element("p", { class: "govuk-body-s" }, worstMonths(shown)),
    years(shown),
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

function secondSheet(shown: Shown, ofWards: Shown): HTMLElement {
  const { release, area } = shown;
  const wards = areaRows(ofWards).filter((row) => liesIn(release, row.area, area));
  const boroughs = areaRows({ ...shown, state: { ...shown.state, level: "borough" } }).filter((row) =>
    liesIn(release, row.area, area),
  );
  const values = new Map(wards.map((row) => [row.area, row.expected]));
  const classes = classesOf([...values.values()], "expected");
  const cells = (row: (typeof wards)[number]): string[] => [
    whole(row.recorded),
    whole(row.middle),
    Number.isNaN(row.low) ? "\u2013" : `${whole(row.low)} to ${whole(row.high)}`,
    perCent(row.change, true),
    tenths(row.chance),
    expectation(row.rate) + (rateWarning(shown, row.area) && !Number.isNaN(row.rate) ? " *" : ""),
  ];
  const header = ["Recorded", "Middle forecast", "8 in 10 range", "Change", "Chance of a rise", "Per 1,000 residents"];
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
      `Where: ${crimePhrase(ofWards.crime)} by ${LEVEL_NAMES.ward}, ${yearSpan(release.years[0])}`,
    ),
    top.length
      ? element(
          "div",
          { class: "briefing-map" },
          wardDrawing(shown, values),
          legend(shown, keyOf(shown, values, classes)),
        )
      : null,
    boroughs.length > 1
      ? plainTable(
          ["Borough", ...header],
          boroughs.map((row) => [areaTitle(release, row.area), ...cells(row)]),
        )
      : element("div"),
    top.length
      ? plainTable(
          [`${capital(LEVEL_PLURALS.ward)} with the most, ${top.length} of ${wards.length}`, ...header],
          top.map((row) => [areaTitle(release, row.area), ...cells(row)]),
        )
      : element("p", {}, `This crime type is not published by ${LEVEL_NAMES.ward}.`),
    ...youngPeople(shown),
    element("h3", { class: "govuk-heading-s" }, "How sure this is"),
    element(
      "ul",
      { class: "govuk-list govuk-list--bullet notes" },
      ...[
        past,
        yearsRecord(shown),
        `An 80\u00a0% interval holds what happens 8 times in 10. Recorded: ${lastTwelve(shown)}. Recorded crime excludes fraud.`,
        unlocatedNote(shown, area),
        "* Few residents, or many more people than live there: a rate per resident misleads.",
        "Recorded crime measures reporting and policing as well as crime. Not to be used to place proactive policing (drugs, weapons, public order), to decide about a person, or as a target.",
      ]
        .filter(Boolean)
        .map((note) => element("li", {}, note)),
    ),
  );
}

/** How the number of residents of the ages most often met in violence changes, a line an age group. */
function youngPeople(shown: Shown): Node[] {
  const { release, area } = shown;
  const last = release.years.length - 1;
  const june = (year: string): number => Number(year.slice(0, 4)) + (Number(year.slice(5)) > 6 ? 1 : 0);
  const lines = YOUNG.flatMap((group) => {
    const pair = release.groups.find(([, one]) => one === group);
    if (!pair || last < 1) return [];
    const of = { ...shown, state: { ...shown.state, age: pair.join(":") } };
    const [now, then] = [0, last].map((index) => residentsOf({ ...of, period: { kind: "year", index } }, area));
    if (!(now > 0) || Number.isNaN(then)) return [];
    return [
      `Residents ${agePhrase(group)}: ${whole(now)} in mid-${june(release.years[0])}, ${whole(then)} in mid-${june(release.years[last])} (${perCent(then / now - 1, true)}).`,
    ];
  });
  if (!lines.length) return [];
  return [
    element(
      "h3",
      { class: "govuk-heading-s" },
      `Young residents, as projected (${scenarioName(release.scenarios[0])})`,
    ),
    element("ul", { class: "govuk-list notes" }, ...lines.map((line) => element("li", {}, line))),
  ];
}

function sheet(number: number, shown: Shown, ...content: (Node | null)[]): HTMLElement {
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
    element(
      "p",
      { class: "sheet-foot" },
      `${sourceLine(shown)} Published ${release.made}.${release.contact ? ` Contact: ${release.contact}.` : ""} Page ${number} of 2.`,
    ),
  );
}

function wardDrawing(shown: Shown, values: Map<number, number>): SVGSVGElement {
  const { release } = shown;
  const classes = classesOf([...values.values()], "expected");
  const svg = drawn("svg", {
    class: "map",
    role: "img",
    "aria-label": `Map of the ${LEVEL_PLURALS.ward} of ${areaTitle(release, shown.area)}; the figures of the leading ${LEVEL_PLURALS.ward} are in the table below.`,
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

/** Two views side by side: another area, another crime type, or both. */

import { breakMarks } from "../data/breaks";
import { tenths } from "../data/chance";
import { finding, lastTwelve } from "../data/finding";
import { type Shown, changeOf, figuresOf, rateOf, recordedBefore, riseOf, severityOf } from "../data/measures";
import { rowsOf } from "../data/release";
import { areaName } from "../data/view_state";
import { areaTitle, crimePhrase, expectation, later, perCent, whole, yearSpan } from "../data/words";
import { fanChart } from "../charts/fan_chart";
import { element } from "../elements/dom";
import { type Change, plainTable } from "../elements/plain_table";
import { withButtons } from "../export/chart_buttons";

const PAST_MONTHS = 60;

/** The choices of the other side, a table with a column a side, and a chart of each. */
export function compareView(shown: Shown, other: Shown, wide: number, change: Change): Node[] {
  return [
    choices(shown, change),
    element(
      "div",
      { class: "findings-beside" },
      ...[shown, other].map((one) => element("p", { class: "finding" }, finding(one, one.area))),
    ),
    plainTable(["", ...[shown, other].map(nameOf)], rows(shown, other)),
    element("div", { class: "beside" }, ...[shown, other].map((one) => chartOf(one, Math.min(wide, 620)))),
  ];
}

function nameOf({ crime, area, release }: Shown): string {
  return `${crime.name}, ${areaTitle(release, area)}`;
}

function choices({ release, state }: Shown, change: Change): HTMLElement {
  const areas = (["force", "bcu", "borough", "ward"] as const).flatMap((level) => rowsOf(release, level));
  const named = areas.map((row): [string, string] => [areaName(release, row), areaTitle(release, row)]);
  const select = (
    id: string,
    label: string,
    value: string,
    options: [string, string][],
    name: "area" | "other" | "othercrime",
  ) =>
    element(
      "div",
      { class: "control" },
      element("label", { class: "govuk-label", for: id }, label),
      element(
        "select",
        { class: "govuk-select", id, change: (event) => change({ [name]: (event.target as HTMLSelectElement).value }) },
        ...options.map(([one, text]) => element("option", { value: one, selected: one === value }, text)),
      ),
    );
  return element(
    "div",
    { class: "controls no-print" },
    select("choose-first", "Area", state.area, named, "area"),
    select("choose-other", "Compare with area", state.other, named, "other"),
    select(
      "choose-othercrime",
      "And crime type",
      state.othercrime,
      release.crimes.map((crime) => [crime.id, crime.name]),
      "othercrime",
    ),
    element("p", { class: "govuk-hint" }, "The first side is of the crime type chosen above."),
  );
}

function rows(shown: Shown, other: Shown): string[][] {
  const { release } = shown;
  const both = [shown, other];
  const figures = both.map((one) => figuresOf(one, one.area));
  const line = (name: string, tell: (one: Shown, place: number) => string): string[] => [name, ...both.map(tell)];
  return [
    line(`Recorded, ${lastTwelve(shown)}`, (one) => whole(recordedBefore(one, one.area))),
    line("Middle forecast", (_, at) => whole(figures[at].q50)),
    line("8 in 10 range", (_, at) => `${whole(figures[at].q10)} to ${whole(figures[at].q90)}`),
    line("Change of the middle forecast", (one, at) => perCent(changeOf(one, one.area, figures[at]), true)),
    line("Chance of a rise", (one, at) => tenths(riseOf(one, one.area, figures[at]))),
    line("Rate per 1,000 residents (mean)", (one, at) => expectation(rateOf(one, one.area, figures[at].mean))),
    line("Severity (ONS weighted score, mean)", (one) => expectation(severityOf(one, one.area))),
    line("Mean (adds up)", (_, at) => expectation(figures[at].mean)),
    ...release.years.map((year, index) =>
      line(`${yearSpan(year)}: middle forecast`, (one) => {
        const ahead = figuresOf({ ...one, period: { kind: "year", index } }, one.area);
        return `${whole(ahead.q50)} (${whole(ahead.q10)} to ${whole(ahead.q90)})`;
      }),
    ),
  ];
}

function chartOf(shown: Shown, wide: number): HTMLElement {
  const { release, data, area, crime, state } = shown;
  const all = Array.from({ length: data.recordedMonths }, (_, month) => data.recordedIn(area, month));
  const skipped = Math.max(0, all.length - PAST_MONTHS);
  const first = later(release.history.first, skipped);
  const recorded = all.slice(skipped);
  const ahead = release.months.map((_, index) => data.expected(area, { kind: "month", index }, state.scenario));
  const title = `Offences a month: ${crimePhrase(crime)}, ${areaTitle(release, area)}`;
  const figure = element(
    "figure",
    { class: "figure" },
    element("figcaption", {}, title),
    fanChart(
      `${title}. The years are in the table above.`,
      { first, recorded, ahead, breaks: breakMarks(shown, first, recorded.length) },
      wide,
    ),
  );
  return withButtons(
    shown,
    figure,
    title,
    ["month", "recorded", "median", "q10", "q90"],
    [
      ...recorded.map((count, at) => [later(first, at), count, NaN, NaN, NaN]),
      ...ahead.map((one, at) => [release.months[at], NaN, one.q50, one.q10, one.q90]),
    ],
  );
}

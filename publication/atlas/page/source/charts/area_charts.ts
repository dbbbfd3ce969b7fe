/** The charts of an area: history with the forecast, the years ahead, and what drives the change. */

import { breakMarks, breaksOf, monthsFrom } from "../data/breaks";
import { tenths } from "../data/chance";
import { withButtons } from "../export/chart_buttons";
import { element } from "../elements/dom";
import { fanChart, FAN, EXPECTED, RECORDED } from "./fan_chart";
import { lastTwelve, ofWhom } from "../data/finding";
import { type Shown, changeOf, countsAll, figuresOf, riseOf } from "../data/measures";
import { details, plainTable } from "../elements/plain_table";
import { ageOf } from "../data/view_state";
import {
  areaTitle,
  crimePhrase,
  expectation,
  later,
  LEVEL_NAMES,
  monthName,
  perCent,
  scenarioName,
  shortMonth,
  signed,
  whole,
  yearSpan,
} from "../data/words";
import { type Step, waterfall } from "./waterfall";
import { yearChart, type Year } from "./year_chart";

const LEVEL_AND_CHANCE = "level and chance"; // as `release.js` calls the step
const PAST_MONTHS = 72; // shown before the forecast

/** By month with its fan where there are months, else by year. */
export function chart(shown: Shown, wide: number): HTMLElement {
  const monthly =
    shown.state.scenario === shown.release.scenarios[0] && !ageOf(shown.state) && shown.release.months.length > 0;
  return monthly ? byMonth(shown, wide) : byYear(shown, wide);
}

function byMonth(shown: Shown, wide: number): HTMLElement {
  const { area, data, release, state, crime } = shown;
  const all = Array.from({ length: data.recordedMonths }, (_, month) => data.recordedIn(area, month));
  const skipped = Math.max(0, all.length - PAST_MONTHS);
  const ahead = release.months.map((_, index) => data.expected(area, { kind: "month", index }, state.scenario));
  const recorded = all.slice(skipped);
  const label = `${crime.name} in ${areaTitle(release, area)} by month: recorded to ${monthName(release.origin)}, then expected with intervals. The figures are in the table below the chart.`;
  const rows = ahead.map((one, index) => [
    monthName(release.months[index]),
    whole(one.q50),
    expectation(one.mean),
    whole(one.q025),
    whole(one.q10),
    whole(one.q25),
    whole(one.q75),
    whole(one.q90),
    whole(one.q975),
  ]);
  const past = recorded.map((count, month) => [monthName(later(release.history.first, skipped + month)), whole(count)]);
  const figure = element(
    "figure",
    { class: "figure", id: "history-chart" },
    element("figcaption", {}, `Offences a month: ${crimePhrase(crime)}`, fanKey()),
    fanChart(
      label,
      {
        first: later(release.history.first, skipped),
        recorded,
        ahead,
        breaks: breakMarks(shown, later(release.history.first, skipped), recorded.length),
      },
      wide,
    ),
    details(
      "Figures of this chart",
      plainTable(
        [
          "Month",
          "Middle forecast",
          "Mean",
          "95\u00a0% from",
          "80\u00a0% from",
          "50\u00a0% from",
          "50\u00a0% to",
          "80\u00a0% to",
          "95\u00a0% to",
        ],
        rows,
      ),
      plainTable(["Month", "Recorded"], past.reverse()),
    ),
  );
  const first = later(release.history.first, skipped);
  return withButtons(
    shown,
    figure,
    `Offences a month: ${crime.name}, ${areaTitle(release, area)}`,
    ["month", "recorded", "mean", "q025", "q10", "q25", "median", "q75", "q90", "q975"],
    [
      ...recorded.map((count, at) => [later(first, at), count, ...Array<number>(8).fill(NaN)]),
      ...ahead.map((one, at) => [
        release.months[at],
        NaN,
        ...[one.mean, one.q025, one.q10, one.q25, one.q50, one.q75, one.q90, one.q975],
      ]),
    ],
  );
}

function byYear(shown: Shown, wide: number): HTMLElement {
  const { area, data, release, crime } = shown;
  const span = (first: string): string => `to ${shortMonth(later(first, 11))}`;
  const withAge = ageOf(shown.state) !== null;
  const whole_ = Math.floor(data.recordedMonths / 12);
  const past: Year[] = withAge
    ? []
    : Array.from({ length: Math.min(whole_, 5) }, (_, back) => {
        const end = data.recordedMonths - 12 * back;
        const months = Array.from({ length: 12 }, (_, month) => data.recordedIn(area, end - 12 + month));
        return {
          label: span(later(release.history.first, end - 12)),
          recorded: months.reduce((sum, count) => sum + count, 0),
          expected: null,
        };
      }).reverse();
  const ahead: Year[] = release.years.map((first, index) => ({
    label: span(first),
    recorded: NaN,
    expected: figuresOf({ ...shown, period: { kind: "year", index } }, area),
  }));
  const label = `${crime.name}${ofWhom(shown)} in ${areaTitle(release, area)} by year, with 80 % intervals. The figures are in the table of years ahead.`;
  const figure = element(
    "figure",
    { class: "figure", id: "history-chart" },
    element("figcaption", {}, `Offences a year: ${crimePhrase(crime)}${ofWhom(shown)}`, yearKey(past.length > 0)),
    yearChart(label, [...past, ...ahead], wide),
  );
  return withButtons(
    shown,
    figure,
    `Offences a year: ${crime.name}${ofWhom(shown)}, ${areaTitle(release, area)}`,
    ["twelve months", "recorded", "median", "q10", "q90", "mean"],
    [...past, ...ahead].map(({ label: year, recorded, expected }) => [
      year,
      recorded,
      ...(expected ? [expected.q50, expected.q10, expected.q90, expected.mean] : [NaN, NaN, NaN, NaN]),
    ]),
  );
}

/** Each year ahead with its 80 % interval. */
export function years(shown: Shown): HTMLElement {
  const { area, release } = shown;
  if (!release.years.length) return element("p", {}, "The forecast is shorter than a year.");
  const rows = release.years.map((first, index) => {
    const one = { ...shown, period: { kind: "year" as const, index } };
    const figures = figuresOf(one, area);
    const interval = Number.isNaN(figures.q10) ? "\u2013" : `${whole(figures.q10)} to ${whole(figures.q90)}`;
    const cells = [yearSpan(first), whole(figures.q50), interval];
    const against = [perCent(changeOf(one, area, figures), true), tenths(riseOf(one, area, figures))];
    return [...cells, ...(ageOf(shown.state) ? [] : against), expectation(figures.mean)];
  });
  const header = ["Twelve months", "Middle forecast", "8 in 10 range"];
  return plainTable([...header, ...(ageOf(shown.state) ? [] : ["Change", "Chance of a rise"]), "Mean (adds up)"], rows);
}

/** Why a year ahead differs from the last recorded one. */
export function drivers(shown: Shown, wide: number): HTMLElement {
  const { area, data, release, period } = shown;
  if (ageOf(shown.state) || shown.state.scenario !== release.scenarios[0])
    return element("p", {}, `Drivers are told for all ages and the scenario ${scenarioName(release.scenarios[0])}.`);
  const year = period.kind === "year" ? period.index : Math.floor(period.index / 12);
  const parts = data.drivers(area, year);
  const before = data.recorded(area);
  if (!parts.length || Number.isNaN(before))
    return element("p", {}, "This release tells no drivers for this area and type.");
  const after = data.expected(area, { kind: "year", index: year }, shown.state.scenario).mean;
  const steps: Step[] = [
    { name: `Recorded, ${lastTwelve(shown)}`, offences: before, total: true },
    ...[...parts, after - before - parts.reduce((sum, part) => sum + part, 0)]
      .map((offences, step) => ({
        name: release.steps[step]?.name ?? `Offences with ${LEVEL_NAMES.unlocated}`,
        offences,
        total: false,
      }))
      .filter((step) => Math.abs(step.offences) >= 0.05),
    { name: `Mean expected, ${yearSpan(release.years[year])}`, offences: after, total: true },
  ];
  const said = steps
    .map((step) => `${step.name} ${step.total ? expectation(step.offences) : signed(step.offences)}`)
    .join("; ");
  const unmoved = parts.flatMap((offences, step) =>
    Math.abs(offences) < 0.05 ? [release.steps[step].name.toLowerCase()] : [],
  );
  const figure = element(
    "figure",
    { class: "figure" },
    element("figcaption", {}, "Offences a year, step by step; the scale need not start at zero"),
    waterfall(said, steps, wide),
    release.steps.some(({ step }) => step === LEVEL_AND_CHANCE)
      ? element(
          "p",
          { class: "govuk-body-s" },
          "Level now, and chance: the last recorded year was higher or lower than the usual level of today, partly by chance, partly because the level has moved since. One year cannot tell the two apart.",
          stepsNamed(shown),
        )
      : null,
    countsAll(shown, area)
      ? element(
          "p",
          { class: "govuk-body-s" },
          `Level, residents and the other steps can be told of offences with a known ${LEVEL_NAMES.ward} alone; the last step brings in those with none, so that the first and the last bar count all recorded offences.`,
        )
      : null,
    unmoved.length ? element("p", { class: "govuk-body-s" }, `No part in it: ${unmoved.join(", ")}.`) : null,
  );
  return withButtons(
    shown,
    figure,
    `What drives the change: ${shown.crime.name}, ${areaTitle(release, area)}`,
    ["step", "offences"],
    steps.map(({ name, offences }) => [name, offences]),
  );
}

/** The steps in recording of the last two years, which the level holds. */
function stepsNamed(shown: Shown): string {
  const recent = breaksOf(shown).filter(
    ({ kind, first }) => kind === "step" && monthsFrom(first, shown.release.origin) < 24,
  );
  const told = [...new Set(recent.map(({ event, first }) => `${event.toLowerCase()} (${monthName(first)})`))];
  return told.length ? ` It holds steps in recording: ${told.join("; ")}.` : "";
}

function fanKey(): HTMLElement {
  const line = (colour: string, name: string, dashed: boolean): HTMLElement =>
    element("span", { class: `line-key${dashed ? " dashed" : ""}`, style: `--colour:${colour}` }, name);
  return element(
    "span",
    { class: "chart-key" },
    line(RECORDED, "Recorded", false),
    line(EXPECTED, "Middle forecast", true),
    ...FAN.map(({ name, colour }) =>
      element("span", { class: "band-key", style: `--colour:${colour}` }, `${name.replace(" ", "\u00a0")} interval`),
    ),
  );
}

function yearKey(withPast: boolean): HTMLElement {
  const band = (colour: string, name: string): HTMLElement =>
    element("span", { class: "band-key", style: `--colour:${colour}` }, name);
  return element(
    "span",
    { class: "chart-key" },
    withPast ? band(RECORDED, "Recorded") : null,
    band("#ADD1F1", "Middle forecast"),
    band(EXPECTED, "8 in 10 range"),
  );
}

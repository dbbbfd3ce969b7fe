/** The measures: what a place's colour and its row in the table say, and why one says nothing. */

import type { Columns } from "./columns";
import { chanceOfMore, directionOf } from "./chance";
import { CANNOT_TELL } from "./classes";
import type { CrimeData, Figures, Period } from "./crime_data";
import type { Crime, Release } from "./release";
import { levelOf } from "./release";
import { ageOf, type ViewState } from "./view_state";
import { isolated, LEVEL_NAMES, perCent, sentenceCase } from "./words";

export const FEW = 10; // recorded or expected offences under which a percentage says little

/** Everything that a view is made from. */
export interface Shown {
  release: Release;
  state: ViewState;
  crime: Crime;
  data: CrimeData;
  residents: Columns;
  period: Period;
  area: number;
}

export function figuresOf(shown: Shown, area: number): Figures {
  const { state, data, period, release } = shown;
  const age = ageOf(state);
  if (!age) return data.expected(area, period, state.scenario);
  const group = release.groups.findIndex(([basis, name]) => basis === age.basis && name === age.group);
  return data.expectedOfAge(group, area, period.index);
}

/** Whether any period of the view has a figure here. */
export function anyFigures(shown: Shown, area: number): boolean {
  const { release, state } = shown;
  const periods: Period[] = release.years.map((_, index) => ({ kind: "year", index }));
  if (!ageOf(state) && state.scenario === release.scenarios[0])
    periods.push(...release.months.map((_, index): Period => ({ kind: "month", index })));
  return periods.some((period) => !Number.isNaN(figuresOf({ ...shown, period }, area).mean));
}

/** What was recorded a year before the period: the last twelve months, or the same month of them. */
export function recordedBefore(shown: Shown, area: number): number {
  const { data, period } = shown;
  if (ageOf(shown.state)) return NaN;
  if (period.kind === "year") return data.recorded(area);
  return data.recordedMonths < 12 ? NaN : data.recordedIn(area, data.recordedMonths - 12 + (period.index % 12));
}

/** The change of the middle forecast, the median: its mean may rise where most of the possible futures fall. */
export function changeOf(shown: Shown, area: number, figures: Figures): number {
  const before = recordedBefore(shown, area);
  return before >= FEW ? figures.q50 / before - 1 : NaN;
}

/** The chance that more is recorded than before. */
export function riseOf(shown: Shown, area: number, figures: Figures): number {
  const before = recordedBefore(shown, area);
  return before >= FEW ? chanceOfMore(figures, before) : NaN;
}

/** What an area's figures count: all recorded offences, or those whose ward is known. */
export function countsAll(shown: Shown, area: number): boolean {
  const level = levelOf(shown.release, area);
  return level !== "unlocated" && shown.release.measures[level] === "all recorded";
}

export function residentsOf(shown: Shown, area: number): number {
  const { release, residents, state, period } = shown;
  const age = ageOf(state);
  const column = residents.find(age ? "residents.age" : "residents");
  if (!column) return NaN;
  const first = age
    ? release.groups.findIndex(([basis, name]) => basis === age.basis && name === age.group)
    : release.scenarios.indexOf(state.scenario);
  const [, areas, years] = column.shape;
  const year = period.kind === "year" ? period.index : Math.floor(period.index / 12);
  return year < years ? column.values[(first * areas + area) * years + year] : NaN;
}

export function rateOf(shown: Shown, area: number, expected: number): number {
  const persons = residentsOf(shown, area);
  return persons > 0 ? (1000 * expected) / persons : NaN;
}

/** The 80 % interval as a share of the expectation. */
export function widthOf(figures: Figures): number {
  return figures.mean >= 1 ? (figures.q90 - figures.q10) / figures.mean : NaN;
}

export function severityOf(shown: Shown, area: number): number {
  return ageOf(shown.state) ? NaN : shown.data.severity(area, shown.period, shown.state.scenario);
}

export function measured(shown: Shown, area: number): number {
  const figures = figuresOf(shown, area);
  switch (shown.state.measure) {
    case "expected":
      return figures.mean;
    case "change":
      return changeOf(shown, area, figures);
    case "direction":
      return riseOf(shown, area, figures);
    case "rate":
      return rateOf(shown, area, figures.mean);
    case "severity":
      return severityOf(shown, area);
    case "width":
      return widthOf(figures);
  }
}

/** What colours an area of the map: its measure, or that it cannot be told which way the number goes. */
export function mapped(shown: Shown, area: number): number {
  const value = measured(shown, area);
  const way = shown.state.measure === "change" ? directionOf(riseOf(shown, area, figuresOf(shown, area))) : "";
  return way === "either" && !Number.isNaN(value) ? CANNOT_TELL : value;
}

/** Which part of severity a view without protected types leaves out; nothing where it leaves out none. */
export function severityLeftOut({ state, crime, release }: Shown): string {
  if (state.measure !== "severity" || !crime.type.includes(" excluding protected types") || !release.protected_harm)
    return "";
  const named = release.protected.map((type) => isolated(sentenceCase(type))).join(", ");
  return `Severity here leaves out ${named}, which carry ${perCent(release.protected_harm)} of the severity of the whole force: choose all recorded crime and boroughs for all of it.`;
}

/** Why an area has no value. */
export function whyMissing(shown: Shown, area: number): string {
  const level = levelOf(shown.release, area);
  if (Number.isNaN(figuresOf(shown, area).mean)) return `not published at ${LEVEL_NAMES[level]} level`;
  switch (shown.state.measure) {
    case "change":
    case "direction":
      return Number.isNaN(recordedBefore(shown, area))
        ? "no recorded year to compare with"
        : `under ${FEW} recorded: too few to compare`;
    case "rate":
      return "residents not known";
    case "severity":
      return "no severity weight";
    case "width":
      return "under 1 expected: too few to say";
    default:
      return "not published";
  }
}

/** Why a rate per resident misleads in an area, or nothing. */
export function rateWarning(shown: Shown, area: number): string {
  switch (shown.release.marks[area]) {
    case "few":
      return "Few or no residents: a rate per resident misleads here.";
    case "busy":
      return "Many more people come here than live here: a rate per resident misleads.";
    default:
      return "";
  }
}

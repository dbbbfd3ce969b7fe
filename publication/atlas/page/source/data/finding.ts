/** The finding in plain English: what is expected of an area, against what, and how sure that is. */

import { outlookInWords } from "./chance";
import { FEW, type Shown, changeOf, figuresOf, recordedBefore, riseOf, severityOf } from "./measures";
import { levelOf } from "./release";
import { ageOf } from "./view_state";
import {
  agePhrase,
  areaTitle,
  capital,
  crimePhrase,
  expectation,
  later,
  LEVEL_NAMES,
  monthName,
  perCent,
  roundPerCent,
  scenarioName,
  shortMonth,
  whole,
  yearSpan,
} from "./words";

export function finding(shown: Shown, area: number): string {
  const said = ageOf(shown.state) ? findingOfAge(shown, area) : findingOfAll(shown, area);
  const severity = severityOf(shown, area);
  if (shown.state.measure !== "severity" || Number.isNaN(severity)) return said;
  return `${said} These are numbers of offences; weighted by the ONS Crime Severity Score they make ${expectation(severity)}.`;
}

function findingOfAll(shown: Shown, area: number): string {
  const { crime, release } = shown;
  const subject = capital(crimePhrase(crime));
  const where = `in ${areaTitle(release, area)}`;
  const figures = figuresOf(shown, area);
  if (Number.isNaN(figures.mean)) {
    return `${subject}: no forecast is published at ${LEVEL_NAMES[levelOf(release, area)]} level.`;
  }
  const before = recordedBefore(shown, area);
  const range = `8 in 10 chance of between ${whole(figures.q10)} and ${whole(figures.q90)}`;
  const middle = `${whole(figures.q50)} ${offences(figures.q50)} in the middle forecast`;
  const change = changeOf(shown, area, figures);
  if (Number.isNaN(change)) {
    const against = Number.isNaN(before)
      ? ""
      : ` ${capital(beforeName(shown))} had ${whole(before)}${before < FEW ? ", too few for a percentage" : ""}.`;
    return `${subject} ${where} ${when(shown)}: ${middle}; ${range}.${against}`;
  }
  const [low, high] = [figures.q10 / before - 1, figures.q90 / before - 1];
  const numbers = `${middle}, against ${whole(before)} in ${beforeName(shown)} (${roundPerCent(change)})`;
  return `${subject} ${where} ${when(shown)}: ${outlookInWords(riseOf(shown, area, figures))}. ${capital(numbers)}; ${range} (${roundPerCent(low)} to ${roundPerCent(high)}).`;
}

/** Of all offences: how many have nobody of known age, and how many somebody of the group. */
function findingOfAge(shown: Shown, area: number): string {
  const { crime, data, period, release } = shown;
  const { state } = shown;
  const age = ageOf(state)!;
  const subject = `${capital(crimePhrase(crime))} in ${areaTitle(release, area)}`;
  const figures = figuresOf(shown, area);
  if (Number.isNaN(figures.mean)) return `${subject}: no figures by age are published here.`;
  const groups = release.groups.flatMap(([basis], group) => (basis === age.basis ? [group] : []));
  const all = groups.reduce((sum, group) => sum + data.expectedOfAge(group, area, period.index).mean, 0);
  const lost = release.groups.findIndex(([basis, group]) => basis === age.basis && !/\d/.test(group));
  const unknown = lost < 0 ? NaN : data.expectedOfAge(lost, area, period.index).mean / all;
  const chance = Number.isNaN(figures.q10)
    ? ""
    : `; 8 in 10 chance of between ${whole(figures.q10)} and ${whole(figures.q90)}`;
  const have = !Number.isFinite(unknown) ? "" : `${perCent(unknown)} have no ${age.basis} of known age; `;
  return `${subject}: of ${expectation(all)} ${offences(all)} with a known ${LEVEL_NAMES.ward} expected ${when(shown)}, ${have}${expectation(figures.mean)} ${
    Math.abs(figures.mean - 1) < 0.05 ? "is" : "are"
  } expected${ofWhom(shown)}${chance}.`;
}

/** The months and assumptions of a view, for its heading. */
export function when(shown: Shown): string {
  const { period, release, state } = shown;
  // Ages are forecast for the first scenario alone, which a reader of another one needs to see.
  const usual = state.scenario === release.scenarios[0] && (!ageOf(state) || release.scenarios.length < 2);
  const under = usual ? "" : ` under the scenario ${scenarioName(state.scenario)}`;
  if (period.kind === "month") return `in ${monthName(release.months[period.index])}${under}`;
  const span = yearSpan(release.years[period.index]);
  return `${period.index === 0 ? "in the next 12 months" : `in year ${period.index + 1}`} (${span})${under}`;
}

export function beforeName(shown: Shown): string {
  if (shown.period.kind === "year") return "the last 12 months";
  return monthName(later(shown.release.origin, (shown.period.index % 12) - 11));
}

export function lastTwelve(shown: Shown): string {
  return `${shortMonth(later(shown.release.origin, -11))} to ${shortMonth(shown.release.origin)}`;
}

export function ofWhom(shown: Shown): string {
  const age = ageOf(shown.state);
  if (!age) return "";
  return ` with a ${age.basis} ${agePhrase(age.group)}`;
}

function offences(number: number): string {
  return Math.abs(number - 1) < 0.05 ? "offence" : "offences";
}

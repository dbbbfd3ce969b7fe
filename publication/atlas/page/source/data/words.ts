/** Numbers, months and names as readers meet them. Missing figures are an en dash. */

import type { Crime, Release } from "./release";

export const DASH = "\u2013";
const MINUS = "\u2212";
const NO_BREAK = "\u00a0";
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufefc]/;

const grouped = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat("en-GB", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** An expectation: whole from ten up, else with a decimal. */
export function expectation(number: number): string {
  if (Number.isNaN(number)) return DASH;
  if (number > 0 && number < 0.05) return `under${NO_BREAK}0.1`;
  return Math.abs(number) >= 9.95 || number === 0 ? whole(number) : tenths.format(number).replace("-", MINUS);
}

export function whole(number: number): string {
  return Number.isNaN(number) ? DASH : grouped.format(Math.round(number) + 0).replace("-", MINUS);
}

export function signed(number: number): string {
  if (Number.isNaN(number)) return DASH;
  const text = expectation(Math.abs(number));
  return text === "0" ? text : `${number < 0 ? MINUS : "+"}${text}`;
}

/** A share as a percentage: one decimal under 10 %, whole above. */
export function perCent(share: number, withSign = false): string {
  if (!Number.isFinite(share)) return DASH;
  const size = Math.abs(share) * 100;
  const text = size >= 9.95 ? grouped.format(size) : tenths.format(size);
  const sign = Number(text) === 0 ? "" : share < 0 ? MINUS : withSign ? "+" : "";
  return `${sign}${text}${NO_BREAK}%`;
}

/** A share as a whole percentage with its sign, as a sentence has it. */
export function roundPerCent(share: number): string {
  const rounded = Math.round(share * 100) + 0;
  const sign = rounded < 0 ? MINUS : rounded > 0 ? "+" : "";
  return `${sign}${grouped.format(Math.abs(rounded))}${NO_BREAK}%`;
}

/** `2025-04` as `April 2025`. */
export function monthName(month: string): string {
  return `${MONTHS[Number(month.slice(5, 7)) - 1]} ${month.slice(0, 4)}`;
}

export function shortMonth(month: string): string {
  return `${MONTHS[Number(month.slice(5, 7)) - 1].slice(0, 3)} ${month.slice(0, 4)}`;
}

/** A month so many months later. */
export function later(month: string, months: number): string {
  const total = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + months;
  return `${Math.floor(total / 12)}-${String((total % 12) + 1).padStart(2, "0")}`;
}

/** The twelve months from a month. */
export function yearSpan(first: string): string {
  return `${shortMonth(first)} to ${shortMonth(later(first, 11))}`;
}

/** A name that cannot turn the direction of the sentence around it. */
export function isolated(name: string): string {
  return RIGHT_TO_LEFT.test(name) ? `\u2068${name}\u2069` : name;
}

export function areaTitle(release: Release, row: number): string {
  return isolated(release.areas.name[row]);
}

/** A crime type inside a sentence. */
export function crimePhrase(crime: Crime): string {
  return isolated(crime.name.charAt(0).toLowerCase() + crime.name.slice(1));
}

export const LEVEL_NAMES = { ward: "ward", borough: "borough", bcu: "BCU", force: "force", unlocated: "no known ward" };
export const LEVEL_PLURALS = { ward: "wards", borough: "boroughs", bcu: "BCUs" };
export const MEASURE_NAMES = {
  direction: "Likely up, likely down, cannot tell",
  expected: "Expected offences (mean)",
  change: "Change on the last 12 months",
  rate: "Rate per 1,000 residents",
  severity: "Severity (ONS weighted score)",
  width: "How wide the 8 in 10 range is",
};
export const BASIS_NAMES = { victim: "Age of victims", suspect: "Age of suspects" };
export const QUALITY_NAMES = {
  measured: "measured",
  few: "few people",
  proxy: "proxy",
  mixed: "partly proxy",
  none: "none",
};

const SCENARIO_NAMES: Record<string, string> = { low: "Low population", high: "High population" };

export function scenarioName(scenario: string): string {
  return SCENARIO_NAMES[scenario] ?? isolated(scenario.charAt(0).toUpperCase() + scenario.slice(1));
}

/** An age group inside a sentence: `aged 10 to 17`, `of age not known`. */
export function agePhrase(group: string): string {
  return isolated(/\d/.test(group) ? `aged ${group.replace(/^(\d+)-(\d+)$/, "$1 to $2")}` : `of age ${group}`);
}

/** Call the smallest areas what they are: not every force has wards. */
export function nameBaseAreas({ base }: Release): void {
  LEVEL_NAMES.ward = base;
  LEVEL_NAMES.unlocated = `no known ${base}`;
  LEVEL_PLURALS.ward = `${base}s`;
}

/** A publisher's name in capitals as a reader meets it. */
export function sentenceCase(text: string): string {
  return text === text.toUpperCase() ? text.charAt(0) + text.slice(1).toLowerCase() : text;
}

/** A sentence's first word. */
export function capital(text: string): string {
  const start = text.startsWith("\u2068") ? 1 : 0;
  return text.slice(0, start) + text.charAt(start).toUpperCase() + text.slice(start + 1);
}

/** What is shown, and its address: every choice stands in the part after the #, so that a view can be linked. */

import type { Basis, Crime, Release, ShownLevel } from "./release";
import { forceRow } from "./release";
import type { Period } from "./crime_data";

export const VIEWS = ["map", "table", "compare", "briefing"] as const;
export const MEASURES = ["direction", "expected", "change", "rate", "severity", "width"] as const;
export const LEVELS = ["ward", "borough", "bcu"] as const;
export const ZOOMS = ["force", "bcu", "borough"] as const;

export interface ViewState {
  view: (typeof VIEWS)[number];
  measure: (typeof MEASURES)[number];
  crime: string;
  age: string;
  period: string;
  scenario: string;
  level: ShownLevel;
  area: string;
  zoom: (typeof ZOOMS)[number];
  sort: string;
  rows: string;
  /** The area that the table is cut to; the force for none. */
  within: string;
  /** What is compared with: another area, and another crime type. */
  other: string;
  othercrime: string;
}

export type Name = keyof ViewState;

/** The view that an empty address shows. */
export function firstView(release: Release): ViewState {
  // The headline of every page is the whole total; where some of its types stop at boroughs, so does the first map.
  const crime = release.crimes.find((one) => one.level === "all" && one.type === "all") ?? release.crimes[0];
  return {
    view: "map",
    measure: "expected",
    crime: crime.id,
    age: "all",
    period: release.years.length ? release.years[0] + "-year" : release.months[0],
    scenario: release.scenarios[0],
    level: crime.finest === "force" ? "ward" : crime.finest,
    area: areaName(release, forceRow(release)),
    zoom: "force",
    sort: "-expected",
    rows: "some",
    within: areaName(release, forceRow(release)),
    other: areaName(release, forceRow(release)),
    othercrime: crime.id,
  };
}

export function readAddress(address: string, release: Release): ViewState {
  const state = firstView(release);
  const told = new URLSearchParams(address.replace(/^#/, ""));
  for (const name of Object.keys(state) as Name[]) {
    const value = told.get(name);
    if (value !== null && choices(name, release).includes(value)) Object.assign(state, { [name]: value });
  }
  return settled(state, release);
}

/** Whether an address asks for something else than is shown, because there is no such thing or it cannot be had. */
export function asksForOther(address: string, state: ViewState): boolean {
  const told = new URLSearchParams(address.replace(/^#/, ""));
  return [...told].some(([name, value]) => (state as unknown as Record<string, unknown>)[name] !== value);
}

export function writeAddress(state: ViewState, release: Release): string {
  const usual = firstView(release);
  const told = new URLSearchParams();
  for (const name of Object.keys(usual) as Name[]) if (state[name] !== usual[name]) told.set(name, state[name]);
  return `#${told}`;
}

/** The nearest view that there are figures for: ages and further scenarios are by year, and never both. */
export function settled(state: ViewState, release: Release): ViewState {
  const first = firstView(release);
  const next = { ...state };
  // Two crime types are compared for all ages: their ages need not be known alike.
  if (next.view === "compare") Object.assign(next, { age: "all" });
  if (!groupsOf(crimeOf(next, release), release).includes(next.age)) next.age = "all";
  if (next.age !== "all") next.scenario = first.scenario;
  if (next.age !== "all" && (next.measure === "change" || next.measure === "direction" || next.measure === "severity"))
    next.measure = "expected";
  if (release.years.length && yearsOnly(next, first) && !next.period.endsWith("-year")) next.period = first.period;
  return next;
}

/** Choices that stay a reader's wish where another choice has no figures for them. */
export const KEPT = ["measure", "age", "period", "scenario"] as const;

/** A sentence on what was asked for and cannot be had; empty where all can. */
export function notHad(asked: ViewState, state: ViewState, release: Release): string {
  const crime = crimeOf(state, release).name;
  const parts = [
    asked.age !== state.age
      ? `Ages of ${asked.age.startsWith("victim") ? "victims" : "suspects"} are not known for this crime type (${crime}): all ages are shown.`
      : "",
    asked.scenario !== state.scenario ? "Ages are forecast for the first scenario only, which is shown." : "",
    asked.measure !== state.measure
      ? "Recorded offences by age are not in the atlas, so that neither change nor severity can be shown by age: expected offences are shown."
      : "",
    asked.period !== state.period
      ? "Ages and further scenarios are forecast by year: the next 12 months are shown."
      : "",
  ].filter(Boolean);
  return parts.length ? `${parts.join(" ")} Your choice comes back where it can be had.` : "";
}

/** The crime type without its protected types, which wards tell where they do not tell the type itself. */
export function byWard(crime: Crime, release: Release): Crime | undefined {
  if (crime.finest === "ward") return crime;
  return release.crimes.find((one) => one.level === crime.level && one.type.startsWith(`${crime.type} excluding `));
}

export function yearsOnly(state: ViewState, first: ViewState): boolean {
  return state.age !== "all" || state.scenario !== first.scenario;
}

export function crimeOf(state: ViewState, release: Release): Crime {
  return release.crimes.find((crime) => crime.id === state.crime) ?? release.crimes[0];
}

export function periodOf(state: ViewState, release: Release): Period {
  if (state.period.endsWith("-year")) return { kind: "year", index: release.years.indexOf(state.period.slice(0, 7)) };
  return { kind: "month", index: release.months.indexOf(state.period) };
}

/** The ages that a crime type has, as they stand in the address. */
export function groupsOf(crime: Crime, release: Release): string[] {
  const told = release.groups.filter(([basis]) => crime.ages && crime.ages[basis]?.quality !== "none");
  return ["all", ...told.map(([basis, group]) => `${basis}:${group}`)];
}

export function ageOf(state: ViewState): { basis: Basis; group: string } | null {
  const [basis, ...group] = state.age.split(":");
  return state.age === "all" ? null : { basis: basis as Basis, group: group.join(":") };
}

export function areaName(release: Release, row: number): string {
  return `${release.areas.level[row]}:${release.areas.code[row]}`;
}

export function areaRow(state: ViewState, release: Release): number {
  const [level, ...code] = state.area.split(":");
  const { areas } = release;
  return areas.code.findIndex((one, row) => one === code.join(":") && areas.level[row] === level);
}

function choices(name: Name, release: Release): readonly string[] {
  switch (name) {
    case "view":
      return VIEWS;
    case "measure":
      return MEASURES;
    case "level":
      return LEVELS;
    case "zoom":
      return ZOOMS;
    case "crime":
      return release.crimes.map((crime) => crime.id);
    case "age":
      return ["all", ...release.groups.map((pair) => pair.join(":"))];
    case "period":
      return [...release.years.map((year) => `${year}-year`), ...release.months];
    case "scenario":
      return release.scenarios;
    case "othercrime":
      return release.crimes.map((one) => one.id);
    case "area":
    case "other":
    case "within":
      return release.areas.code.flatMap((_, row) =>
        release.areas.level[row] === "unlocated" ? [] : [areaName(release, row)],
      );
    case "sort":
      return [
        "name",
        "recorded",
        "middle",
        "expected",
        "change",
        "chance",
        "low",
        "high",
        "rate",
        "severity",
        "width",
      ].flatMap((key) => [key, `-${key}`]);
    case "rows":
      return ["some", "all"];
  }
}

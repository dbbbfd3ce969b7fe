/** The chosen area: the finding, its figures, its past and future, what moves it, and how the last forecast did. */

import { adjustedNotes } from "../data/breaks";
import { tenths } from "../data/chance";
import type { Columns } from "../data/columns";
import type { Figures } from "../data/crime_data";
import { element } from "../elements/dom";
import { beforeName, finding, lastTwelve, when } from "../data/finding";
import {
  type Shown,
  anyFigures,
  severityLeftOut,
  changeOf,
  figuresOf,
  rateOf,
  rateWarning,
  recordedBefore,
  riseOf,
  residentsOf,
  severityOf,
} from "../data/measures";
import { lastForecast, yearsRecord } from "./last_forecast";
import { levelOf, parentsOf } from "../data/release";
import type { Change } from "../elements/plain_table";
import { ageOf, areaName, firstView } from "../data/view_state";
import { chart, drivers, years } from "../charts/area_charts";
import { type Posts, postsHere } from "./posts_here";
import { typesHere } from "./types_here";
import { topWards, worstMonths } from "./worth_knowing";
import { unlocatedNote } from "./unlocated";
import {
  agePhrase,
  areaTitle,
  BASIS_NAMES,
  capital,
  LEVEL_PLURALS,
  expectation,
  isolated,
  LEVEL_NAMES,
  perCent,
  scenarioName,
  sentenceCase,
  signed,
  whole,
} from "../data/words";

/** The parts of the panel; `wide` is the room for charts, px. */
export function areaPanel(
  shown: Shown,
  yearAhead: Columns | undefined,
  posts: Posts[] | undefined,
  wide: number,
  change: Change,
): Node[] {
  const { area, release } = shown;
  const told = anyFigures(shown, area);
  return [
    breadcrumbs(shown, change),
    element("h2", { class: "govuk-heading-l", id: "area-title", tabindex: -1 }, areaTitle(release, area)),
    element("p", { class: "finding" }, finding(shown, area)),
    warnings(shown),
    ...(told
      ? [
          summary(shown),
          section("History and forecast", chart(shown, wide), sentence(worstMonths(shown))),
          section("Years ahead", years(shown), sentence(yearsRecord(shown))),
          levelOf(release, area) === "ward"
            ? element("div")
            : section(`${capital(LEVEL_PLURALS.ward)} with most expected ${when(shown)}`, topWards(shown, change)),
          section("What drives the change", drivers(shown, wide)),
          section("How the forecast of a year ago did", firstOnly(shown), lastForecast(shown, wide)),
        ]
      : []),
    yearAhead
      ? section("Crime types here, next 12 months", firstOnly(shown), typesHere(shown, yearAhead, change))
      : element("div"),
    posts ? section("Posts and why", postsHere(shown, posts)) : element("div"),
  ];
}

function sentence(text: string): HTMLElement | null {
  return text ? element("p", {}, text) : null;
}

function section(title: string, ...content: (Node | null)[]): HTMLElement {
  return element("section", { class: "part" }, element("h3", { class: "govuk-heading-m" }, title), ...content);
}

/** What the parts that know no ages, scenarios or later periods are of, where the view has one of these chosen. */
function firstOnly({ release, state }: Shown): HTMLElement | null {
  const first = firstView(release);
  if (state.age === "all" && state.scenario === first.scenario && state.period === first.period) return null;
  const scenario = release.scenarios.length > 1 ? ` and the scenario ${scenarioName(first.scenario)}` : "";
  return element("p", { class: "govuk-hint" }, `For all ages${scenario}, whatever is chosen above.`);
}

function breadcrumbs({ release, area }: Shown, change: Change): HTMLElement {
  const parents = [...parentsOf(release, area)].reverse();
  const links = parents.map((row) =>
    element(
      "li",
      {},
      element(
        "button",
        { type: "button", class: "plain-button", click: () => change({ area: areaName(release, row) }) },
        areaTitle(release, row),
      ),
    ),
  );
  const level = LEVEL_NAMES[levelOf(release, area)];
  return element(
    "ul",
    { class: "breadcrumbs", "aria-label": "Where this area lies" },
    ...links,
    element("li", {}, `${level.charAt(0).toUpperCase()}${level.slice(1)} ${release.areas.code[area]}`),
  );
}

function warnings(shown: Shown): HTMLElement {
  const { state, crime, release, period, area } = shown;
  const age = ageOf(state);
  const quality = age && crime.ages?.[age.basis];
  const late = period.kind === "year" ? period.index > 0 : period.index >= 12;
  const notes = [
    late ? yearsRecord(shown) || "No past forecast of this year ahead could be scored." : "",
    rateWarning(shown, area),
    age ? `${BASIS_NAMES[age.basis]}. Victims and suspects are counted apart and are not to be added up.` : "",
    quality ? qualityNote(quality.quality, quality.source) : "",
    ...(quality ? quality.notes : []),
    age
      ? `Ages are told of offences with a known ${LEVEL_NAMES.ward} alone: the residents that they are split by are known by ${LEVEL_NAMES.ward}.`
      : "",
    age ? `The rate per 1,000 is of offences with a ${age.basis} of known age: there are more with none known.` : "",
    crime.type.includes(" excluding protected types")
      ? `Protected types, left out here: ${release.protected.map(sentenceCase).join(", ")}. They are published for boroughs and above.`
      : "",
    severityLeftOut(shown),
    returnNote(shown),
    crime.level === "all" ? "Recorded crime excludes fraud." : "",
    ...(age ? [] : adjustedNotes(shown, area)),
    unlocatedNote(shown, area),
    differenceNote(shown),
  ].filter(Boolean);
  return element("ul", { class: "govuk-list notes" }, ...notes.map((note) => element("li", {}, note)));
}

/** A ward that had an odd year goes back to its usual level: no change of crime is behind that part. */
function returnNote(shown: Shown): string {
  const { release, area, data, period, state } = shown;
  if (levelOf(release, area) !== "ward" || ageOf(state) || period.kind !== "year") return "";
  const step = release.steps.findIndex((one) => one.step === "level and chance");
  const parts = data.drivers(area, period.index);
  const change = figuresOf(shown, area).mean - recordedBefore(shown, area);
  if (step < 0 || !parts.length || Math.abs(change) < 1 || parts[step] / change < 0.5) return "";
  return `Most of this change is a return to the usual level (${signed(parts[step])} of ${signed(change)}): last year was unusually ${change < 0 ? "high" : "low"} here.`;
}

function qualityNote(quality: string, source: string): string {
  const said = {
    measured: "Ages are measured: from records of this type.",
    few: "Ages are from records of this type, but of few people: they lean on those of all types.",
    proxy: "Ages are a proxy: from similar records, not from this type's own.",
    mixed: "Ages are measured for some of the types summed up here and a proxy for others.",
    none: "There are no ages for this type.",
  }[quality];
  return `${said ?? ""}${source ? ` Source: ${isolated(source)}.` : ""}`;
}

function differenceNote(shown: Shown): string {
  const { state, release, period, data, area } = shown;
  if (state.scenario === release.scenarios[0] || period.kind !== "year") return "";
  const difference = data.difference(area, period.index, state.scenario);
  if (Number.isNaN(difference.mean)) return "";
  return `${signed(difference.mean)} against the scenario ${scenarioName(release.scenarios[0])}; 8 in 10 chance of between ${signed(difference.q10)} and ${signed(difference.q90)}.`;
}

function summary(shown: Shown): HTMLElement {
  const { area } = shown;
  const age = ageOf(shown.state);
  const figures = figuresOf(shown, area);
  const before = recordedBefore(shown, area);
  const rate = rateOf(shown, area, figures.mean);
  const rows: [string, string][] = [
    [`Middle forecast ${when(shown)}`, whole(figures.q50)],
    [
      "8 in 10 range (80\u00a0% interval)",
      Number.isNaN(figures.q10) ? "\u2013" : `${whole(figures.q10)} to ${whole(figures.q90)}`,
    ],
    ...(age
      ? []
      : ([
          [
            `Recorded in ${shown.period.kind === "year" ? `the last 12 months (${lastTwelve(shown)})` : beforeName(shown)}`,
            whole(before),
          ],
          ["Change of the middle forecast", changeText(shown, figures, before)],
          ["Chance of a rise", tenths(riseOf(shown, area, figures))],
        ] as [string, string][])),
    ["Mean of the possible futures (for adding up)", expectation(figures.mean)],
    [
      age ? `Rate per 1,000 residents ${agePhrase(age.group)}` : "Rate per 1,000 residents",
      Number.isNaN(rate)
        ? "\u2013"
        : `${expectation(rate)}${rateWarning(shown, area) ? " (misleads here)" : ""}, of ${whole(residentsOf(shown, area))} residents`,
    ],
    ...(Number.isNaN(severityOf(shown, area))
      ? []
      : ([["Severity (ONS weighted score)", `${expectation(severityOf(shown, area))} (no interval)`]] as [
          string,
          string,
        ][])),
  ];
  return element(
    "dl",
    { class: "summary" },
    ...rows.map(([term, figure]) => element("div", {}, element("dt", {}, term), element("dd", {}, figure))),
  );
}

function changeText(shown: Shown, figures: Figures, before: number): string {
  const change = changeOf(shown, shown.area, figures);
  if (!Number.isNaN(change)) return `${perCent(change, true)} (${signed(figures.q50 - before)})`;
  return Number.isNaN(before) || Number.isNaN(figures.q50)
    ? "\u2013"
    : `${signed(figures.q50 - before)}; too few for a percentage`;
}

/** What a briefing asks first: the busiest wards of an area, and the worst months of the next year. */

import { tenths } from "../data/chance";
import { figuresOf, type Shown } from "../data/measures";
import { liesIn } from "../data/release";
import { ageOf, areaName, byWard } from "../data/view_state";
import { areaTitle, capital, expectation, LEVEL_NAMES, LEVEL_PLURALS, monthName, perCent, whole } from "../data/words";
import { element } from "../elements/dom";
import { type Change, plainTable } from "../elements/plain_table";
import { areaRows } from "./area_table";

const TOP = 5;
const WORST = 3;

/** The wards of the area with the most expected in the period, with the chance of each of a rise. */
export function topWards(shown: Shown, change: Change): HTMLElement {
  const { release, area } = shown;
  const wards = areaRows({ ...shown, state: { ...shown.state, level: "ward" } })
    .filter((row) => row.area !== area && liesIn(release, row.area, area) && !Number.isNaN(row.expected))
    .sort((one, other) => other.expected - one.expected)
    .slice(0, TOP);
  const without = byWard(shown.crime, release);
  if (!wards.length)
    return element(
      "div",
      {},
      element("p", {}, `This crime type has no figures by ${LEVEL_PLURALS.ward} here.`),
      without && without !== shown.crime
        ? element(
            "button",
            {
              type: "button",
              class: "govuk-button govuk-button--secondary no-print",
              click: () => change({ crime: without.id, level: "ward" }),
            },
            `Show ${LEVEL_PLURALS.ward}, without protected types`,
          )
        : null,
    );
  const rows = wards.map((row) => [
    element(
      "button",
      { type: "button", class: "plain-button", click: () => change({ area: areaName(release, row.area) }) },
      areaTitle(release, row.area),
    ),
    whole(row.recorded),
    whole(row.middle),
    Number.isNaN(row.low) ? "\u2013" : `${whole(row.low)} to ${whole(row.high)}`,
    perCent(row.change, true),
    tenths(row.chance),
    expectation(row.expected),
  ]);
  const header = [
    capital(LEVEL_NAMES.ward),
    "Recorded",
    "Middle forecast",
    "8 in 10 range",
    "Change",
    "Chance of a rise",
    "Mean",
  ];
  return element(
    "div",
    {},
    plainTable(header, rows),
    element(
      "button",
      {
        type: "button",
        class: "govuk-button govuk-button--secondary no-print",
        click: () => change({ view: "table", level: "ward", within: shown.state.area, sort: "-expected", rows: "all" }),
      },
      `All ${LEVEL_PLURALS.ward} of ${areaTitle(release, area)}`,
    ),
  );
}

/** The months of the next twelve in which most is expected; empty where months are not told. */
export function worstMonths(shown: Shown): string {
  const { release, area, state } = shown;
  if (ageOf(state) || state.scenario !== release.scenarios[0]) return "";
  const months = release.months.slice(0, 12).map((month, index) => ({
    month,
    figures: figuresOf({ ...shown, period: { kind: "month", index } }, area),
  }));
  const worst = months
    .filter(({ figures }) => figures.mean >= 1)
    .sort((one, other) => other.figures.mean - one.figures.mean)
    .slice(0, WORST);
  if (months.length < 12 || !worst.length) return "";
  const told = worst.map(
    ({ month, figures }) =>
      `${monthName(month)} (middle forecast ${whole(figures.q50)}, 8 in 10 chance of ${whole(figures.q10)} to ${whole(figures.q90)})`,
  );
  return `Months of the next 12 with most expected: ${told.join("; ")}.`;
}

/** The choices above the map: measure, crime type, age, period, scenario, areas. They are filled once and then follow. */

import { element, place } from "../elements/dom";
import type { Release } from "../data/release";
import { MEASURES, type Name, type ViewState, crimeOf, firstView, groupsOf, yearsOnly } from "../data/view_state";
import {
  BASIS_NAMES,
  isolated,
  LEVEL_PLURALS,
  MEASURE_NAMES,
  monthName,
  QUALITY_NAMES,
  scenarioName,
  yearSpan,
} from "../data/words";

type Option = { value: string; text: string; disabled?: boolean };
type Group = { label: string; options: Option[] };

const CHOSEN: Name[] = ["crime", "measure", "period", "age", "scenario", "level"];

/** Watch the controls; `change` gets the name and the value that a reader chose. */
export function watchControls(change: (name: Name, value: string) => void): void {
  for (const name of CHOSEN) {
    const select = control(name);
    select.addEventListener("change", () => change(name, select.value));
  }
}

/** Make every control say what is shown, and offer what can be shown next. */
export function followState(release: Release, state: ViewState): void {
  const first = firstView(release);
  fill("crime", crimeGroups(release), state.crime);
  const byAge = state.age !== "all";
  fill(
    "measure",
    [
      {
        label: "",
        options: MEASURES.map((measure) => ({
          value: measure,
          text: MEASURE_NAMES[measure],
          disabled: byAge && (measure === "change" || measure === "severity"),
        })),
      },
    ],
    state.measure,
  );
  fill("period", periods(release, yearsOnly(state, first)), state.period);
  fill("age", ages(release, state), state.age);
  fill(
    "scenario",
    [
      {
        label: "",
        options: release.scenarios.map((scenario) => ({
          value: scenario,
          text: scenarioName(scenario),
          disabled: byAge && scenario !== first.scenario,
        })),
      },
    ],
    state.scenario,
  );
  fill(
    "level",
    [
      {
        label: "",
        options: (["ward", "borough", "bcu"] as const).map((level) => ({
          value: level,
          text: isolated(LEVEL_PLURALS[level].charAt(0).toUpperCase() + LEVEL_PLURALS[level].slice(1)),
        })),
      },
    ],
    state.level,
  );
  // The briefing is of the next 12 months, all ages and the first scenario: there only the crime type is a choice.
  const fixed = state.view === "briefing";
  for (const name of ["measure", "level"]) place(`${name}-control`).hidden = fixed || state.view === "compare";
  place("period-control").hidden = fixed;
  place("scenario-control").hidden = fixed || release.scenarios.length < 2;
  place("age-control").hidden = fixed || state.view === "compare" || release.groups.length === 0;
  place("control-note").textContent = fixed ? "" : controlNote(release, state, first);
}

function controlNote(release: Release, state: ViewState, first: ViewState): string {
  const usual = scenarioName(first.scenario);
  if (state.age !== "all") {
    const only = release.scenarios.length > 1 ? ` and for the scenario ${usual}` : "";
    return `Ages are forecast by year${only} only. Recorded offences by age are not part of the atlas, so there is no change to show.`;
  }
  return state.scenario === first.scenario ? "" : `Scenarios other than ${usual} are forecast by year.`;
}

function control(name: Name): HTMLSelectElement {
  return place(`choose-${name}`) as HTMLSelectElement;
}

function fill(name: Name, groups: Group[], value: string): void {
  const select = control(name);
  const told = JSON.stringify(groups);
  if (select.dataset.told !== told) {
    select.dataset.told = told;
    select.replaceChildren(
      ...groups.flatMap(({ label, options }): Node[] => {
        const made = options.map((option) =>
          element("option", { value: option.value, disabled: option.disabled }, option.text),
        );
        return label ? [element("optgroup", { label }, ...made)] : made;
      }),
    );
  }
  select.value = value;
}

function crimeGroups(release: Release): Group[] {
  const whole = release.crimes.filter((crime) => crime.level === "all" || crime.level === "group");
  const majors = release.crimes.filter((crime) => crime.level === "major");
  const option = (crime: Release["crimes"][number], text = crime.name): Option => ({
    value: crime.id,
    text: isolated(text),
  });
  const within = majors
    .filter((major) => major.id === major.major)
    .map((major) => ({
      label: isolated(major.name),
      options: release.crimes
        .filter((crime) => crime.major === major.id)
        .map((crime) =>
          option(
            crime,
            crime.level === "major" ? `${crime.name} (all)`.replace(/( excluding .*) \(all\)$/, "$1") : crime.name,
          ),
        ),
    }));
  const stray = release.crimes.filter(
    (crime) => crime.level === "minor" && !within.some((group) => group.options.some((one) => one.value === crime.id)),
  );
  return [
    { label: "", options: whole.map((crime) => option(crime)) },
    ...within,
    ...(stray.length ? [{ label: "Other", options: stray.map((crime) => option(crime)) }] : []),
  ];
}

function periods(release: Release, onlyYears: boolean): Group[] {
  const years = release.years.map((year, index) => ({
    value: `${year}-year`,
    text: index ? `Year ${index + 1}: ${yearSpan(year)} ` : `Next 12 months: ${yearSpan(year)}`,
  }));
  const months = release.months.map((month) => ({
    value: month,
    text: monthName(month),
    disabled: onlyYears,
  }));
  return [
    { label: "Twelve months", options: years },
    { label: "Single months", options: months },
  ].filter((group) => group.options.length);
}

function ages(release: Release, state: ViewState): Group[] {
  const crime = crimeOf(state, release);
  const can = groupsOf(crime, release);
  const groups = (["victim", "suspect"] as const).map((basis) => {
    const quality = crime.ages?.[basis]?.quality;
    const told = quality ? ` (${QUALITY_NAMES[quality]})` : "";
    const options = release.groups
      .filter(([one]) => one === basis)
      .map(([, group]) => ({
        value: `${basis}:${group}`,
        text: isolated(group.charAt(0).toUpperCase() + group.slice(1)),
        disabled: !can.includes(`${basis}:${group}`),
      }));
    return { label: BASIS_NAMES[basis] + told, options };
  });
  return [
    { label: "", options: [{ value: "all", text: "All ages" }] },
    ...groups.filter((group) => group.options.length),
  ];
}

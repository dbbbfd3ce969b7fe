/** The page: reads what to show from its address, fetches the figures, draws, and writes the address anew. */

import { areaPanel } from "./panels/area_panel";
import { compareView } from "./panels/compare";
import { areaTable, measureText } from "./panels/area_table";
import { briefing } from "./export/briefing";
import { classesOf } from "./data/classes";
import { followState, watchControls } from "./panels/controls";
import { CrimeData } from "./data/crime_data";
import type { Columns } from "./data/columns";
import { deliver, deliverTold, openedRelease, receive } from "./data/delivery";
import { element, place } from "./elements/dom";
import { FindArea } from "./panels/find_area";
import { finding } from "./data/finding";
import { type Key, keyOf, legend, shownTitle } from "./map/legend";
import type { Posts } from "./panels/posts_here";
import { mapped, type Shown, whyMissing } from "./data/measures";
import { mapPicture } from "./export/picture";
import { watchDownloads } from "./export/save_buttons";
import { type Crime, type Release, levelOf, rowsOf } from "./data/release";
import {
  areaName,
  areaRow,
  asksForOther,
  byWard,
  crimeOf,
  periodOf,
  readAddress,
  settled,
  KEPT,
  notHad,
  VIEWS,
  type ViewState,
  writeAddress,
} from "./data/view_state";
import { WardMap } from "./map/ward_map";
import { areaTitle, LEVEL_NAMES, LEVEL_PLURALS, nameBaseAreas } from "./data/words";

receive();
document.addEventListener("DOMContentLoaded", start);

function start(): void {
  const release = openedRelease();
  if (!("DecompressionStream" in window)) {
    return tellTrouble(
      "This browser is too old for the atlas: it cannot unpack the figures. Open it in a browser of 2023 or later, or use the workbook and the CSV files of the release.",
    );
  }
  if (!release)
    return tellTrouble(
      "The file data/release.js is missing or cannot be read. Copy the whole folder of the release, not the page alone.",
    );
  nameBaseAreas(release);
  if (window.matchMedia("(max-width: 520px)").matches) (place("filters") as HTMLDetailsElement).open = false;
  const stale = document.getElementById("stale");
  if (stale) stale.hidden = new Date() <= new Date(`${stale.dataset.due}T23:59:59`);
  new Atlas(release).follow();
}

function tellTrouble(text: string): void {
  place("trouble-text").textContent = text;
  place("trouble").hidden = false;
}

class Atlas {
  private state: ViewState;
  private shown: Shown | null = null;
  private key: Key | null = null;
  private readonly map: WardMap;
  private readonly find: FindArea;
  private wide = 0;
  private wanted: Partial<ViewState> = {};

  constructor(private readonly release: Release) {
    this.state = readAddress(location.hash, release);
    const pick = (row: number): void => this.change({ area: areaName(release, row) });
    this.map = new WardMap(place("map"), release, pick, (row) => this.describe(row));
    this.find = new FindArea(release, pick);
    watchControls((name, value) => this.change({ [name]: value }));
    for (const zoom of ["force", "bcu", "borough"] as const)
      place(`zoom-${zoom}`).addEventListener("click", () => this.change({ zoom }));
    watchDownloads(
      () => this.shown,
      (shown) => mapPicture(shown, shownTitle(shown), this.map.svg, this.key ?? { title: "", entries: [] }),
      tellTrouble,
    );
    const unmapped = rowsOf(release, "ward").filter((_, ward) => !release.map.ward[ward]).length;
    if (unmapped)
      place("unmapped").textContent =
        `${unmapped} ${unmapped === 1 ? `${LEVEL_NAMES.ward} has` : `${LEVEL_PLURALS.ward} have`} no boundary and cannot be on the map; they are in the list and the table.`;
    window.addEventListener("hashchange", () => {
      if (location.hash !== writeAddress(this.state, release)) this.follow();
    });
    new ResizeObserver(() => {
      if (this.shown && this.roomForCharts() !== this.wide) this.drawPanel(this.shown);
    }).observe(place("area-panel"));
  }

  /** Show what the address says. */
  follow(): void {
    this.state = readAddress(location.hash, this.release);
    this.wanted = Object.fromEntries(KEPT.map((name) => [name, this.state[name]]));
    place("address-note").textContent =
      "The address asked for something that there are no figures for; this is the nearest view.";
    place("address-note").hidden = !asksForOther(location.hash, this.state);
    history.replaceState(null, "", writeAddress(this.state, this.release));
    void this.show();
  }

  private change(next: Partial<ViewState>): void {
    for (const name of KEPT) if (next[name] !== undefined) Object.assign(this.wanted, { [name]: next[name] });
    const asked = { ...this.state, ...this.wanted, ...next };
    const state = settled(asked, this.release);
    const address = writeAddress(state, this.release);
    this.sayNotHad(asked, state);
    if (address === writeAddress(this.state, this.release)) return followState(this.release, state);
    this.state = state;
    location.hash = address;
    void this.show();
  }

  /** Say which choices there are no figures for; they are kept, and come back with a choice that has them. */
  private sayNotHad(asked: ViewState, state: ViewState): void {
    const note = notHad(asked, state, this.release);
    place("address-note").textContent = note;
    place("address-note").hidden = note === "";
  }

  /** Fetch the figures of the state and draw them, unless another choice has been made meanwhile. */
  private async show(): Promise<void> {
    const { release, state } = this;
    followState(release, state);
    place("main").setAttribute("aria-busy", "true");
    try {
      const crime = crimeOf(state, release);
      const [columns, ages, residents] = await Promise.all([
        deliver(crime.id),
        state.age === "all" ? undefined : deliver(`${crime.id}-ages`),
        deliver("residents"),
      ]);
      const other = release.crimes.find((one) => one.id === state.othercrime) ?? crime;
      const otherColumns = state.view === "compare" ? await deliver(other.id) : undefined;
      const yearAhead = state.view === "briefing" && release.years.length ? await deliver("year-ahead") : undefined;
      if (state !== this.state) return;
      const data = new CrimeData(columns, ages, crime.weight);
      this.shown = {
        release,
        state,
        crime,
        data,
        residents,
        period: periodOf(state, release),
        area: areaRow(state, release),
      };
      this.draw(this.shown);
      const without = byWard(crime, release) ?? crime;
      if (yearAhead) {
        const data =
          without === crime ? this.shown.data : new CrimeData(await deliver(without.id), undefined, without.weight);
        if (state !== this.state) return;
        this.drawBriefing(this.shown, { ...this.shown, crime: without, data }, yearAhead);
      }
      if (otherColumns) this.drawCompared(this.shown, other, otherColumns);
      place("trouble").hidden = true;
    } catch (error) {
      tellTrouble(error instanceof Error ? error.message : String(error));
    } finally {
      place("main").removeAttribute("aria-busy");
    }
    performance.mark("atlas-shown");
    document.documentElement.dataset.shown = writeAddress(state, release);
  }

  private draw(shown: Shown): void {
    const { release, state, crime } = shown;
    for (const view of VIEWS) {
      place(`${view}-view`).hidden = view !== state.view;
      const link = place(`go-${view}`);
      link.setAttribute("href", writeAddress({ ...state, view }, release));
      if (view === state.view) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    const title = state.view === "briefing" ? `${crime.name}, briefing` : shownTitle(shown);
    document.title = `${areaTitle(release, shown.area)}: ${title} - Wardcast atlas`;
    place("shown-title").textContent = title;
    place("shown-title").hidden = state.view === "briefing" || state.view === "compare";
    place("status").textContent = finding(shown, shown.area);
    place("find").hidden = state.view !== "map";
    if (state.view === "map") this.drawMap(shown);
    if (state.view === "map") this.drawPanel(shown);
    if (state.view === "table") this.drawTable(shown);
  }

  private drawMap(shown: Shown): void {
    const { release, state, area } = shown;
    const values = new Map(rowsOf(release, state.level).map((row) => [row, mapped(shown, row)]));
    const classes = classesOf([...values.values()], state.measure);
    this.map.colour({ level: state.level, values, classes });
    const zoomTo = state.zoom === "force" ? -1 : this.parentAt(area, state.zoom);
    this.map.show(area, zoomTo);
    this.map.label(state.zoom === "force" ? "borough" : state.level === "bcu" ? "borough" : state.level, zoomTo);
    this.key = keyOf(shown, values, classes);
    place("map-key").replaceChildren(legend(shown, this.key));
    for (const zoom of ["force", "bcu", "borough"] as const) {
      const button = place(`zoom-${zoom}`) as HTMLButtonElement;
      button.setAttribute("aria-pressed", String(zoom === "force" ? zoomTo < 0 : zoom === state.zoom && zoomTo >= 0));
      button.disabled = zoom !== "force" && this.parentAt(area, zoom) < 0;
    }
    this.offerCoarser(shown, values);
    this.find.follow(area);
  }

  /** Where a type stops at a coarser level, say so and offer that level. */
  private offerCoarser(shown: Shown, values: Map<number, number>): void {
    const host = place("coarser");
    const { release } = shown;
    const level = shown.state.level;
    const none = [...values.keys()].every((row) =>
      Number.isNaN(shown.data.expected(row, { kind: shown.period.kind, index: 0 }, shown.state.scenario).mean),
    );
    if (!none || level === "bcu") return host.replaceChildren();
    const without = level === "ward" ? byWard(shown.crime, release) : undefined;
    const button = (text: string, next: Partial<ViewState>): HTMLElement =>
      element(
        "button",
        { type: "button", class: "govuk-button govuk-button--secondary", click: () => this.change(next) },
        text,
      );
    host.replaceChildren(
      element("p", {}, `${shown.crime.name}: not published by ${LEVEL_NAMES[level]}.`),
      button(level === "ward" ? "Show boroughs" : "Show BCUs", { level: level === "ward" ? "borough" : "bcu" }),
      ...(without && without !== shown.crime
        ? [button(`Show ${LEVEL_PLURALS.ward}, without protected types`, { crime: without.id, level: "ward" })]
        : []),
    );
  }

  private drawPanel(shown: Shown): void {
    const host = place("area-panel");
    const focused = host.contains(document.activeElement);
    const open = [...host.querySelectorAll("details")].map((one) => one.open);
    this.wide = this.roomForCharts();
    const draw = (yearAhead?: Parameters<typeof areaPanel>[1]): void => {
      host.replaceChildren(...areaPanel(shown, yearAhead, this.posts, this.wide, (next) => this.change(next)));
      host.querySelectorAll("details").forEach((one, number) => (one.open = open[number] ?? false));
      const drawn = host.querySelector("#history-chart") !== null;
      for (const kind of ["svg", "png"]) (place(`save-chart-${kind}`) as HTMLButtonElement).disabled = !drawn;
    };
    draw(this.yearAhead);
    if (focused) place("area-title").focus({ preventScroll: true });
    if (!this.yearAhead && this.release.years.length) {
      void deliver("year-ahead").then(
        (columns) => {
          this.yearAhead = columns;
          if (this.shown?.state.view === "map") this.drawPanel(this.shown);
        },
        (error: Error) => tellTrouble(error.message),
      );
    }
    if (!this.posts && this.release.posts) this.fetchPosts();
  }

  private fetchPosts(): void {
    void deliverTold<Posts[]>("posts").then(
      (posts) => {
        this.posts = posts;
        if (this.shown?.state.view === "map") this.drawPanel(this.shown);
      },
      (error: Error) => tellTrouble(error.message),
    );
  }

  private yearAhead: Parameters<typeof areaPanel>[1];
  private posts: Posts[] | undefined;

  private drawTable(shown: Shown): void {
    const host = place("area-table");
    const sorting = host.contains(document.activeElement)
      ? (document.activeElement as HTMLElement).dataset.sort
      : undefined;
    const inside = host.contains(document.activeElement);
    host.replaceChildren(areaTable(shown, (next) => this.change(next)));
    const back = sorting
      ? host.querySelector<HTMLElement>(`[data-sort="${sorting}"]`)
      : inside
        ? host.querySelector<HTMLElement>(".scrolls")
        : null;
    back?.focus({ preventScroll: true });
  }

  private drawCompared(shown: Shown, crime: Crime, columns: Columns): void {
    const focused = document.activeElement?.id ?? "";
    const { release, state } = shown;
    const other: Shown = {
      ...shown,
      crime,
      data: new CrimeData(columns, undefined, crime.weight),
      area: areaRow({ ...state, area: state.other }, release),
    };
    const host = place("compare");
    host.replaceChildren(...compareView(shown, other, host.clientWidth / 2 - 20, (next) => this.change(next)));
    if (/^choose-(first|other)/.test(focused)) place(focused).focus();
  }

  private drawBriefing(shown: Shown, ofWards: Shown, yearAhead: NonNullable<Parameters<typeof areaPanel>[1]>): void {
    const focused = document.activeElement?.id === "choose-bcu";
    place("briefing").replaceChildren(...briefing(shown, ofWards, yearAhead, (next) => this.change(next)));
    if (focused) place("choose-bcu").focus();
  }

  private describe(row: number): string[] {
    if (!this.shown) return [""];
    const text = measureText(this.shown, row) || whyMissing(this.shown, row);
    place("map-status").textContent = `${areaTitle(this.release, row)}: ${text}`;
    const [borough] = [this.release.areas.borough[row]].filter((parent) => parent >= 0);
    return [areaTitle(this.release, row), ...(borough === undefined ? [] : [areaTitle(this.release, borough)]), text];
  }

  private parentAt(row: number, level: "bcu" | "borough"): number {
    if (levelOf(this.release, row) === level) return row;
    return this.release.areas[level][row];
  }

  private roomForCharts(): number {
    return Math.max(260, Math.min(760, place("area-panel").clientWidth));
  }
}

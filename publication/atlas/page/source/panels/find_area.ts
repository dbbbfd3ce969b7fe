/** Two ways to an area without the map: search by name, old name, code or postcode, and a list of every area. */

import type { Columns } from "../data/columns";
import { deliver } from "../data/delivery";
import { postcodeParts, wardsOf } from "../data/postcodes";
import { element, place } from "../elements/dom";
import type { Release } from "../data/release";
import { parentsOf, rowsOf } from "../data/release";
import { areaName } from "../data/view_state";
import { areaTitle, capital, LEVEL_NAMES, LEVEL_PLURALS } from "../data/words";

const MOST = 8; // results shown

/** An area that is found, by which text, and what to say of it beside its name. */
interface Sought {
  row: number;
  text: string;
  beside?: string;
}

export class FindArea {
  private readonly select = place("choose-area") as HTMLSelectElement;
  private readonly input = place("search-area") as HTMLInputElement;
  private readonly results = place("search-results");
  private readonly status = place("search-status");
  private readonly sought: Sought[];
  private postcodes: Columns | undefined;

  constructor(
    private readonly release: Release,
    private readonly choose: (row: number) => void,
  ) {
    const rows = release.areas.code.map((_, row) => row).filter((row) => release.areas.level[row] !== "unlocated");
    this.sought = rows.map((row) => ({ row, text: plain(`${release.areas.name[row]} ${release.areas.code[row]}`) }));
    for (const [name, heirs] of release.former)
      for (const [row, share] of heirs)
        if (plain(name) !== plain(release.areas.name[row]))
          // one that kept its name is found by it
          this.sought.push({
            row,
            text: plain(name),
            beside: `${share} % of the residents of ${name}, a ward until 2022`,
          });
    this.fillList();
    this.select.addEventListener("change", () => this.choose(Number(this.select.value)));
    this.input.addEventListener("input", () => this.search());
    place("search-form").addEventListener("submit", (event) => {
      event.preventDefault();
      const found = this.found();
      if (found.length) this.take(found[0].row);
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.clear();
    });
  }

  follow(row: number): void {
    this.select.value = String(row);
  }

  private fillList(): void {
    const { release } = this;
    const option = (row: number): HTMLOptionElement => element("option", { value: row }, areaTitle(release, row));
    const group = (label: string, rows: number[]): HTMLOptGroupElement =>
      element("optgroup", { label }, ...rows.map(option));
    const wards = rowsOf(release, "ward");
    const boroughs = byName(release, rowsOf(release, "borough"));
    this.select.replaceChildren(
      ...rowsOf(release, "force").map(option),
      group("BCUs", byName(release, rowsOf(release, "bcu"))),
      group("Boroughs", boroughs),
      ...boroughs.map((borough) =>
        group(
          `${capital(LEVEL_PLURALS.ward)} of ${areaTitle(release, borough)}`,
          wards.filter((ward) => release.areas.borough[ward] === borough),
        ),
      ),
    );
  }

  private found(): Sought[] {
    const words = plain(this.input.value).split(" ").filter(Boolean);
    if (!words.length) return [];
    const postcode = this.release.postcodes ? postcodeParts(this.input.value) : null;
    if (postcode && this.postcodes) {
      const beside = `postcode ${[postcode.outward, postcode.inward].filter(Boolean).join(" ")}`;
      return wardsOf(this.postcodes, postcode).map((row) => ({ row, text: "", beside }));
    }
    const exact = this.sought.filter(({ text }) => words.every((word) => text.includes(word)));
    const all = exact.length ? exact : this.alike(words);
    const rank = ({ text, beside }: Sought): number => (beside ? 2 : 0) + (text.startsWith(words[0]) ? 0 : 1);
    return all.sort((one, other) => rank(one) - rank(other));
  }

  /** Areas whose name is spelt nearly so: each word asked for is within a letter in four of one of the name's. */
  private alike(words: string[]): Sought[] {
    const near = (word: string, text: string): number =>
      Math.min(...text.split(" ").map((other) => spelling(word, other) / Math.max(word.length, 4)));
    return this.sought
      .map((one) => ({ one, far: Math.max(...words.map((word) => near(word, one.text))) }))
      .filter(({ far }) => far <= 0.34)
      .sort((one, other) => one.far - other.far || one.one.text.length - other.one.text.length)
      .map(({ one }) => one);
  }

  /** Fetch the postcodes, once somebody seems to ask for one, and search again. */
  private fetchPostcodes(): void {
    if (!this.release.postcodes || this.postcodes || !postcodeParts(this.input.value)) return;
    void deliver("postcodes").then(
      (columns) => {
        this.postcodes = columns;
        this.search();
      },
      (error: Error) => (this.status.textContent = error.message),
    );
  }

  private search(): void {
    this.fetchPostcodes();
    const found = this.found();
    const buttons = found
      .slice(0, MOST)
      .map(({ row, beside }) =>
        element(
          "li",
          {},
          element("button", { type: "button", class: "plain-button", click: () => this.take(row) }, this.label(row)),
          beside ? `: ${beside}` : null,
        ),
      );
    this.results.replaceChildren(...buttons);
    const asked = this.input.value.trim() !== "";
    this.status.textContent = !asked
      ? ""
      : found.length
        ? `${found.length} ${found.length === 1 ? "area" : "areas"} found${found.length > MOST ? `, the first ${MOST} shown` : ""}.`
        : this.none();
  }

  private none(): string {
    if (!postcodeParts(this.input.value)) return "No area of that name or code.";
    return this.release.postcodes
      ? "No such postcode in the force."
      : "Postcodes are not in this release: the force gave no file of them. Search by the name of a ward or borough.";
  }

  private label(row: number): string {
    const [parent] = parentsOf(this.release, row);
    const level = LEVEL_NAMES[this.release.areas.level[row]];
    return `${areaTitle(this.release, row)} (${level}${parent === undefined ? "" : `, ${areaTitle(this.release, parent)}`})`;
  }

  private take(row: number): void {
    this.clear();
    this.choose(row);
    place("area-title").focus();
  }

  private clear(): void {
    this.input.value = "";
    this.search();
  }
}

/** How many letters must be put in, taken out, changed or swapped with their neighbour (Damerau 1964). */
function spelling(one: string, other: string): number {
  let [before, row]: number[][] = [[], Array.from({ length: other.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + same);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
        next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    [before, row] = [row, next];
  }
  return row[other.length];
}

function byName({ areas }: Release, rows: number[]): number[] {
  return [...rows].sort((one, other) => areas.name[one].localeCompare(areas.name[other], "en-GB"));
}

export function chosenRow(release: Release, name: string): number {
  return release.areas.code.findIndex((_, row) => areaName(release, row) === name);
}

function plain(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

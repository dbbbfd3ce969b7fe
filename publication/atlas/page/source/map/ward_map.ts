/**
 * The map: one tab stop, arrow keys from area to area, Enter to choose.
 *
 * Rings that mark the chosen and the current area are drawn on top: moving an area's own path to the front would lose
 * the keyboard's place.
 */

import { type Classes, MISSING, classOf } from "../data/classes";
import { drawn, element } from "../elements/dom";
import type { Release, ShownLevel } from "../data/release";
import { liesIn, rowsOf } from "../data/release";
import { areaTitle } from "../data/words";

const LABEL = 12; // px

export interface MapColours {
  level: ShownLevel;
  values: Map<number, number>;
  classes: Classes;
}

const DIRECTIONS: Record<string, [number, number]> = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

export class WardMap {
  readonly svg: SVGSVGElement;
  private readonly shapes = drawn("g", { class: "shapes" });
  private readonly labels = drawn("g", { class: "labels", "aria-hidden": "true", "text-anchor": "middle" });
  private readonly chosenRing = drawn("path", { class: "ring chosen" });
  private readonly chosenHalo = drawn("path", { class: "ring halo" });
  private readonly currentRing = drawn("path", { class: "ring current" });
  private readonly hint = element("div", { class: "hint", hidden: true });
  private readonly paths = new Map<number, SVGPathElement>();
  private readonly middles: Map<number, [number, number]>;
  private level: ShownLevel | null = null;
  private current = -1;

  constructor(
    host: HTMLElement,
    private readonly release: Release,
    private readonly choose: (row: number) => void,
    private readonly describe: (row: number) => string[],
  ) {
    const { map } = release;
    this.middles = middlesOf(release);
    this.svg = drawn(
      "svg",
      {
        viewBox: `0 0 ${map.width} ${map.height}`,
        class: "map",
        role: "listbox",
        tabindex: 0,
        "aria-label": "Map of areas",
        "aria-describedby": "map-keys",
      },
      drawn("defs", {}, missingPattern("missing")),
      this.shapes,
      outlines("borough", map.borough),
      outlines("bcu", map.bcu),
      this.labels,
      this.chosenHalo,
      this.chosenRing,
      this.currentRing,
    );
    host.append(this.svg, this.hint);
    this.svg.addEventListener("keydown", (event) => this.onKey(event));
    this.svg.addEventListener("focus", () => this.moveTo(this.current, this.svg.matches(":focus-visible")));
    this.svg.addEventListener("blur", () => this.leave());
    this.svg.addEventListener("pointermove", (event) => this.onPointer(event));
    this.svg.addEventListener("pointerleave", () => this.leave());
    this.svg.addEventListener("click", (event) => {
      const row = rowOf(event);
      if (row >= 0) this.choose(row);
    });
  }

  colour({ level, values, classes }: MapColours): void {
    if (level !== this.level) this.draw(level);
    for (const [row, path] of this.paths) {
      const kind = classOf(values.get(row) ?? NaN, classes);
      path.setAttribute("fill", kind < 0 ? "url(#missing)" : classes.colours[kind]);
    }
  }

  /** Ring the chosen area, and show so much of the map. */
  show(chosen: number, zoomTo: number): void {
    const path = this.pathOf(chosen);
    for (const ring of [this.chosenHalo, this.chosenRing]) ring.setAttribute("d", path);
    for (const [row, shape] of this.paths) shape.setAttribute("aria-selected", String(row === chosen));
    if (this.paths.has(chosen)) this.current = chosen;
    const { width, height } = this.release.map;
    this.svg.setAttribute("viewBox", zoomTo < 0 ? `0 0 ${width} ${height}` : this.around(zoomTo));
  }

  /** Name places that have room for their name: areas of a level, in the part of the map that is shown. */
  label(level: ShownLevel, within: number): void {
    const view = this.svg.viewBox.baseVal;
    // Of the plane, a pixel: the map fills the width or the height of its place, whichever is the tighter.
    const unit = Math.max(
      view.width / Math.max(this.svg.clientWidth, 300),
      view.height / Math.max(this.svg.clientHeight, 240),
    );
    const size = LABEL * unit;
    const placed: [number, number, number, number][] = [];
    this.labels.setAttribute("font-size", String(size));
    this.labels.replaceChildren(
      ...rowsOf(this.release, level)
        .filter((row) => within < 0 || liesIn(this.release, row, within))
        .flatMap((row) => {
          const [x, y] = this.middles.get(row) ?? [NaN, NaN];
          const name = this.release.areas.name[row];
          const half = 0.28 * size * name.length;
          const box: [number, number, number, number] = [x - half, y - 0.6 * size, x + half, y + 0.6 * size];
          const inside = box[0] > view.x && box[2] < view.x + view.width;
          const free = placed.every((one) => box[2] < one[0] || box[0] > one[2] || box[3] < one[1] || box[1] > one[3]);
          if (Number.isNaN(x) || !inside || !free || name.length > 26) return [];
          placed.push(box);
          return [drawn("text", { x, y: y + 0.35 * size, "stroke-width": 3 * unit }, name)];
        }),
    );
  }

  private draw(level: ShownLevel): void {
    this.level = level;
    this.paths.clear();
    this.current = -1;
    const shapes = this.release.map[level];
    rowsOf(this.release, level).forEach((row, place) => {
      if (!shapes[place]) return;
      const label = areaTitle(this.release, row);
      const path = drawn("path", {
        d: shapes[place],
        id: `area-${row}`,
        role: "option",
        "aria-label": label,
        "aria-selected": "false",
        "fill-rule": "evenodd",
      });
      path.dataset.row = String(row);
      this.paths.set(row, path);
    });
    this.shapes.replaceChildren(...this.paths.values());
  }

  private onKey(event: KeyboardEvent): void {
    const direction = DIRECTIONS[event.key];
    if (direction) {
      event.preventDefault();
      this.moveTo(this.current < 0 ? this.first() : this.nearest(direction), true);
    } else if ((event.key === "Enter" || event.key === " ") && this.current >= 0) {
      event.preventDefault();
      this.choose(this.current);
    } else if (event.key === "Escape") {
      this.hint.hidden = true;
    }
  }

  private onPointer(event: PointerEvent): void {
    const row = rowOf(event);
    if (row < 0) return this.leave();
    const bounds = this.svg.getBoundingClientRect();
    this.currentRing.setAttribute("d", this.pathOf(row));
    this.tell(row, event.clientX - bounds.left, event.clientY - bounds.top);
  }

  private moveTo(row: number, visibly: boolean): void {
    if (row < 0 && this.paths.size) row = this.first();
    if (row < 0 || !visibly) return;
    this.current = row;
    this.svg.setAttribute("aria-activedescendant", `area-${row}`);
    this.currentRing.setAttribute("d", this.pathOf(row));
    const shape = this.paths.get(row)?.getBoundingClientRect();
    const bounds = this.svg.getBoundingClientRect();
    if (shape) this.tell(row, shape.left + shape.width / 2 - bounds.left, shape.bottom - bounds.top);
  }

  private tell(row: number, left: number, top: number): void {
    const [title, ...lines] = this.describe(row);
    this.hint.replaceChildren(element("strong", {}, title), ...lines.map((line) => element("span", {}, line)));
    this.hint.hidden = false;
    const width = this.svg.clientWidth;
    this.hint.style.top = `${top + 18}px`;
    this.hint.style.left = `${Math.max(0, Math.min(left + 12, width - this.hint.offsetWidth))}px`;
  }

  private leave(): void {
    this.hint.hidden = true;
    this.currentRing.removeAttribute("d");
  }

  private first(): number {
    return this.paths.keys().next().value ?? -1;
  }

  /** The closest area in a direction; areas off to the side count as further away. */
  private nearest([dx, dy]: [number, number]): number {
    const [x, y] = this.middles.get(this.current) ?? [0, 0];
    let [best, least] = [this.current, Infinity];
    for (const row of this.paths.keys()) {
      const [across, down] = [(this.middles.get(row)?.[0] ?? 0) - x, (this.middles.get(row)?.[1] ?? 0) - y];
      const ahead = across * dx + down * dy;
      const aside = Math.abs(across * dy) + Math.abs(down * dx);
      if (row !== this.current && ahead > 0 && ahead + 2 * aside < least) [best, least] = [row, ahead + 2 * aside];
    }
    return best;
  }

  private pathOf(row: number): string {
    const level = this.release.areas.level[row];
    if (level !== "ward" && level !== "borough" && level !== "bcu") return "";
    return this.release.map[level][rowsOf(this.release, level).indexOf(row)];
  }

  private around(row: number): string {
    const probe = drawn("path", { d: this.pathOf(row) });
    this.svg.append(probe);
    const box = probe.getBBox();
    probe.remove();
    const margin = 0.04 * Math.max(box.width, box.height) + 1;
    return `${box.x - margin} ${box.y - margin} ${box.width + 2 * margin} ${box.height + 2 * margin}`;
  }
}

/** A fill for areas with no value: grey with strokes, so that it is no colour of a class. */
export function missingPattern(id: string): SVGPatternElement {
  return drawn(
    "pattern",
    { id, width: 60, height: 60, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    drawn("rect", { width: 60, height: 60, fill: MISSING }),
    drawn("rect", { width: 12, height: 60, fill: "#B1B4B6" }),
  );
}

export function outlines(level: string, paths: string[]): SVGPathElement {
  return drawn("path", { class: `outline ${level}`, d: paths.join("") });
}

function middlesOf(release: Release): Map<number, [number, number]> {
  const middles = new Map<number, [number, number]>();
  const wards = rowsOf(release, "ward").filter((_, place) => release.map.ward[place]);
  for (const level of ["ward", "borough", "bcu"] as const) {
    for (const row of rowsOf(release, level)) {
      const within = level === "ward" ? [row] : wards.filter((ward) => liesIn(release, ward, row));
      const sum = within.reduce(
        ([x, y], ward) => [x + release.map.middle[ward][0], y + release.map.middle[ward][1]],
        [0, 0],
      );
      middles.set(row, [sum[0] / within.length, sum[1] / within.length]);
    }
  }
  return middles;
}

function rowOf(event: Event): number {
  const target = event.target;
  return target instanceof SVGElement && target.dataset.row ? Number(target.dataset.row) : -1;
}

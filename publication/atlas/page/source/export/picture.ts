/** The picture of a view: a drawing with its title, key, source and marks, in one SVG that needs nothing else. */

import { drawn } from "../elements/dom";
import type { Key } from "../map/legend";
import { MISSING } from "../data/classes";
import type { Shown } from "../data/measures";
import { LEVEL_NAMES, monthName } from "../data/words";

const WIDE = 1000;
const FONT = "Arial, Liberation Sans, sans-serif";
const PNG_SCALE = 2;

/** The map as it is on the page, with its key. */
export function mapPicture(shown: Shown, title: string, map: SVGSVGElement, key: Key): SVGSVGElement {
  const view = map.viewBox.baseVal;
  const tall = Math.min(900, (WIDE * view.height) / view.width);
  const lines = wrapped(title, 80);
  const top = 30 * lines.length + 20;
  const picture = page(shown, lines, top + tall + 34 * Math.ceil(key.entries.length / 2) + 70);
  const copy = map.cloneNode(true) as SVGSVGElement;
  for (const [name, value] of Object.entries({ x: 0, y: top, width: WIDE, height: tall }))
    copy.setAttribute(name, String(value));
  for (const name of ["tabindex", "role", "aria-activedescendant", "aria-describedby", "class"])
    copy.removeAttribute(name);
  copy.querySelector(".current")?.remove();
  style(copy);
  picture.append(copy);
  key.entries.forEach((entry, place) => {
    const [x, y] = [20 + 490 * (place % 2), top + tall + 24 + 34 * Math.floor(place / 2)];
    const fill = entry.colour === MISSING ? "url(#missing)" : entry.colour;
    picture.append(
      drawn("rect", { x, y, width: 24, height: 24, fill, stroke: "#3D3D3D" }),
      drawn("text", { x: x + 34, y: y + 18, "font-size": 18 }, `${entry.label} (${entry.areas})`),
    );
  });
  return finished(shown, picture);
}

/** A chart of the page with a title. */
export function chartPicture(shown: Shown, title: string, chart: SVGSVGElement): SVGSVGElement {
  const view = chart.viewBox.baseVal;
  const tall = (WIDE * view.height) / view.width;
  const lines = wrapped(title, 80);
  const top = 30 * lines.length + 20;
  const picture = page(shown, lines, top + tall + 60);
  const copy = chart.cloneNode(true) as SVGSVGElement;
  for (const [name, value] of Object.entries({ x: 0, y: top, width: WIDE, height: tall }))
    copy.setAttribute(name, String(value));
  picture.append(copy);
  return finished(shown, picture);
}

export function svgFile(picture: SVGSVGElement): Blob {
  return new Blob([new XMLSerializer().serializeToString(picture)], { type: "image/svg+xml" });
}

export async function pngFile(picture: SVGSVGElement): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(picture))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = WIDE * PNG_SCALE;
  canvas.height = Number(picture.getAttribute("height")) * PNG_SCALE;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The picture could not be drawn."))), "image/png"),
  );
}

function page(shown: Shown, lines: string[], tall: number): SVGSVGElement {
  const picture = drawn("svg", {
    xmlns: "http://www.w3.org/2000/svg",
    width: WIDE,
    height: Math.ceil(tall),
    viewBox: `0 0 ${WIDE} ${Math.ceil(tall)}`,
    "font-family": FONT,
    fill: "#0B0C0C",
  });
  picture.append(drawn("rect", { width: WIDE, height: Math.ceil(tall), fill: "#FFFFFF" }));
  lines.forEach((line, place) =>
    picture.append(drawn("text", { x: 16, y: 32 + 30 * place, "font-size": 24, "font-weight": "bold" }, line)),
  );
  picture.append(drawn("text", { x: 16, y: Math.ceil(tall) - 16, "font-size": 15 }, sourceLine(shown)));
  return picture;
}

function finished(shown: Shown, picture: SVGSVGElement): SVGSVGElement {
  const { release } = shown;
  const marks = [release.force.simulated ? "SIMULATED" : "", release.audience === "internal" ? "INTERNAL" : ""].filter(
    Boolean,
  );
  const tall = Number(picture.getAttribute("height"));
  marks.forEach((mark, place) =>
    picture.append(
      drawn(
        "text",
        {
          x: WIDE / 2,
          y: tall / 2 + 130 * (place - (marks.length - 1) / 2),
          "font-size": 130,
          "font-weight": "bold",
          "text-anchor": "middle",
          opacity: 0.18,
          transform: `rotate(-20 ${WIDE / 2} ${tall / 2})`,
        },
        mark,
      ),
    ),
  );
  return picture;
}

export function sourceLine(shown: Shown): string {
  const { release } = shown;
  return `Source: Wardcast, release ${release.name}; ${release.force.name}, recorded crime excluding fraud${shown.state.level === "ward" && shown.state.view === "map" ? ` (${LEVEL_NAMES.ward}s: with a known ${LEVEL_NAMES.ward})` : ""}, to ${monthName(release.origin)}.`;
}

/** The page's style does not travel with a picture: put what matters on the lines themselves. */
function style(map: SVGSVGElement): void {
  const set = (selector: string, attributes: Record<string, string>): void => {
    for (const shape of map.querySelectorAll(selector))
      for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, value);
  };
  const still = { "vector-effect": "non-scaling-stroke", "stroke-linejoin": "round" };
  set(".shapes path", { stroke: "#FFFFFF", "stroke-width": "0.6", ...still });
  set(".outline", { fill: "none", stroke: "#3D3D3D", "stroke-width": "1", ...still });
  set(".outline.bcu", { stroke: "#0B0C0C", "stroke-width": "2.2" });
  set(".labels text", { fill: "#0B0C0C", stroke: "#FFFFFF", "paint-order": "stroke", "font-weight": "bold" });
  set(".halo", { fill: "none", stroke: "#FFFFFF", "stroke-width": "6", ...still });
  set(".chosen", { fill: "none", stroke: "#F46A25", "stroke-width": "3.5", ...still });
}

function wrapped(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    if ((lines[lines.length - 1] + word).length > width) lines.push("");
    lines[lines.length - 1] += `${word} `;
  }
  return lines.map((line) => line.trim()).filter(Boolean);
}

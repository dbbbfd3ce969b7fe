/** Postcodes and their wards; `other_names.py` is the other side. */

import type { Columns } from "./columns";

const INWARD = 3; // signs at the end of a whole postcode

/** The outward part of what may be a postcode, and the inward part as far as it was typed; null for anything else. */
export function postcodeParts(text: string): { outward: string; inward: string } | null {
  const plain = text.replace(/\s+/g, "").toUpperCase();
  const whole = /^([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})$/.exec(plain);
  if (whole) return { outward: whole[1], inward: whole[2] };
  const apart = /^([A-Z]{1,2}\d[A-Z\d]?)\s+(\d[A-Z]?)$/.exec(text.trim().toUpperCase());
  if (apart) return { outward: apart[1], inward: apart[2] };
  return /^[A-Z]{1,2}\d[A-Z\d]?$/.test(plain) ? { outward: plain, inward: "" } : null;
}

/** The rows of the wards that hold the postcodes of a part, the one with most of them first. */
export function wardsOf(columns: Columns, { outward, inward }: { outward: string; inward: string }): number[] {
  const [outwards, inwards, wards] = ["outward", "inward", "ward"].map((name) => columns.find(name)!.values);
  const [asked, from, to] = [coded(outward), coded(inward.padEnd(INWARD, "0")), coded(inward.padEnd(INWARD, "Z"))];
  const counts = new Map<number, number>();
  for (let place = 0; place < wards.length; place++) {
    if (outwards[place] !== asked || inwards[place] < from || inwards[place] > to) continue;
    counts.set(wards[place], (counts.get(wards[place]) ?? 0) + 1);
  }
  return [...counts].sort(([, one], [, other]) => other - one).map(([ward]) => ward);
}

function coded(part: string): number {
  return parseInt(`1${part}`, 36);
}

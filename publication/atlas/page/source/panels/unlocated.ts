/** Offences with no known ward: they stand beside an area's figures and are in none of them. */

import { type Shown, countsAll, recordedBefore } from "../data/measures";
import { levelOf, liesIn, rowsOf } from "../data/release";
import { ageOf } from "../data/view_state";
import { areaTitle, expectation, LEVEL_NAMES, whole } from "../data/words";

/** A sentence for a force, BCU or borough; nothing for a ward, or where none were published. */
export function unlocatedNote(shown: Shown, area: number): string {
  const { release } = shown;
  if (levelOf(release, area) === "ward" || ageOf(shown.state)) return "";
  const rows = rowsOf(release, "unlocated").filter((row) => belongs(shown, row, area));
  const recorded = total(rows.map((row) => recordedBefore(shown, row)));
  const expected = total(rows.map((row) => shown.data.expected(row, shown.period, shown.state.scenario).mean));
  if (Number.isNaN(recorded) && Number.isNaN(expected)) return "";
  const told = [
    Number.isNaN(recorded) ? "" : `${whole(recorded)} recorded`,
    Number.isNaN(expected) ? "" : `${expectation(expected)} expected`,
  ].filter(Boolean);
  const counted = countsAll(shown, area)
    ? `They are counted here, and in no ${LEVEL_NAMES.ward}.`
    : "They are in no figure of this page.";
  return `Offences with ${LEVEL_NAMES.unlocated} in ${areaTitle(release, area)}: ${told.join(", ")}. ${counted}`;
}

/** An unlocated row has the code of a borough, or of the force where no borough is known either. */
function belongs(shown: Shown, row: number, area: number): boolean {
  const { areas } = shown.release;
  const home = areas.code.findIndex(
    (code, other) => code === areas.code[row] && areas.level[other] !== "unlocated" && areas.level[other] !== "ward",
  );
  return home >= 0 && liesIn(shown.release, home, area);
}

function total(values: number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.length ? known.reduce((sum, value) => sum + value, 0) : NaN;
}

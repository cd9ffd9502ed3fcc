import type { Timeline } from '../../../protocol/traces';
import type { KnownPhases } from './phases';

/** Spans that are asked for at once, and how many rows are looked at first. */
const mostSpans = 512;
const firstReach = 2048;

/**
 * Asks for the phases around a row until these are enough: over fewer rows where spans come back merged, over more where they do not
 * reach far enough.
 * @param timeline Spans of the rows from `from` up to but not `to`.
 * @param enough Whether what is known answers the question.
 * @returns What is known, even where it is not enough: then there are more phases, or longer ones, than are asked for.
 */
export async function findPhases(
  timeline: (from: number, to: number, most: number) => Promise<Timeline>,
  row: number,
  enough: (known: KnownPhases) => boolean,
): Promise<KnownPhases> {
  let [reach, tooFar] = [firstReach, Infinity];
  let best: KnownPhases | null = null;
  for (let tries = 0; tries < 16; tries++) {
    const from = Math.max(0, row - reach);
    const { rows, spans, merged } = await timeline(from, row + reach, mostSpans);
    const known = { from, to: Math.min(rows, row + reach), rows, spans };
    if (merged) tooFar = reach;
    else {
      best = known;
      if (enough(known) || (known.from === 0 && known.to >= rows)) return known;
    }
    const next = merged ? Math.floor(reach / 4) : Math.min(reach * 8, Math.floor(tooFar / 2));
    if (next < 1 || (best !== null && next <= reach && !merged) || (merged && best !== null)) break;
    reach = next;
  }
  return best ?? { from: row, to: row, rows: row + 1, spans: [] };
}

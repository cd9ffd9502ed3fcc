import type { GridPlace } from '../cells/sheet';

const ways: Readonly<Record<string, readonly [down: number, across: number, steps: number]>> = {
  ArrowLeft: [0, -1, 1],
  ArrowRight: [0, 1, 1],
  ArrowUp: [-1, 0, 1],
  ArrowDown: [1, 0, 1],
  PageUp: [-1, 0, 10],
  PageDown: [1, 0, 10],
  Home: [0, -1, Infinity],
  End: [0, 1, Infinity],
};

/**
 * Where a key leads among the cells that were recorded: over those that were not, and nowhere beyond the last one that was.
 * @param from Null for a key that is pressed before any cell is pointed at.
 * @returns Undefined for a key that leads nowhere in any map.
 */
export function movedPlace(
  { rows, columns }: { readonly rows: number; readonly columns: number },
  from: GridPlace | null,
  key: string,
  recorded: (place: GridPlace) => boolean,
): GridPlace | undefined {
  const way = ways[key];
  if (way === undefined) return undefined;
  if (from === null) return { row: 0, column: 0 };
  const [down, across, steps] = way;
  let [best, taken] = [from, 0];
  for (let i = 1; taken < steps; i++) {
    const place = { row: from.row + i * down, column: from.column + i * across };
    if (place.row < 0 || place.column < 0 || place.row >= rows || place.column >= columns) break;
    if (!recorded(place)) continue;
    best = place;
    taken++;
  }
  return best;
}

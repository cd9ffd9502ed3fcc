import { runConcurrently } from './run-concurrently';

/**
 * Works on items at several places at once, some of them together: each place takes the next chunk when it is free. Results are in the order of the items.
 * @param sizeOf how many are taken together where so many are left, 1 or more
 * @param work gives a result for each item of a chunk; where chunks fail, the error is that of the first, and comes when nothing goes on any more
 */
export async function runInChunks<Item, Result>(
  items: readonly Item[],
  places: number,
  sizeOf: (left: number) => number,
  work: (chunk: readonly Item[]) => Promise<readonly Result[]>,
): Promise<Result[]> {
  let next = 0;
  const takeChunk = (): readonly Item[] => {
    const from = next;
    next += Math.max(1, sizeOf(items.length - from));
    return items.slice(from, next);
  };
  // No more turns than there are items: those behind the last chunk find nothing.
  const chunks = await runConcurrently(items, Array(places).fill(null), async () => {
    const chunk = takeChunk();
    return chunk.length === 0 ? [] : work(chunk);
  });
  return chunks.flat();
}

/**
 * Works on items at several places at once, each place taking the next item when it is free. Results are in the order of the
 * items, whoever made them. Where some fail, the error is that of the first failed item, and comes when nothing goes on any more.
 */
export async function runConcurrently<Item, Place, Result>(
  items: readonly Item[],
  places: readonly Place[],
  work: (item: Item, place: Place) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const failed: { readonly index: number; readonly error: unknown }[] = [];
  let next = 0;
  const workAt = async (place: Place): Promise<void> => {
    while (next < items.length && failed.length === 0) {
      const index = next++;
      try {
        results[index] = await work(items[index]!, place);
      } catch (error) {
        failed.push({ index, error });
      }
    }
  };
  await Promise.all(places.map(workAt));
  failed.sort((a, b) => a.index - b.index);
  if (failed.length > 0) throw failed[0]!.error;
  return results;
}

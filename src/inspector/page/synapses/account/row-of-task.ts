import type { Moment } from '../../../protocol/traces';

/**
 * The first row of a task, or of a later one where it has none; tasks never fall from row to row.
 * @param moment Of a row.
 * @returns -1 where all tasks are earlier.
 */
export async function rowOfTask(
  moment: (row: number) => Promise<Moment | null>,
  rows: number,
  task: number,
): Promise<number> {
  let [low, high] = [0, rows];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const found = await moment(middle);
    if (found === null || found.task >= task) high = middle;
    else low = middle + 1;
  }
  return low < rows ? low : -1;
}

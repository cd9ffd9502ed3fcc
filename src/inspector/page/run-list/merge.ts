/** Rows by their ids after an event: `all` says that what is not among those changed is gone. */
export function merged<T extends { readonly id: string }>(
  before: ReadonlyMap<string, T>,
  changed: readonly T[],
  { all, gone = [] }: { readonly all: boolean; readonly gone?: readonly string[] },
): ReadonlyMap<string, T> {
  if (!all && changed.length === 0 && gone.length === 0) return before;
  const next = new Map(all ? [] : before);
  for (const row of changed) next.set(row.id, row);
  for (const id of gone) next.delete(id);
  return next;
}

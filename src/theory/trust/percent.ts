/** A share for people, with two digits. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return 'any size';
  const value = 100 * share;
  return value >= 1000 ? `${value.toExponential(0)} %` : `${Number(value.toPrecision(2))} %`;
}

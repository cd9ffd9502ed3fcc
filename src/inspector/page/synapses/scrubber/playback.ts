/** Rows a second. */
export const speeds = [1, 4, 15, 60, 250, 1000, 10_000, 100_000] as const;

/** Where a film is, whatever the screen's rate: the row that belongs to a time. */
export interface Playback {
  /** When it was begun, in milliseconds, and at which row. */
  readonly began: number;
  readonly row: number;
  readonly speed: number;
}

/** The row at a time, and whether the film has come to its end. */
export function rowAtTime({ began, row, speed }: Playback, now: number, rows: number) {
  const reached = row + Math.floor((Math.max(0, now - began) / 1000) * speed);
  const last = Math.max(0, rows - 1);
  return { row: Math.min(last, reached), ended: reached >= last };
}

import type { Moment, Moments } from '../../protocol/traces';
import type { OpenTrace } from './open-trace';

/** Where the parts of a moment stand in a row of `NAME.when.npy`. */
export interface MomentPlaces {
  readonly task: number;
  readonly phase: number;
  readonly beta: number;
  readonly step: number;
  /** -1 where it was not recorded. */
  readonly residual: number;
}

export function placesIn({ entry }: Pick<OpenTrace, 'entry'>): MomentPlaces {
  const at = (name: string) => entry.when.columns.indexOf(name);
  return {
    task: at('task'),
    phase: at('phase'),
    beta: at('beta'),
    step: at('step'),
    residual: at('residual'),
  };
}

/** A residual as it is sent: null where there is none. */
export const residualOf = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : value;

/** Rows from one up to but not another. */
export function readMoments(trace: OpenTrace, from: number, to: number): Moments {
  const { rows, moments } = trace;
  const last = Math.min(to, rows);
  const { width } = moments;
  const read = new Float64Array(Math.max(0, last - from) * width);
  if (read.length > 0) moments.read(from, 0, read);
  const at = placesIn(trace);
  const momentAt = (row: number): Moment => {
    const value = (place: number) => read[row * width + place]!;
    return {
      row: from + row,
      task: value(at.task),
      phase: value(at.phase),
      beta: value(at.beta),
      step: value(at.step),
      residual: at.residual < 0 ? null : residualOf(value(at.residual)),
    };
  };
  return { rows, moments: Array.from({ length: read.length / width }, (_, row) => momentAt(row)) };
}

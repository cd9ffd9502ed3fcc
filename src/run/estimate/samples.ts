import { z } from 'zod';
import { InputError } from '../../core/errors';
import type { Batch } from '../../data/batch';

/** Samples as files have them. */
export const samplesSchema = z.strictObject({
  x: z.array(z.array(z.number())).min(1),
  y: z.union([z.array(z.number()).min(1), z.array(z.array(z.number())).min(1)]),
});

/** The same, checked, as a batch. @throws InputError where rows differ in length, or labels are none. */
export function batchOf(name: string, { x, y }: z.output<typeof samplesSchema>, classes: boolean): Batch {
  const inputs = x[0]!.length;
  const targets = Array.isArray(y[0]) ? y[0].length : 1;
  if (classes && Array.isArray(y[0])) {
    throw new InputError({
      what: `${name}.y must hold one class index a sample`,
      got: y[0],
      legal: 'whole numbers from 0, such as [0, 2, 1]',
    });
  }
  if (y.length !== x.length) {
    throw new InputError({
      what: `${name}.y has the wrong length`,
      got: y.length,
      legal: `${x.length}, as ${name}.x`,
    });
  }
  const rows = [
    ...x.map((row) => ['x', row, inputs] as const),
    ...y.map((row) => ['y', row, targets] as const),
  ];
  rows.forEach(([which, row, width], index) => {
    if (!Array.isArray(row) || row.length === width) return;
    throw new InputError({
      what: `${name}.${which}[${index % x.length}] has the wrong length`,
      got: row.length,
      legal: `${width}, as the first sample`,
    });
  });
  return {
    samples: x.length,
    inputs,
    targets,
    x: Float64Array.from(x.flat()),
    y: Float64Array.from(y.flat()),
  };
}

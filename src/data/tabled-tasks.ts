import { z } from 'zod';
import { InputError } from '../core/errors';
import { validate } from '../core/validate';
import { type Batch, makeBatch, selectSamples } from './batch';
import type { EpisodeSource } from './episode-source';

/** The tables that become tasks, and how each is split. */
export interface TabledOptions {
  /** The samples of each task. */
  readonly tables: readonly Batch[];
  /** What they are known by again when a run is gone on with. Default: they do not change. */
  readonly checksum?: string;
  /** Fraction of a task's samples that is held out, drawn anew each time; above 0 and below 1. */
  readonly heldOut: number;
}

const options = z.strictObject({
  tables: z.array(z.custom<Batch>()).min(1),
  checksum: z.string().optional(),
  heldOut: z.number().gt(0).lt(1),
});

/**
 * Tasks of a finite collection: each time one of its tables is drawn, and split into training and held-out samples.
 * @throws InputError where tables have no one form, or are too small to be split.
 */
export function tabledTasks(given: TabledOptions): EpisodeSource {
  const { tables, heldOut, checksum } = validate(options, given, 'the options of tabledTasks');
  tables.forEach((table, i) => {
    makeBatch(`table ${i}`, table);
    const [form, first] = [table, tables[0]!].map(
      ({ inputs, targets }) => `${inputs} inputs and ${targets} targets`,
    );
    if (form !== first)
      throw new InputError({
        what: `Table ${i} has another form than the first one`,
        got: form,
        legal: first,
      });
    if (table.samples < 2)
      throw new InputError({
        what: `Table ${i} is too small to be split`,
        got: `${table.samples} samples`,
        legal: '2 or more',
      });
  });
  return {
    name: 'table',
    ...(checksum === undefined ? {} : { checksum }),
    sample(random) {
      const table = tables[random.integer(tables.length)]!;
      const order = random.permutation(table.samples);
      const held = Math.min(table.samples - 1, Math.max(1, Math.round(heldOut * table.samples)));
      return {
        train: selectSamples(table, order.subarray(held)),
        heldOut: selectSamples(table, order.subarray(0, held)),
      };
    },
  };
}

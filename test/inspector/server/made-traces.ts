import fs from 'node:fs';
import path from 'node:path';
import { formatNpyHeader } from '../../../src/data/npy/header';
import type { StoredSynapses } from '../../../src/trace/recorded-synapses';
import type { TraceEntry } from '../../../src/trace/recorder';

/** A trace to be made without running anything. */
export interface MadeTrace {
  readonly variables?: readonly string[];
  readonly synapses: number | StoredSynapses;
  readonly at?: TraceEntry['at'];
  readonly source?: unknown;
  /** Of a row, [variables][synapses]; written into what it is handed. */
  readonly values?: (row: number, into: Float64Array) => void;
  /** task, phase, beta, step, residual */
  readonly moment?: (row: number) => readonly number[];
}

export const momentColumns = ['task', 'phase', 'beta', 'step', 'residual'];

/** Ten rows a task: six free, four nudged. */
const standardMoment = (row: number): readonly number[] => {
  const [task, step] = [Math.floor(row / 10), row % 10];
  return step < 6 ? [task, 0, 0, step, 1 / (1 + step)] : [task, 1, 0.1, step - 6, 2 / (1 + step)];
};

const indices = (count: number): StoredSynapses => ({
  runs: [[0, count, 1]],
  blocks: [
    { layer: 0, parameter: 'weight', shape: [count, 1], first: 0, ends: 'unit', axes: ['to', 'from'] },
  ],
});

/** Files of a trace, which can be made longer. */
export class TraceFiles {
  private readonly values: number;
  private readonly moments: number;
  private readonly row: Float64Array;
  private written = 0;

  /** Puts a trace into a run directory, and its entry into `index.json` beside those that are there. */
  constructor(
    directory: string,
    name: string,
    private readonly made: MadeTrace,
  ) {
    const folder = path.join(directory, 'traces');
    fs.mkdirSync(folder, { recursive: true });
    const { variables = ['phi'], at = 'step' } = made;
    const synapses = typeof made.synapses === 'number' ? indices(made.synapses) : made.synapses;
    const count =
      'runs' in synapses ? synapses.runs.reduce((sum, [, each]) => sum + each, 0) : synapses.length;
    const entry = {
      file: `${name}.npy`,
      shape: [0, variables.length, count],
      axes: ['row', 'variable', 'synapse'],
      dtype: '<f8',
      ...{ variables, units: {}, at, every: 1, synapses, source: made.source },
      when: { file: `${name}.when.npy`, columns: momentColumns, units: [] },
    };
    const index = path.join(folder, 'index.json');
    const before = fs.existsSync(index) ? JSON.parse(fs.readFileSync(index, 'utf8')).traces : {};
    fs.writeFileSync(index, JSON.stringify({ traces: { ...before, [name]: entry } }));
    this.row = new Float64Array(variables.length * count);
    this.values = begin(path.join(folder, entry.file), [variables.length, count]);
    this.moments = begin(path.join(folder, entry.when.file), [momentColumns.length]);
  }

  /** Adds rows up to so many. */
  growTo(rows: number): this {
    const { values, moment = standardMoment } = this.made;
    const most = Math.max(1, Math.floor(2 ** 20 / this.row.length));
    const block = new Float64Array(most * this.row.length);
    while (this.written < rows) {
      const count = Math.min(most, rows - this.written);
      const when = new Float64Array(count * momentColumns.length);
      for (let i = 0; i < count; i++) {
        values?.(this.written + i, this.row);
        block.set(this.row, i * this.row.length);
        when.set(moment(this.written + i), i * momentColumns.length);
      }
      fs.writeSync(this.values, new Uint8Array(block.buffer, 0, 8 * count * this.row.length));
      fs.writeSync(this.moments, new Uint8Array(when.buffer));
      this.written += count;
    }
    return this;
  }

  close(): void {
    fs.closeSync(this.values);
    fs.closeSync(this.moments);
  }
}

function begin(file: string, rowShape: readonly number[]): number {
  const descriptor = fs.openSync(file, 'w');
  fs.writeSync(descriptor, formatNpyHeader('<f8', rowShape, 0));
  return descriptor;
}

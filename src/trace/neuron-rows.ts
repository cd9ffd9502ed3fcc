import type { RunPlan } from '../clock/schedule';
import type { SimulationEvent, SweepEvent } from '../learning/events';
import type { NeuralCourse } from '../learning/neural-course';
import {
  checkNeuronProbe,
  describeSweeps,
  mostNeuronBytes,
  type NeuronPlace,
  type NeuronProbe,
  selectNeurons,
  sweepColumns,
  sweepUnits,
} from './neuron-probe';
import type { RowSource } from './row-source';

/** What `index.json` says of a trace of neurons. */
export interface NeuronTraceEntry {
  readonly file: string;
  readonly shape: readonly [rows: number, samples: number, neurons: number];
  readonly axes: readonly ['row', 'sample', 'neuron'];
  readonly dtype: '<f8';
  /** The state of a neuron, s. */
  readonly variables: readonly ['s'];
  /** States have no physical unit. */
  readonly units: Readonly<Record<string, string>>;
  readonly at: 'sweep';
  /** Sweeps from one row to the next. */
  readonly every: number;
  /** Sweeps that neurons take, for each gradient. */
  readonly sweeps: number;
  /** Which neurons its columns are. */
  readonly neurons: readonly NeuronPlace[];
  /** Which samples of the batch: their indices. Where a batch has no such sample, its numbers are NaN. */
  readonly samples: readonly number[];
  /** Whose trace it is: traces of one source are of the same network. */
  readonly source?: string;
  readonly when: {
    readonly file: string;
    readonly columns: readonly string[];
    readonly units: readonly string[];
  };
}

/** States of neurons as rows of [samples][neurons]. */
export class NeuronRows implements RowSource<NeuronTraceEntry> {
  readonly rowShape: readonly [number, number];
  readonly momentColumns = sweepColumns;
  readonly reads: readonly number[] = [];
  private readonly neurons: readonly NeuronPlace[];
  private readonly samples: readonly number[];
  private readonly every: number;
  /** Of each neuron, in which array of an event's states it is. */
  private readonly places: readonly {
    readonly array: number;
    readonly width: number;
    readonly unit: number;
  }[];

  private readonly neural: NeuralCourse;

  /** @throws InputError where the probe does not fit what is reported. */
  constructor(
    private readonly probe: NeuronProbe,
    neural: NeuralCourse | undefined,
  ) {
    this.neural = checkNeuronProbe(probe, neural);
    const { layers, stride } = this.neural;
    this.neurons = selectNeurons(layers, probe.neurons);
    this.samples = probe.samples ?? [0];
    this.every = probe.every ?? stride;
    this.rowShape = [this.samples.length, this.neurons.length];
    this.places = this.neurons.map(({ layer, unit }) => {
      const array = layers.findIndex((one) => one.layer === layer);
      return { array, width: layers[array]!.neurons, unit };
    });
  }

  get inWords(): string {
    const [samples, neurons] = this.rowShape;
    return `s of ${counted(neurons, 'neuron')} in ${counted(samples, 'sample')} ${describeSweeps(this.every)}`;
  }

  mostBytes(run: RunPlan): number {
    return mostNeuronBytes(this.probe, this.neural, run);
  }

  isMoment(event: SimulationEvent): event is SweepEvent {
    const { phase } = this.probe;
    return event.kind === 'sweep' && (phase === undefined || event.phase === phase);
  }

  isDue({ sweep }: SweepEvent): boolean {
    return sweep % this.every === 0;
  }

  fill({ states, samples: held }: SweepEvent, row: Float64Array): void {
    let column = 0;
    for (const sample of this.samples)
      for (const { array, width, unit } of this.places)
        row[column++] = sample < held ? states[array]![sample * width + unit]! : Number.NaN;
  }

  momentOf({ task, phase, beta, step, sweep, on }: SweepEvent): number[] {
    return [task, phase, beta, step, sweep, on === 'train' ? 0 : 1];
  }

  entry(name: string, rows: number, source: string | undefined): NeuronTraceEntry {
    return {
      file: `${name}.npy`,
      shape: [rows, ...this.rowShape],
      axes: ['row', 'sample', 'neuron'],
      dtype: '<f8',
      variables: ['s'],
      units: { s: 'dimensionless' },
      at: 'sweep',
      every: this.every,
      sweeps: this.neural.sweeps,
      neurons: this.neurons,
      samples: this.samples,
      ...(source === undefined ? {} : { source }),
      when: { file: `${name}.when.npy`, columns: sweepColumns, units: sweepUnits },
    };
  }
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const isWhole = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

/** What is wrong with the neurons and samples of an entry of `index.json` that nobody has looked at, as the rest of "says of a trace ..."; null where nothing is. */
export function wrongNeurons(entry: Readonly<Record<string, unknown>>): string | null {
  const { neurons, samples, shape, every } = entry;
  const isPlace = (one: unknown) =>
    isWhole((one as NeuronPlace | null)?.layer) && isWhole((one as NeuronPlace).unit);
  if (!Array.isArray(neurons) || !neurons.every(isPlace)) return 'no neurons that could be named';
  if (!Array.isArray(samples) || !samples.every(isWhole)) return 'no samples that could be named';
  if (!isWhole(every) || every === 0) return 'nothing of when it was recorded';
  const fits = Array.isArray(shape) && shape[1] === samples.length && shape[2] === neurons.length;
  return fits && neurons.length > 0 && samples.length > 0 ? null : 'a shape that its columns do not have';
}

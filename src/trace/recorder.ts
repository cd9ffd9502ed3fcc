import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Observable, Subscription } from 'rxjs';
import { z } from 'zod';
import type { RunPlan } from '../clock/schedule';
import { writeDurably } from '../core/durable-file';
import { InputError } from '../core/errors';
import { codeOf, readFailure } from '../core/file-failures';
import type { GrowingFile } from '../core/growing-file';
import { isObservable } from '../core/rxjs-parts';
import { sizeOf } from '../core/shape';
import { aFunction, hasFields, made, validate } from '../core/validate';
import type { SimulationEvent } from '../learning/events';
import type { MetaRule } from '../learning/meta-rule';
import type { NeuralCourse } from '../learning/neural-course';
import { type Population, populationSchema } from '../synapse/population';
import { isNeuronProbe, type NeuronProbe } from './neuron-probe';
import { NeuronRows, type NeuronTraceEntry, wrongNeurons } from './neuron-rows';
import { NpyWriter } from './npy';
import type { Probe } from './probe';
import type { RowSource } from './row-source';
import { SynapseRows, type TraceEntry } from './synapse-rows';

export type { NeuronTraceEntry } from './neuron-rows';
export type { TraceEntry } from './synapse-rows';

/** What a recorder listens to: a simulation has this form. */
export interface Recordable {
  readonly events$: Observable<SimulationEvent>;
  /** The same for one who looks at these synapses only, where less can then be reported of the others. */
  eventsFor?(synapses: readonly number[]): Observable<SimulationEvent>;
  readonly population: Population;
  readonly stride: number;
  /** How its slow variables move; needed for a probe that asks for an account. */
  readonly metaRule?: MetaRule;
  /** What it reports of neurons; needed for a probe of them. */
  readonly neural?: NeuralCourse | undefined;
}

/** Where and what a recorder writes. */
export interface RecorderOptions {
  /** The folder `traces/` of a run, or any other folder that exists. */
  readonly folder: string;
  /** Names the files: `NAME.npy` and `NAME.when.npy`. */
  readonly name: string;
  /** Tells of events that are in the files already, of a run that is resumed. Default: none is. */
  readonly isPast?: () => boolean;
  /** Rows to keep of files that an interrupted run has left; a new recording where left out. */
  readonly resumeAt?: number;
  /** Whose trace it is, where a folder has traces of several: those of one are read together. Default: of nobody in particular. */
  readonly source?: string;
}

const recordableSchema = made<Recordable>(
  'a simulation, or anything with events$, population and stride',
  (value) =>
    hasFields(value, { stride: 'number' }) &&
    isObservable((value as Recordable).events$) &&
    populationSchema.safeParse((value as Recordable).population).success,
);

const nameInWords = 'letters, digits, - and _';

const recorderOptions = z.strictObject({
  folder: z.string().min(1),
  name: made<string>(nameInWords, (value) => typeof value === 'string' && /^[a-zA-Z0-9_-]+$/.test(value)),
  isPast: aFunction<() => boolean>().optional(),
  resumeAt: z.int().min(0).optional(),
  source: z.string().optional(),
});

/**
 * Records what a probe asks for, as it happens, into `.npy` files of [rows][variables][synapses], or of neurons [rows][samples][neurons] (float64).
 * It only listens. Memory stays bounded however long the run.
 */
export class Recorder {
  readonly name: string;
  private readonly values: NpyWriter;
  private readonly moments: NpyWriter;
  private readonly rowSource: RowSource<TraceEntry | NeuronTraceEntry>;
  private readonly row: Float64Array;
  private flushed = performance.now();
  private readonly subscription: Subscription;
  private seen = 0;
  private closed = false;

  /** @throws InputError where the probe does not fit the simulation, or its files exist. */
  constructor(
    source: Recordable,
    probe: Probe | NeuronProbe,
    private readonly options: RecorderOptions,
  ) {
    validate(recordableSchema, source, 'what a recorder listens to');
    validate(recorderOptions, options, 'the options of a recorder');
    this.name = options.name;
    this.rowSource = rowsOf(probe, source);
    const { rowShape, momentColumns, reads } = this.rowSource;
    this.row = new Float64Array(sizeOf(rowShape));
    this.values = this.writer(`${this.name}.npy`, rowShape);
    this.moments = this.writer(`${this.name}.when.npy`, [momentColumns.length]);
    const events = source.eventsFor?.(reads) ?? source.events$;
    this.subscription = events.subscribe((event) => this.hear(event));
  }

  /** What it records, and when, for people. */
  get inWords(): string {
    return this.rowSource.inWords;
  }

  /** The most bytes that its two files can take in a run, heads included. */
  mostBytes(run: RunPlan): number {
    return this.rowSource.mostBytes(run);
  }

  /** Rows recorded so far. */
  get rows(): number {
    return this.values.rows;
  }

  /** How many moments of its kind it has heard, recorded or not; restored by `resume` from a checkpoint. */
  get heard(): number {
    return this.seen;
  }

  set heard(count: number) {
    this.seen = count;
  }

  /** Puts everything recorded so far on disk, and tells of it in `index.json`. */
  sync(): void {
    this.syncRows();
    const { folder } = this.options;
    writeDurably(join(folder, 'index.json'), formatTraceIndex(readAllTraces(folder), [this]));
  }

  /** Puts the rows so far on disk; `index.json` does not tell of them yet. */
  syncRows(): void {
    this.values.sync();
    this.moments.sync();
  }

  /** Ends it; a second call does nothing. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    try {
      this.sync();
    } finally {
      this.closeFiles();
    }
  }

  /** Ends it without telling of its last rows in `index.json`. */
  closeFiles(): void {
    this.subscription.unsubscribe();
    try {
      this.values.close();
    } finally {
      this.moments.close();
    }
  }

  /** The files that it writes, by their names in the folder. */
  get files(): Readonly<Record<string, GrowingFile>> {
    return { [`${this.name}.npy`]: this.values, [`${this.name}.when.npy`]: this.moments };
  }

  private writer(file: string, rowShape: readonly number[]): NpyWriter {
    const path = join(this.options.folder, file);
    const spec = { dtype: '<f8', rowShape } as const;
    const { resumeAt } = this.options;
    return resumeAt === undefined ? NpyWriter.create(path, spec) : NpyWriter.resume(path, spec, resumeAt);
  }

  private hear(event: SimulationEvent): void {
    const { rowSource, row } = this;
    if (!rowSource.isMoment(event) || this.options.isPast?.()) return;
    const isDue = rowSource.isDue(event, this.seen);
    this.seen++;
    if (!isDue) return;
    rowSource.fill(event, row);
    this.values.append(row);
    this.moments.append(rowSource.momentOf(event));
    this.show();
  }

  /** Hands rows to the system now and then, so that whoever watches a run sees them; they are safe on the disk from `sync` on. */
  private show(): void {
    const now = performance.now();
    if (now - this.flushed < showEvery) return;
    this.flushed = now;
    this.values.show();
    this.moments.show();
  }

  /** What `index.json` says of the rows so far. */
  entry(): TraceEntry | NeuronTraceEntry {
    return this.rowSource.entry(this.name, this.rows, this.options.source);
  }
}

const rowsOf = (probe: Probe | NeuronProbe, source: Recordable): RowSource<TraceEntry | NeuronTraceEntry> =>
  isNeuronProbe(probe) ? new NeuronRows(probe, source.neural) : new SynapseRows(probe, source);

/** Milliseconds. */
const showEvery = 500;

/** What the traces of synapses in a folder are, by name. */
export type TraceIndex = Readonly<Record<string, TraceEntry>>;

/** All traces of a folder: of synapses, and of neurons. */
export type AllTraces = Readonly<Record<string, TraceEntry | NeuronTraceEntry>>;

/** Whether a trace is of neurons, and not of synapses. */
export const isOfNeurons = (entry: TraceEntry | NeuronTraceEntry): entry is NeuronTraceEntry =>
  isNeuronProbe(entry);

/** Those of synapses. */
export function synapseTraces(traces: AllTraces): TraceIndex {
  const ofSynapses = Object.entries(traces).filter(([, entry]) => !isOfNeurons(entry));
  return Object.fromEntries(ofSynapses) as TraceIndex;
}

/**
 * What `index.json` of a traces folder says of synapses; empty where there is none.
 * @throws InputError where it cannot be read, or holds no index.
 */
export function readTraceIndex(folder: string): TraceIndex {
  return synapseTraces(readAllTraces(folder));
}

/**
 * The same, of neurons too.
 * @throws InputError where it cannot be read, or holds no index.
 */
export function readAllTraces(folder: string): AllTraces {
  const file = join(folder, 'index.json');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return {};
    throw readFailure(file, error);
  }
  return parseTraceIndex(text, file);
}

const isGroup = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether it has what every reader goes by; its files lie in the folder itself. */
function isEntry(value: unknown): boolean {
  if (!isGroup(value) || !isGroup(value.when)) return false;
  const { file, shape, variables, at, when } = value;
  const isHere = (name: unknown): boolean => typeof name === 'string' && basename(name) === name;
  const areTexts = (list: unknown): boolean =>
    Array.isArray(list) && list.every((one) => typeof one === 'string');
  return (
    isHere(file) &&
    isHere(when.file) &&
    areTexts(variables) &&
    areTexts(when.columns) &&
    typeof at === 'string' &&
    (!isNeuronProbe({ at }) || wrongNeurons(value) === null) &&
    Array.isArray(shape) &&
    shape.length === 3 &&
    shape.every((length) => Number.isSafeInteger(length) && length >= 0)
  );
}

/** The same from its text; `file` is its name, for messages. */
export function parseTraceIndex(text: string, file: string): AllTraces {
  let traces: unknown;
  try {
    traces = (JSON.parse(text) as { traces?: unknown } | null)?.traces;
  } catch {} // Told below.
  if (isGroup(traces) && Object.values(traces).every(isEntry)) return traces as unknown as AllTraces;
  throw new InputError({ what: `"${file}" holds no index of traces`, advice: 'Record the traces again' });
}

/** A run of indices, or a shape, takes a line and not five. No text in JSON has a line's end in it. */
const threeNumbers = /\[\s+(\d+),\s+(\d+),\s+(\d+)\s+\]/g;

/** An `index.json` that tells of these recorders, beside what it told of others. */
export function formatTraceIndex(before: AllTraces, recorders: readonly Recorder[]): string {
  const entries = recorders.map((recorder) => [recorder.name, recorder.entry()] as const);
  const sorted = [...new Map([...Object.entries(before), ...entries])].sort(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify({ traces: Object.fromEntries(sorted) }, null, 2);
  return `${text.replace(threeNumbers, '[$1, $2, $3]')}\n`;
}

/** The variables of the synapses themselves that a trace holds, without what it says of the rule, which stands behind them. */
export const variablesOf = ({
  variables,
  account,
}: Pick<TraceEntry, 'variables' | 'account'>): readonly string[] =>
  variables.slice(0, variables.length - (account?.columns.length ?? 0));

/** Starts recording a simulation; `close` ends it. */
export function record(source: Recordable, probe: Probe | NeuronProbe, options: RecorderOptions): Recorder {
  return new Recorder(source, probe, options);
}

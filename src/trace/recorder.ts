import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Observable, Subscription } from 'rxjs';
import { z } from 'zod';
import { writeDurably } from '../core/durable-file';
import { InputError } from '../core/errors';
import { codeOf, readFailure } from '../core/file-failures';
import type { GrowingFile } from '../core/growing-file';
import { isObservable } from '../core/rxjs-parts';
import { aFunction, hasFields, made, validate } from '../core/validate';
import type { MetaUpdateEvent, SimulationEvent } from '../learning/events';
import type { MetaRule } from '../learning/meta-rule';
import { type Population, populationSchema } from '../synapse/population';
import { type AccountColumn, accountColumns, noMetaRule, writeAccount } from './account-columns';
import { NpyWriter } from './npy';
import {
  checkProbe,
  momentColumns,
  momentUnits,
  type Probe,
  type ProbeMoment,
  selectSynapses,
} from './probe';
import { type StoredSynapses, storeSynapses } from './recorded-synapses';

/** What a recorder listens to: a simulation has this form. */
export interface Recordable {
  readonly events$: Observable<SimulationEvent>;
  /** The same for one who looks at these synapses only, where less can then be reported of the others. */
  eventsFor?(synapses: readonly number[]): Observable<SimulationEvent>;
  readonly population: Population;
  readonly stride: number;
  /** How its slow variables move; needed for a probe that asks for an account. */
  readonly metaRule?: MetaRule;
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

/** What `index.json` says of one trace. */
export interface TraceEntry {
  readonly file: string;
  readonly shape: readonly [number, number, number];
  readonly axes: readonly ['row', 'variable', 'synapse'];
  readonly dtype: '<f8';
  readonly variables: readonly string[];
  /** Weights and strengths have no physical unit. */
  readonly units: Readonly<Record<string, string>>;
  readonly at: ProbeMoment;
  /** Of how many moments one is recorded; for `step`, the inner steps from one row to the next. */
  readonly every: number;
  /** Which synapses its columns are: `new RecordedSynapses(entry.synapses)`. */
  readonly synapses: StoredSynapses;
  /** Whose trace it is: traces of one source are of the same synapses. */
  readonly source?: string;
  /** The companion file that says for each row which moment it is. */
  readonly when: {
    readonly file: string;
    readonly columns: readonly string[];
    readonly units: readonly string[];
  };
  /** How slow variables move, of a trace that says what the rule saw; its variables are then those asked for, and behind them `columns`. */
  readonly account?: { readonly columns: readonly AccountColumn[]; readonly rule: MetaRule };
}

/**
 * Records what a probe asks for, as it happens, into `.npy` files of [rows][variables][synapses] (float64).
 * It only listens. Memory stays bounded however long the run.
 */
export class Recorder {
  readonly name: string;
  private readonly values: NpyWriter;
  private readonly moments: NpyWriter;
  private readonly synapses: number[];
  private readonly stored: StoredSynapses;
  private readonly row: Float64Array;
  /** What of the rule is recorded beside the probe's variables. */
  private readonly account: TraceEntry['account'];
  private flushed = performance.now();
  private readonly subscription: Subscription;
  private seen = 0;
  private closed = false;

  /** @throws InputError where the probe does not fit the simulation, or its files exist. */
  constructor(
    private readonly source: Recordable,
    private readonly probe: Probe,
    private readonly options: RecorderOptions,
  ) {
    validate(recordableSchema, source, 'what a recorder listens to');
    validate(recorderOptions, options, 'the options of a recorder');
    checkProbe(probe, source.population, source.stride);
    this.name = options.name;
    this.synapses = selectSynapses(source.population, probe.synapses);
    this.stored = storeSynapses(this.synapses, source.population.topology);
    this.account = probe.account ? accountOf(source) : undefined;
    const variables = probe.variables.length + this.accountColumns.length;
    this.row = new Float64Array(variables * this.synapses.length);
    this.values = this.writer(`${this.name}.npy`, [variables, this.synapses.length]);
    this.moments = this.writer(`${this.name}.when.npy`, [momentColumns.length]);
    const events = source.eventsFor?.(this.synapses) ?? source.events$;
    this.subscription = events.subscribe((event) => this.hear(event));
  }

  /** What it records of the rule beside the probe's variables. */
  get accountColumns(): readonly AccountColumn[] {
    return this.account?.columns ?? [];
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
    writeDurably(join(folder, 'index.json'), formatTraceIndex(readTraceIndex(folder), [this]));
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

  private writer(file: string, rowShape: number[]): NpyWriter {
    const path = join(this.options.folder, file);
    const spec = { dtype: '<f8', rowShape } as const;
    const { resumeAt } = this.options;
    return resumeAt === undefined ? NpyWriter.create(path, spec) : NpyWriter.resume(path, spec, resumeAt);
  }

  private hear(event: SimulationEvent): void {
    if (event.kind !== this.probe.at || this.options.isPast?.()) return;
    const { phase } = this.probe;
    if (phase !== undefined && event.kind === 'phase-end' && event.phase !== phase) return;
    // Nothing was moved, so there is nothing to account for.
    if (this.account !== undefined && event.kind === 'meta-update' && event.moves === null) return;
    const every = this.probe.every ?? 1;
    const due = event.kind === 'step' ? (event.first + event.count) % every === 0 : this.seen % every === 0;
    this.seen++;
    if (!due) return;
    let column = 0;
    for (const variable of this.probe.variables) {
      const values = this.source.population.values(variable);
      for (const index of this.synapses) this.row[column++] = values[index]!;
    }
    for (const account of this.accountColumns) {
      writeAccount(
        account,
        event as MetaUpdateEvent,
        this.source.population,
        this.synapses,
        this.row,
        column,
      );
      column += this.synapses.length;
    }
    this.values.append(this.row);
    this.moments.append(momentOf(event));
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
  entry(): TraceEntry {
    return {
      file: `${this.name}.npy`,
      shape: [this.rows, this.variables.length, this.synapses.length],
      axes: ['row', 'variable', 'synapse'],
      dtype: '<f8',
      variables: this.variables,
      units: Object.fromEntries(this.variables.map((variable) => [variable, 'dimensionless'])),
      at: this.probe.at,
      every: Math.max(this.probe.every ?? 1, this.probe.at === 'step' ? this.source.stride : 1),
      synapses: this.stored,
      ...(this.options.source === undefined ? {} : { source: this.options.source }),
      when: {
        file: `${this.name}.when.npy`,
        columns: momentColumns,
        units: momentUnits,
      },
      ...(this.account === undefined ? {} : { account: this.account }),
    };
  }

  private get variables(): readonly string[] {
    return [...this.probe.variables, ...this.accountColumns.map(({ name }) => name)];
  }
}

/** Milliseconds. */
const showEvery = 500;

function accountOf({ metaRule }: Recordable): NonNullable<TraceEntry['account']> {
  if (metaRule === undefined) throw noMetaRule();
  return { columns: accountColumns(metaRule), rule: metaRule };
}

/** Task, phase, beta, step and residual of an event; a meta-update is of no phase, which is written as -1. */
function momentOf(event: SimulationEvent): [number, number, number, number, number] {
  switch (event.kind) {
    case 'step':
      return [event.task, event.phase, event.beta, event.first + event.count, event.residual];
    case 'phase-end':
      return [event.task, event.phase, event.beta, event.steps, event.residual];
    default:
      return [event.task, -1, 0, event.kind === 'meta-update' ? event.tasks : 0, Number.NaN];
  }
}

/** What the traces of a folder are, by name. */
export type TraceIndex = Readonly<Record<string, TraceEntry>>;

/**
 * What `index.json` of a traces folder says; empty where there is none.
 * @throws InputError where it cannot be read, or holds no index.
 */
export function readTraceIndex(folder: string): TraceIndex {
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
    Array.isArray(shape) &&
    shape.length === 3 &&
    shape.every((length) => Number.isSafeInteger(length) && length >= 0)
  );
}

/** The same from its text; `file` is its name, for messages. */
export function parseTraceIndex(text: string, file: string): TraceIndex {
  let traces: unknown;
  try {
    traces = (JSON.parse(text) as { traces?: unknown } | null)?.traces;
  } catch {} // Told below.
  if (isGroup(traces) && Object.values(traces).every(isEntry)) return traces as unknown as TraceIndex;
  throw new InputError({ what: `"${file}" holds no index of traces`, advice: 'Record the traces again' });
}

/** A run of indices, or a shape, takes a line and not five. No text in JSON has a line's end in it. */
const threeNumbers = /\[\s+(\d+),\s+(\d+),\s+(\d+)\s+\]/g;

/** An `index.json` that tells of these recorders, beside what it told of others. */
export function formatTraceIndex(before: TraceIndex, recorders: readonly Recorder[]): string {
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
export function record(source: Recordable, probe: Probe, options: RecorderOptions): Recorder {
  return new Recorder(source, probe, options);
}

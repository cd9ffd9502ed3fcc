import { join } from 'node:path';
import type { RunPlan } from '../clock/schedule';
import { arrayBytes, copyState } from '../core/copy-state';
import type { FileListing } from '../core/file-listing';
import { checkNotInterrupted } from '../core/interruption';
import { RandomStreams } from '../core/random';
import { yieldToEventLoop } from '../core/yield-to-event-loop';
import type { Engine } from '../engine/engine';
import type { TaskHost } from '../learning/workers/task-host';
import { checkFigure } from '../plot/check-figure';
import type { Figure } from '../plot/figure';
import type { RuleExecutor } from '../synapse/rule-executor';
import type { NeuronProbe } from '../trace/neuron-probe';
import type { Probe } from '../trace/probe';
import { type AllTraces, formatTraceIndex, type Recordable, Recorder } from '../trace/recorder';
import { AppendFile } from './directory/append-file';
import { type Checkpoint, keepOnly, type Past, writeCheckpoint } from './directory/checkpoint';
import { CheckpointTurns } from './directory/checkpoint-turns';
import type { EnvironmentSince } from './directory/environment-history';
import { figureFiles } from './directory/figure-files';
import type { RunRecord } from './directory/run-record';
import { Timing } from './directory/timing';
import { createProgress, type Progress } from './progress/progress';
import { isInTurn, type SavedRun } from './saved-run';

/** A part of a run that is done step by step, can be saved between two steps, and goes on from what was saved. */
export interface Repeated {
  /** What is counted, for the progress line. */
  readonly label: string;
  readonly total: number;
  /** Does step i, counted from 0. What it returns is shown beside the progress. */
  step(i: number): Promise<string | undefined>;
  /** Everything that the steps to come depend on: plain values and typed arrays. */
  save(): unknown;
  /** Takes over what `save` has given. */
  restore(state: unknown): void;
}

/** What a scenario gets to run with. */
export interface RunContext<Config = unknown> {
  readonly config: Config;
  readonly seed: number;
  /** Named random streams of the run's seed. Their state is part of every checkpoint. */
  readonly random: RandomStreams;
  readonly engine: Engine;
  /** How many tasks may be learned at the same time, or nudged phases of one, by engines that can (`threadsFor`); no number depends on it. */
  readonly workers: number;
  /** Who learns whole tasks in place of this process, for a StreamLearner, where the scenario shares tasks (`sharesTasks`); no number depends on it. Default: nobody. */
  readonly host?: TaskHost;
  /** Executes contrast and meta-update. */
  readonly rules: RuleExecutor;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
  /** Appends one record to `metrics.ndjson`. Never twice: not again what a resumed run did before its checkpoint. */
  metric(record: Readonly<Record<string, unknown>>): void;
  /** Tells people something without breaking the progress. */
  say(line: string): void;
  /** A warning: told at once, and kept in the summary. */
  warn(line: string): void;
  readonly warnings: readonly string[];
  /**
   * Records a simulation, or synapses on a task stream, or their neurons, into `traces/`.
   * @param plan Its course, from which the size is told, where it is not that of the whole run.
   */
  record(source: Recordable, name: string, probe: Probe | NeuronProbe, plan?: RunPlan): void;
  /**
   * Draws a figure into `plots/`: `<name>.json`, `.csv`, `.svg`, `.png`; anew, where the name was drawn before. The caption
   * gets the command that makes the run again, and says which points the axes could not show.
   * @throws InputError where the figure is wrong: an illegal name, or a log axis that is to reach 0.
   */
  figure(figure: Figure): void;
  /** Runs a part step by step, with progress and checkpoints. After `resume` it goes on where it had come to. */
  repeat(part: Repeated): Promise<void>;
  /** Seconds by the clock on the wall that the steps of a part have taken, in all processes of the run. */
  seconds(label: string): number;
}

export interface RunContextOptions<Config> {
  readonly config: Config;
  readonly seed: number;
  readonly engine: Engine;
  readonly workers: number;
  readonly host?: TaskHost;
  readonly rules: RuleExecutor;
  readonly signal: AbortSignal;
  readonly directory: string;
  /** What the run directory holds, to be kept as it grows. */
  readonly runRecord: RunRecord;
  /** What the run's processes ran on, this one included. */
  readonly environments: readonly EnvironmentSince[];
  /** The checksum of the run's settings. */
  readonly settings: string;
  /** What was left by earlier processes, where it is whole: the text of `timing.json`, and what `traces/index.json` told. */
  readonly left: { readonly timing?: string; readonly traces?: AllTraces };
  /** What makes the run again; figures tell it. */
  readonly command: string;
  /** The course of the whole run, from which the size of its traces is told. */
  readonly schedule: RunPlan;
  readonly quiet: boolean;
  /** A checkpoint is written after this many steps; null goes by the clock. */
  readonly checkpointEvery: number | null;
  /** Where to go on; null for a new run. */
  readonly checkpoint: Checkpoint | null;
  /** Whether files of an earlier process may be there. */
  readonly resumed: boolean;
  /** Called between two steps of a part. What it aborts ends the run there. */
  readonly afterStep?: () => void;
}

/** The context of one run, with the files that grow while it runs. */
export class FileRunContext<Config> implements RunContext<Config> {
  readonly config: Config;
  readonly seed: number;
  readonly random: RandomStreams;
  readonly engine: Engine;
  readonly workers: number;
  readonly host?: TaskHost;
  readonly rules: RuleExecutor;
  readonly signal: AbortSignal;
  private readonly saved: SavedRun | null;
  private readonly metrics: AppendFile;
  private readonly recorders: Recorder[] = [];
  private readonly sources = new Map<Recordable, string>();
  private readonly told: string[];
  private readonly parts: SavedRun['parts'][number][] = [];
  private readonly timing: Timing;
  private readonly turns: CheckpointTurns;
  private progress: Progress | null = null;
  private closed = false;
  /** The state after the last whole step, and whether it is on disk. */
  private lastWhole: { position: number; state: SavedRun; past: Past; written: boolean } | null = null;
  /** The position of the checkpoint that this process went on from, where that was out of turn. */
  private readonly outOfTurn: number | undefined;

  constructor(private readonly options: RunContextOptions<Config>) {
    this.config = options.config;
    this.seed = options.seed;
    this.random = new RandomStreams(options.seed);
    this.engine = options.engine;
    this.workers = options.workers;
    this.host = options.host;
    this.rules = options.rules;
    this.signal = options.signal;
    this.saved = (options.checkpoint?.state as SavedRun | undefined) ?? null;
    this.outOfTurn = this.saved !== null && !isInTurn(this.saved) ? options.checkpoint!.position : undefined;
    this.told = [...(this.saved?.warnings ?? [])];
    this.timing = new Timing(options.left.timing);
    this.turns = new CheckpointTurns(options.checkpointEvery, undefined, (taken) =>
      this.timing.add('checkpoints', taken),
    );
    const kept = options.checkpoint?.past.files[metricsFile]?.bytes ?? 0;
    this.metrics = AppendFile.open(join(options.directory, metricsFile), kept);
    options.runRecord.follow(metricsFile, this.metrics);
  }

  get warnings(): readonly string[] {
    return this.told;
  }

  /**
   * Whether what happens now, between two parts of a resumed run, happened before the checkpoint already, so that
   * its metrics, traces and warnings are there.
   */
  private get isPast(): boolean {
    return this.parts.length < (this.saved?.parts.length ?? 0);
  }

  // Fields, not methods, so that a scenario can take them out of the context by name.
  readonly metric = (record: Readonly<Record<string, unknown>>): void => {
    if (!this.isPast) this.metrics.append(`${JSON.stringify(record)}\n`);
  };

  readonly say = (line: string): void => {
    if (this.options.quiet) return;
    if (this.progress === null) process.stderr.write(`${line}\n`);
    else this.progress.say(line);
  };

  readonly warn = (line: string): void => {
    if (this.isPast) return;
    this.told.push(line);
    this.say(`warning: ${line}`);
  };

  readonly record = (
    source: Recordable,
    name: string,
    probe: Probe | NeuronProbe,
    plan: RunPlan = this.options.schedule,
  ): void => {
    const saved = this.saved?.traces[name];
    const resumeAt = this.options.resumed ? (saved?.rows ?? 0) : undefined;
    const recorder = new Recorder(source, probe, {
      folder: join(this.options.directory, 'traces'),
      name,
      resumeAt,
      isPast: () => this.isPast,
      source: this.sourceOf(source, name),
    });
    const kilobytes = recorder.mostBytes(plan) / 1000;
    this.say(`trace ${name}: ${recorder.inWords}, at most ${kilobytes.toFixed(1)} kB`);
    recorder.heard = saved?.heard ?? 0;
    this.recorders.push(recorder);
    for (const [file, growing] of Object.entries(recorder.files))
      this.options.runRecord.follow(`traces/${file}`, growing);
    // So that whoever watches the run knows what its traces hold: no row yet.
    recorder.syncRows();
    this.options.runRecord.write(this.traceIndex());
  };

  /** Traces of one source are known by the name of its first. */
  private sourceOf(source: Recordable, name: string): string {
    const known = this.sources.get(source) ?? name;
    this.sources.set(source, known);
    return known;
  }

  readonly figure = (figure: Figure): void => {
    const { directory, command, runRecord } = this.options;
    const files = figureFiles({ ...checkFigure(figure), command });
    runRecord.write(Object.fromEntries(files.map(([name, content]) => [`plots/${name}`, content])));
    this.say(`figure ${figure.name}: ${join(directory, 'plots', `${figure.name}.png`)}`);
  };

  readonly repeat = async (part: Repeated): Promise<void> => {
    const index = this.parts.length;
    const saved = this.saved?.parts[index];
    if (saved !== undefined) {
      part.restore(copyState(saved.state));
      this.random.restore(this.saved!.random);
    }
    const first = saved?.done ?? 0;
    this.parts.push(saved ?? { done: 0, state: this.turns.copy(() => copyState(part.save())) });
    if (index === 0 && saved === undefined) this.keep(true, true);
    let copied = first;
    const copy = (done: number, inTurn: boolean, isDue: boolean): void => {
      const earlier = this.parts[index]!.state;
      this.parts[index] = { done, state: this.turns.copy(() => copyState(part.save(), earlier)) };
      copied = done;
      this.keep(inTurn, isDue);
    };
    const { label, total } = part;
    const mode = this.options.quiet ? 'quiet' : 'auto';
    this.progress = createProgress({ label, total, mode, startAt: first });
    try {
      for (let done = first; done < total; ) {
        await yieldToEventLoop(); // Or signals would not be heard where a step waits for nothing.
        if (this.signal.aborted && copied < done) copy(done, false, false);
        checkNotInterrupted(this.signal);
        const begin = performance.now();
        const note = await part.step(done);
        this.timing.add(label, (performance.now() - begin) / 1000);
        done++;
        const bytes = arrayBytes(this.parts);
        const isDue = this.turns.isDue(done, total, bytes);
        const isEnd = done === total;
        if (isDue || isEnd || this.turns.isCopied(bytes)) copy(done, isDue || isEnd, isDue);
        this.progress.update(done, note);
        if (!isEnd) this.options.afterStep?.();
      }
    } finally {
      this.progress.finish();
      this.progress = null;
    }
  };

  readonly seconds = (label: string): number => this.timing.seconds(label);

  /** Writes the state after the last whole step, where it is not on disk yet. */
  saveLastWhole(): void {
    if (this.lastWhole === null || this.lastWhole.written) return;
    const { directory, runRecord } = this.options;
    const { position, state, past } = this.lastWhole;
    this.syncGrowing();
    writeCheckpoint(join(directory, 'checkpoints'), position, state, {
      past,
      replaced: this.outOfTurn,
      written: (stay) =>
        runRecord.checkpoint(stay, { 'timing.json': this.timing.format(), ...this.traceIndex() }),
    });
    this.lastWhole.written = true;
  }

  /** Writes the state that the run ends with, where it is not on disk yet. To be called when the scenario has run to its end. */
  finish(): void {
    this.turns.write(() => this.saveLastWhole());
    const position = this.lastWhole?.position ?? this.options.checkpoint?.position;
    if (position === undefined || !this.turns.endsAlone(arrayBytes(this.parts))) return;
    const { directory, runRecord } = this.options;
    keepOnly(join(directory, 'checkpoints'), position, (stay) => runRecord.checkpoint(stay, {}));
  }

  /** Closes the files that grow, with all that was recorded; to be called whatever happens. A second call does nothing. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    try {
      this.syncGrowing();
      this.options.runRecord.write(this.traceIndex());
    } finally {
      for (const file of [
        ...this.recorders.map((recorder) => () => recorder.closeFiles()),
        () => this.metrics.close(),
      ])
        file();
    }
  }

  /** @param inTurn Whether a checkpoint of it would be one that a run which nobody stops has. */
  private keep(inTurn: boolean, isDue: boolean): void {
    const traces = this.recorders.map(({ name, rows, heard }) => [name, { rows, heard }]);
    const state = {
      parts: [...this.parts],
      random: this.random.save(),
      traces: Object.fromEntries(traces),
      warnings: [...this.told],
      inTurn,
      environments: this.options.environments,
    };
    const position = this.parts.reduce((sum, { done }) => sum + done, 0);
    const { settings } = this.options;
    this.lastWhole = { position, state, past: { files: this.growing(), settings }, written: false };
    if (isDue) this.turns.write(() => this.saveLastWhole());
  }

  /** What each file that grows holds by now. */
  private growing(): Record<string, FileListing> {
    const traces = this.recorders.flatMap(({ files }) => Object.entries(files));
    return Object.fromEntries([
      [metricsFile, this.metrics.listing()],
      ...traces.map(([file, growing]) => [`traces/${file}`, growing.listing()]),
    ]);
  }

  /** Everything that a checkpoint counts on must be on disk before it. */
  private syncGrowing(): void {
    this.metrics.sync();
    for (const recorder of this.recorders) recorder.syncRows();
  }

  /** What tells of the traces, where there are any. */
  private traceIndex(): Record<string, string> {
    if (this.recorders.length === 0) return {};
    return { 'traces/index.json': formatTraceIndex(this.options.left.traces ?? {}, this.recorders) };
  }
}

const metricsFile = 'metrics.ndjson';

import { type ReadonlySignal, signal } from '@preact/signals';
import type { ErrorData } from '../../core/error-data';
import type { Course, DerivedRules, Estimated, Exact, Judged, Progress, Sweep } from '../experiment/outcome';
import type { Settings } from '../experiment/settings';
import type { Answer, Question } from '../worker/messages';

/** What is known of the latest settings, as it comes in; what was there stays until something else takes its place. */
export interface Outcome {
  /** Of which settings the phases are. */
  readonly settings: Settings;
  /** Null where the phases gave nothing. */
  readonly estimated: Estimated | null;
  /** How far the phases went, where one of them left every bound. */
  readonly broken: Course | null;
  /** Null while it is worked out. */
  readonly exact: Exact | null;
  readonly judged: Judged | null;
  readonly error: ErrorData | null;
}

const nothing = (of: Settings): Outcome => ({
  settings: of,
  estimated: null,
  broken: null,
  exact: null,
  judged: null,
  error: null,
});

function newWorker(hear: (answer: Answer) => void, fail: (words: string) => void): Worker {
  const worker = new Worker(new URL('../worker/worker.ts', import.meta.url), {
    type: 'module',
    name: 'simulator',
  });
  worker.addEventListener('message', ({ data }) => hear(data as Answer));
  worker.addEventListener('error', (event) => fail(event.message || 'The simulator cannot be loaded'));
  return worker;
}

/** One worker and what it was asked last. */
class Desk {
  readonly progress = signal<Progress | null>(null);
  /** Whether what was asked last was given up by the user. */
  readonly stopped = signal(false);
  private worker: Worker | null = null;
  private id = 0;

  constructor(private readonly hear: (answer: Answer) => void) {}

  ask(kind: 'run' | 'sweep', settings: Settings): void {
    this.id++;
    this.stopped.value = false;
    this.progress.value = { stage: 'loading the simulator', share: 0 };
    this.post({ kind, id: this.id, settings });
  }

  post(question: Question): void {
    this.worker ??= newWorker(
      (answer) => {
        if (answer.kind !== 'rules' && answer.id !== this.id) return;
        if (answer.kind === 'progress') this.progress.value = answer.progress;
        else this.hear(answer);
        if (answer.kind === 'over') this.progress.value = null;
      },
      (message) => {
        this.hear({
          id: this.id,
          kind: 'over',
          error: { type: 'Error', message, stack: undefined, own: {} },
        });
        this.progress.value = null;
      },
    );
    this.worker.postMessage(question);
  }

  stop(): void {
    this.id++;
    this.progress.value = null;
    this.stopped.value = true;
    this.worker?.postMessage({ kind: 'stop' } satisfies Question);
  }
}

const outcomeNow = signal<Outcome | null>(null);
let asked: Settings | null = null;
/** The outcome of the latest run has begun to come in. */
let begun = false;

function change(part: Partial<Outcome>): void {
  const before = begun && outcomeNow.peek() !== null ? outcomeNow.peek()! : nothing(asked!);
  begun = true;
  outcomeNow.value = { ...before, ...part };
}

const runs = new Desk((answer) => {
  switch (answer.kind) {
    case 'estimated':
      return change({ estimated: answer.estimated });
    case 'broke':
      return change({ broken: answer.course });
    case 'compared':
      return change({ exact: answer.exact });
    case 'judged':
      return change({ judged: answer.judged });
    case 'rules':
      if (answer.id !== drafts) return;
      derivedNow.value = { of: draft, rules: answer.rules ?? derivedNow.peek().rules, error: answer.error };
      return;
    case 'over':
      return answer.error === null ? undefined : change({ error: answer.error });
  }
});

export const outcome: ReadonlySignal<Outcome | null> = outcomeNow;
export const running: ReadonlySignal<Progress | null> = runs.progress;
export const stopped: ReadonlySignal<boolean> = runs.stopped;

/** Runs the settings; what is being worked on for others is given up. */
export function run(settings: Settings): void {
  asked = settings;
  begun = false;
  runs.ask('run', settings);
}

export const stopRun = (): void => runs.stop();

type Draft = Pick<Settings, 'penalty' | 'slow'>;

interface Derived {
  /** The draft that was read last, itself. */
  readonly of: Draft | null;
  /** Of the last penalty that could be read. */
  readonly rules: DerivedRules | null;
  /** What is wrong with the one that is written. */
  readonly error: ErrorData | null;
}

const derivedNow = signal<Derived>({ of: null, rules: null, error: null });
export const derived: ReadonlySignal<Derived> = derivedNow;

let draft: Draft | null = null;
let drafts = 0;

/** Has the rules of a penalty derived. */
export function derive(of: Draft): void {
  draft = of;
  drafts++;
  runs.post({ kind: 'rules', id: drafts, settings: { penalty: of.penalty, slow: of.slow } });
}

/** The error by beta, in a worker of its own: moving a slider does not end it. */
interface Swept {
  readonly settings: Settings;
  readonly sweep: Sweep | null;
  readonly error: ErrorData | null;
}

const sweptNow = signal<Swept | null>(null);
let askedSweep: Settings | null = null;
const sweeps = new Desk((answer) => {
  if (answer.kind === 'swept') sweptNow.value = { settings: askedSweep!, sweep: answer.sweep, error: null };
  if (answer.kind === 'over' && answer.error !== null)
    sweptNow.value = { settings: askedSweep!, sweep: null, error: answer.error };
});

export const swept: ReadonlySignal<Swept | null> = sweptNow;
export const sweeping: ReadonlySignal<Progress | null> = sweeps.progress;

export function sweep(settings: Settings): void {
  askedSweep = settings;
  sweeps.ask('sweep', settings);
}

export const stopSweep = (): void => sweeps.stop();

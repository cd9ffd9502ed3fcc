import { setTimeout as pause } from 'node:timers/promises';
import { relativeError } from '../../src/baselines/implicit';
import { MetaplastError } from '../../src/core/errors';
import type { BlasChoice } from '../../src/engine/simd/machine/blas-choice';
import { openMachine } from '../../src/engine/simd/machine/machine';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { median, table } from './figures';
import { gradientOf, openWork, stepOf, type Work, works } from './inner-steps';
import { measureLocalRule } from './local-rule';
import { measureParallel } from './parallel';
import { Peer, type PeerName } from './peer';
import type { Report } from './report';
import { type Beside, exitCodeOf, judge, type Row } from './row';
import { measureStartUp } from './start-up';
import { afterwards, trials } from './trials';
import { measureWholeTask } from './whole-task';

/** How many threads our step is taken by; the better of the two counts, as of a peer's. */
const threads = [1, 2];

/** Milliseconds that a trial takes, and that all of a peer's may take: of what needs seconds a step there are fewer trials. */
const [trialTime, peerTime] = [60, 20_000];

/**
 * The most that gradients may be apart: then a peer does other work. Float32 leaves 1e-6 of the norm; where there are 5 million units with
 * a kink, one of them that rounding takes to its other side is worth 1 / sqrt(5e6) of it, and there are some (1.3e-3 and 2.8e-3 were seen).
 */
const mostApart = 1e-2;

interface Fastest {
  readonly milliseconds: number;
  readonly threads: number;
  readonly trials: number;
}

/** By each number of threads; a peer's or ours. */
interface Timed {
  readonly threads: readonly number[];
  /** [threads][trials] */
  readonly times: number[][];
}

function fastest({ threads: counts, times }: Timed): Fastest {
  const medians = times.map(median);
  const milliseconds = Math.min(...medians);
  const index = medians.indexOf(milliseconds);
  return { milliseconds, threads: counts[index]!, trials: times[index]!.length };
}

const timed = (counts: readonly number[]): Timed => ({ threads: counts, times: counts.map(() => []) });

const told = ({ milliseconds, threads: count, trials: measured }: Fastest): string =>
  `${milliseconds.toPrecision(3)} ms by ${count}${measured === trials ? '' : `, ${measured} trial${measured === 1 ? '' : 's'}`}`;

/**
 * Milliseconds of steps that are not counted in front of each trial, ours and a peer's: while the other side worked, or none did, caches were
 * given to others, and the machine's second processor slept.
 */
const warmUp = 40;

/** How many steps a trial has, and how many are not counted in front of it. */
const stepsOf = (milliseconds: number): number => Math.max(1, Math.ceil(trialTime / milliseconds));
const stepsBefore = (milliseconds: number): number => Math.max(1, Math.ceil(warmUp / milliseconds));

/** A peer that has the numbers of a step. */
interface OpenPeer extends Timed {
  readonly peer: Peer;
  readonly apart: number;
  readonly steps: number;
  readonly before: number;
  readonly trials: number;
}

async function openPeer(
  peer: Peer,
  { name }: Work,
  step: ReturnType<typeof stepOf>,
  ours: Float64Array,
): Promise<OpenPeer> {
  const apart = relativeError(await peer.open(name, step), ours)!;
  if (!(apart <= mostApart)) {
    throw new MetaplastError({
      what: `${peer.version} takes another step than ours in ${name}: their gradients are apart`,
      got: apart,
      legal: `${mostApart} of the norm at the most`,
    });
  }
  const once = await peer.milliseconds(name, 1, peer.threads.at(-1)!);
  const [steps, before] = [stepsOf(once), stepsBefore(once)];
  const affordable = Math.floor(peerTime / (once * (steps + before) * peer.threads.length));
  return {
    peer,
    apart,
    steps,
    before,
    trials: Math.min(trials, Math.max(1, affordable)),
    ...timed(peer.threads),
  };
}

/** An inner step, ours and the peers' in turn; medians over the trials. */
async function innerStep(work: Work, peers: readonly Peer[], blas: BlasChoice): Promise<Row> {
  const engine = simdEngine({ blas });
  const step = stepOf(work);
  const gradient = peers.length === 0 ? new Float64Array(0) : await gradientOf(step, engine);
  const { memory } = openMachine(blas);
  const held = memory.bytesInUse;
  const ours = [await openWork(work, engine, threads[0])];
  const bytes = memory.bytesInUse - held;
  for (const count of threads.slice(1)) ours.push(await openWork(work, engine, count));
  const once = await ours[0]!.milliseconds(1);
  const [steps, before] = [stepsOf(once), stepsBefore(once)];
  const own = timed(threads);
  const others: OpenPeer[] = [];
  for (const peer of peers) others.push(await openPeer(peer, work, step, gradient));
  for (let trial = 0; trial < trials; trial++) {
    for (const [i] of threads.entries()) {
      await pause(afterwards);
      own.times[i]!.push(await ours[i]!.milliseconds(steps, before));
      for (const { peer, times, steps: few, before: warm, trials: most } of others) {
        if (i < times.length && trial < most)
          times[i]!.push(await peer.milliseconds(work.name, few, peer.threads[i]!, warm));
      }
    }
  }
  for (const { close } of ours) await close();
  const time = fastest(own);
  const beside = others.map((other): Beside => {
    const best = fastest(other);
    return { peer: other.peer.version, time: told(best), ratio: best.milliseconds / time.milliseconds };
  });
  const [torch, further] = [beside.filter(isTorch), beside.filter((each) => !isTorch(each))];
  return {
    ...{ work: work.title, shapes: work.shapes, ours: told(time), bytes, further },
    peer: torch[0]?.time ?? '',
    ...{ ratio: torch[0]?.ratio ?? null, goal: work.goal[blas === 'wasm' ? 'wasm' : 'system'] },
    ...(others.length === 0 ? {} : { gradientsApart: Math.max(...others.map(({ apart }) => apart)) }),
  };
}

/** Goals are ratios to PyTorch's time. */
const isTorch = ({ peer }: Beside): boolean => peer.startsWith('PyTorch');

/**
 * The table of goals: the engine beside peers and beside what the machine can do.
 * @param only A part of the titles of rows that are wanted.
 */
export async function measureSpeed(
  peerNames: readonly PeerName[],
  blas: BlasChoice,
  only = '',
): Promise<Report> {
  const wanted = (title: string) => title.toLowerCase().includes(only.toLowerCase());
  const peers: Peer[] = [];
  for (const name of peerNames) peers.push(await Peer.start(name));
  const rows: Row[] = [];
  for (const work of works.filter(({ title }) => wanted(title)))
    rows.push(await innerStep(work, peers, blas));
  if (wanted('one whole 5-way 1-shot task')) rows.push(await measureWholeTask(peers, blas));
  for (const peer of peers) peer.close(); // before what has no peer, which is to have the machine for itself
  if (wanted('local rule alone')) rows.push(...measureLocalRule(trials));
  if (wanted('32 tasks')) rows.push(...(await measureParallel(trials)));
  if (wanted('start-up')) rows.push(await measureStartUp(trials));
  const verdict = judge(rows);
  const named = (what: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`${what}: ${names.join('; ')}`];
  return {
    data: { peers: peers.map(({ version }) => version), rows, ...verdict },
    lines: [
      ...peers.map(({ version }) => version),
      ...speedTable(rows),
      ...named('Goals missed', verdict.missed),
      ...named('Goals that were not judged, for want of --peer torch', verdict.notJudged),
    ],
    exitCode: exitCodeOf(verdict),
  };
}

function speedTable(rows: readonly Row[]): string[] {
  const further = [...new Set(rows.flatMap((row) => (row.further ?? []).map(({ peer }) => peer)))];
  const head = ['work', 'shapes', 'metaplast', 'PyTorch or machine', 'ratio', 'goal'];
  const cells = rows.map((row) => [
    ...[row.work, row.shapes, row.ours, row.peer],
    ...[row.ratio === null ? '' : row.ratio.toPrecision(3), `>= ${row.goal}`],
    ...further.flatMap((name) => {
      const beside = row.further?.find(({ peer }) => peer === name);
      return beside === undefined ? ['', ''] : [beside.time, beside.ratio.toPrecision(3)];
    }),
    row.bytes === undefined ? '' : `${(row.bytes / 1e6).toPrecision(3)} MB`,
    row.gradientsApart?.toExponential(1) ?? '',
  ]);
  return table([
    [...head, ...further.flatMap((name) => [name, 'ratio']), 'shared memory', 'gradients apart'],
    ...cells,
  ]);
}

import { setTimeout as pause } from 'node:timers/promises';
import { omniglotConv4 } from '../../models/omniglot-conv4';
import { relativeError } from '../../src/baselines/implicit';
import { MetaplastError } from '../../src/core/errors';
import { RandomStream } from '../../src/core/random';
import type { Engine, Session } from '../../src/engine/engine';
import type { BlasChoice } from '../../src/engine/simd/machine/blas-choice';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { contrastiveLearner } from '../../src/learning/contrastive-learner';
import { initialParameters, type Network } from '../../src/network/network';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { Population } from '../../src/synapse/population';
import { median } from './figures';
import { gradientOf, randomBatch } from './inner-steps';
import type { Peer } from './peer';
import { type PeerTask, ruleOf } from './peer-task';
import type { Row } from './row';
import { afterwards } from './trials';

/** 5-way 1-shot as published: one image a class to learn from, 15 held out. */
const [ways, queries] = [5, 15];

/** A trial takes some 10 s, ours and the peer's each. */
const trials = 3;

/** A part of the steps, by which code is compiled well, and the best number of threads is found, ours and the peer's. */
const short = { free: 20, nudged: 5 };

/** The most that gradients, and meta-gradients of `short` tasks, may be apart: see `speed.ts`; kinks that rounding crosses are carried along. */
const mostApart = 1e-2;

/** A task with its published numbers: symmetric at beta = .1, Nesterov .9 at .01, lambda = .1, phi from omega. */
export function publishedTask(
  network: Network = omniglotConv4({ ways }),
  counts = { free: 200, nudged: 100 },
): PeerTask {
  return {
    ...counts,
    step: {
      network,
      ...{ lambda: 0.1, anchored: true, inner: { rate: 0.01, momentum: 0.9, beta: 0.1 } },
      train: { ...randomBatch(network, ways), y: classes(1) },
      replay: { ...randomBatch(network, ways * queries, 'bench replay'), y: classes(queries) },
      phi: initialParameters(network, new RandomStream('init', 'seed')).fast,
    },
  };
}

const classes = (shots: number) => Float64Array.from({ length: ways * shots }, (_, i) => i % ways);

/** Learns tasks by the contrastive rule in some sessions of one network: its nudged phases side by side where there are two. */
export function taskLearner(network: Network, sessions: readonly Session[]) {
  const rules = plainExecutor();
  const [first, ...beside] = sessions.map((session) => ({
    session,
    population: new Population(network.synapse, network.topology),
  }));
  return async (task: PeerTask): Promise<Float64Array> => {
    const { train, replay, phi, lambda } = task.step;
    const { metaGradient } = await contrastiveLearner({ network, rule: ruleOf(task), rules }).learn({
      ...{ network, ...first!, beside, start: phi.slice() },
      slow: { omega: phi, lambda: new Float64Array(network.size).fill(lambda) },
      episode: { name: 'bench', index: 0, train, heldOut: replay },
    });
    return metaGradient.omega!;
  };
}

/** Ways to use the machine, of which the best counts. */
const uses = [
  { told: 'by 1', open: (engine: Engine, network: Network) => engine.openSideBySide!(network, 1) },
  {
    told: 'by 2',
    open: (engine: Engine, network: Network) => engine.openSideBySide!(network, 1, { helpers: 1 }),
  },
  {
    told: 'by 2, nudged phases side by side',
    open: (engine: Engine, network: Network) => engine.openSideBySide!(network, 2),
  },
];

/** A way to learn a task: milliseconds that it takes, and its meta-gradient. */
interface Use {
  readonly told: string;
  learn(task: PeerTask): Promise<{ readonly milliseconds: number; readonly metaGradient: Float64Array }>;
}

/** One whole task, ours and PyTorch's in turn, each by the best number of threads; medians over the trials. */
export async function measureWholeTask(
  peers: readonly Peer[],
  blas: BlasChoice,
  task = publishedTask(),
): Promise<Row> {
  const { network } = task.step;
  const engine = simdEngine({ blas });
  const sessions: Session[] = [];
  const ours: Use[] = [];
  for (const { told, open } of uses) {
    const opened = await open(engine, network);
    sessions.push(...opened);
    ours.push({ told, learn: timed(taskLearner(network, opened)) });
  }
  const [torch] = peers.filter(({ version }) => version.startsWith('PyTorch'));
  const theirs = (torch?.threads ?? []).map(
    (threads): Use => ({ told: `by ${threads}`, learn: (given) => torch!.learn('task', given, threads) }),
  );
  const apart = torch === undefined ? undefined : await difference(torch, task, engine, ours[0]!);
  const own = await best(ours, task);
  const other = theirs.length === 0 ? null : await best(theirs, task);
  const times: { readonly own: number[]; readonly other: number[] } = { own: [], other: [] };
  let endsApart: number | undefined;
  for (let trial = 0; trial < trials; trial++) {
    await pause(afterwards);
    const learned = await own.learn(task);
    times.own.push(learned.milliseconds);
    if (other === null) continue;
    await pause(afterwards);
    const answered = await other.learn(task);
    times.other.push(answered.milliseconds);
    endsApart = relativeError(answered.metaGradient, learned.metaGradient)!;
  }
  for (const session of sessions) await session.close();
  const [time, peerTime] = [median(times.own), median(times.other)];
  return {
    work: 'One whole 5-way 1-shot task',
    shapes: `5 + 75 images, 64 filters, ${task.free} + 2 x ${task.nudged} steps`,
    ours: inWords(time, own),
    peer: other === null ? '' : inWords(peerTime, other),
    ratio: other === null ? null : peerTime / time,
    goal: blas === 'wasm' ? 1 : 2,
    ...(apart === undefined ? {} : { gradientsApart: apart }),
    ...(endsApart === undefined ? {} : { endsApart }),
  };
}

function timed(learn: (task: PeerTask) => Promise<Float64Array>): Use['learn'] {
  return async (task) => {
    const begin = performance.now();
    const metaGradient = await learn(task);
    return { milliseconds: performance.now() - begin, metaGradient };
  };
}

/** How far the peer's gradient and its meta-gradient of a short task are from ours, the farther. @throws MetaplastError where it learns another task */
async function difference(torch: Peer, task: PeerTask, engine: Engine, ours: Use): Promise<number> {
  const few = { ...task, ...short };
  const gradient = relativeError(await torch.open('task', task.step), await gradientOf(task.step, engine))!;
  const theirs = await torch.learn('task', few, torch.threads.at(-1)!);
  const meta = relativeError(theirs.metaGradient, (await ours.learn(few)).metaGradient)!;
  const apart = Math.max(gradient, meta);
  if (apart <= mostApart) return apart;
  throw new MetaplastError({
    what: `${torch.version} learns another task than ours: gradients, or meta-gradients of ${short.free} + 2 x ${short.nudged} steps, are apart`,
    got: [gradient, meta],
    legal: `${mostApart} of the norm at the most`,
  });
}

/** The one that learns a short task fastest, once it is warm. */
async function best(candidates: readonly Use[], task: PeerTask): Promise<Use> {
  const few = { ...task, ...short };
  const times: number[] = [];
  for (const { learn } of candidates) {
    await learn(few);
    await pause(afterwards);
    times.push((await learn(few)).milliseconds);
  }
  return candidates[times.indexOf(Math.min(...times))]!;
}

const inWords = (milliseconds: number, { told }: Use): string =>
  `${(milliseconds / 1000).toPrecision(3)} s ${told}, ${trials} trials`;

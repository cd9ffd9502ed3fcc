import { setTimeout as wait } from 'node:timers/promises';
import { modulatedSinusoidMlp, sinusoidMlp } from '../../models/sinusoid-mlp';
import { maml } from '../../src/baselines/maml';
import { type QueueHost, queueHost } from '../../src/cluster/queue-host';
import { RandomStream } from '../../src/core/random';
import { sinusoids } from '../../src/data/sinusoid';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { contrastive } from '../../src/learning/contrastive';
import { contrastiveLearner } from '../../src/learning/contrastive-learner';
import { symmetric } from '../../src/learning/estimators';
import { adam, nesterov } from '../../src/learning/optimizers';
import { StreamLearner } from '../../src/learning/stream-learner';
import type { StreamLearnerOptions } from '../../src/learning/stream-learner-options';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { type Episode, TaskStream } from '../../src/tasks/task-stream';
import { type Running, start } from '../cli/command';
import { startPostgres } from './servers/postgres';
import { describeWith, findPostgres, findRedis } from './servers/programs';
import { startRedis } from './servers/redis';
import type { StartedServer } from './servers/started';

/** Each kind of server: its name, its program where it is installed, and what starts one. */
const kinds = [
  ['Redis', findRedis(), startRedis],
  ['PostgreSQL', findPostgres(), startPostgres],
] as const;

/** Describes something for each kind of server that is installed, with one of that kind that lasts for all of it; workers end behind each test. */
export function describeEachServer(
  what: string,
  tests: (server: () => StartedServer, name: string, startServer: typeof startRedis) => void,
): void {
  describe.each(kinds)(what, (name, program, startServer) => {
    describeWith(name, program)('of a server', () => {
      let server: StartedServer;
      beforeAll(async () => {
        server = await startServer();
      });
      afterAll(() => server.remove());
      afterEach(() => endWorkers());
      tests(() => server, name, startServer);
    });
  });
}

const rules = plainExecutor();
const engine = simdEngine({ blas: 'wasm' });
const phase = { optimizer: nesterov({ rate: 0.002 }), steps: 12, tolerance: 0 };
const rule = contrastive({ estimator: symmetric(0.3), free: phase, nudged: phase });
const [complex, modulated] = [sinusoidMlp(6), modulatedSinusoidMlp(6)];

/** Learners of several kinds, each by a word. */
export const learners = {
  contrastive: () => ({
    network: complex,
    learner: contrastiveLearner({ network: complex, rule, rules, stride: 5 }),
    initial: { lambda: 0.4 },
    learn: ['omega', 'lambda'],
  }),
  modulation: () => ({
    network: modulated,
    learner: contrastiveLearner({ network: modulated, rule, rules, stride: 5 }),
    initial: {},
    learn: ['theta'],
  }),
  // Learns without the penalty, of which judging must leave nothing behind.
  maml: () => ({
    network: complex,
    learner: maml({ rate: 0.01, steps: 3 }),
    initial: { lambda: 0.4 },
    learn: ['omega'],
  }),
} as const;

type Made = Pick<StreamLearnerOptions, 'network' | 'learner' | 'initial'> & {
  readonly learn: readonly string[];
};

/** Lets a learner live through meta-steps, judging it between them; gives everything that there is to see. */
export async function live(
  { network, learner, initial, learn }: Made,
  { metaSteps = 5, batch = 6, ...more }: Partial<StreamLearnerOptions> & { readonly metaSteps?: number },
) {
  const synapses = new StreamLearner({
    ...{ network, learner, initial, engine, rules, batch, seed: 2 },
    stream: new TaskStream({
      source: sinusoids({ support: 6, query: 5 }),
      random: new RandomStream('tasks', 'seed'),
    }),
    meta: { optimizer: adam({ rate: 0.01 }), learn },
    warn: () => {},
    ...more,
  });
  const heard: unknown[] = [];
  synapses
    .eventsFor([1, 2])
    .subscribe((event) => heard.push([event, synapses.population.values('phi').slice(1, 3)]));
  const drawn = sinusoids().sample(new RandomStream('unseen', 'seed'))!;
  const unseen: Episode[] = [0, 1, 2].map((index) => ({ ...drawn, name: `unseen ${index}`, index }));
  const [steps, losses]: unknown[][] = [[], []];
  for (let i = 0; i < metaSteps; i++) {
    losses!.push(await synapses.evaluate(unseen, [0, 4]));
    steps!.push(await synapses.metaStep());
  }
  const [state, phi] = [synapses.save(), synapses.population.values('phi').slice()];
  await synapses.close();
  return { state, phi, steps, losses, heard };
}

/** The same, its tasks learned by the workers of a queue. */
export async function liveByQueue(url: string, made: Made, more: Parameters<typeof live>[1] = {}) {
  const said: string[] = [];
  const host = await openHost(url, said);
  try {
    const seen = await live(made, { ...more, host, warn: (line) => said.push(line) });
    return { seen, said };
  } finally {
    await host.close();
  }
}

export const openHost = (url: string, said: string[] = []): Promise<QueueHost> =>
  queueHost(url, { environment: {}, say: (line) => said.push(line) });

/** Worker processes of a queue, which are all ended with `endWorkers`. */
const workers: Running[] = [];

export function startWorker(url: string, ...more: string[]): Running {
  const worker = start(['worker', '--queue', url, '--threads', '1', '--no-config', ...more]);
  workers.push(worker);
  return worker;
}

/** Ends them as Ctrl-C does. @returns What they have printed. */
export async function endWorkers(): Promise<string[]> {
  const ended = workers.splice(0);
  for (const { child } of ended) child.kill('SIGTERM');
  return Promise.all(ended.map(async (worker) => (await worker.ended).err));
}

/** Waits until something is so. */
export async function until(isSo: () => boolean, what: string): Promise<void> {
  for (const begin = performance.now(); !isSo(); await wait(20)) {
    if (performance.now() - begin > 60_000) throw new Error(`It took too long until ${what}`);
  }
}

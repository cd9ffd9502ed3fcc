import { modulatedSinusoidMlp, sinusoidMlp } from '../../models/sinusoid-mlp';
import { DivergenceError, InputError, Interruption } from '../../src/core/errors';
import { RandomStream } from '../../src/core/random';
import { sinusoids } from '../../src/data/sinusoid';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { contrastive } from '../../src/learning/contrastive';
import { type Estimator, forward, pForward, symmetric } from '../../src/learning/estimators';
import { adam, nesterov } from '../../src/learning/optimizers';
import { simulate } from '../../src/learning/simulator';
import { plainExecutor } from '../../src/synapse/plain-executor';

const engine = simdEngine({ blas: 'wasm' });
const task = {
  name: 'sinusoid',
  ...sinusoids({ support: 12, query: 9 }).sample(new RandomStream('task', 'seed'))!,
};
const networks = { complex: sinusoidMlp(6), modulated: modulatedSinusoidMlp(6) };

interface Course {
  readonly estimator?: Estimator;
  readonly optimizerState?: 'keep' | 'reset';
  readonly kind?: keyof typeof networks;
  readonly tolerance?: number;
  /** Of Nesterov's momentum. */
  readonly rate?: number;
  /** Of each phase. */
  readonly steps?: number;
}

function open(workers: number, { estimator = symmetric(0.3), kind = 'complex', ...rest }: Course) {
  const { optimizerState = 'keep', tolerance = 0, rate = 0.002, steps = 40 } = rest;
  const phase = { optimizer: nesterov({ rate }), steps, tolerance };
  return simulate({
    ...{ network: networks[kind], task, engine, rules: plainExecutor(), workers, seed: 3, stride: 7 },
    warn: () => {},
    rule: contrastive({ estimator, free: phase, nudged: phase, optimizerState }),
    meta: { optimizer: adam({ rate: 0.01 }), learn: [kind === 'complex' ? 'omega' : 'theta'] },
    initial: kind === 'complex' ? { lambda: 0.4 } : {},
    start: 'continue',
  });
}

/** Everything that there is to see of three meta-steps. */
async function live(workers: number, course: Course) {
  const simulation = open(workers, course);
  const heard: unknown[] = [];
  simulation.events$.subscribe((event) => heard.push([event, simulation.population.values('phi').slice()]));
  const results: unknown[] = [];
  for (let i = 0; i < 3; i++) {
    results.push(await simulation.metaStep().catch((error) => [error.constructor, error.message]));
  }
  const phi = simulation.population.values('phi').slice();
  const state = simulation.save();
  await simulation.close();
  return { results, heard, phi, state };
}

describe('nudged phases side by side', () => {
  it.each<[string, Course]>([
    ['symmetric', {}],
    ['symmetric, from empty buffers', { optimizerState: 'reset' }],
    ['symmetric, until they have settled', { tolerance: 2 }],
    ['symmetric, of whole weights', { kind: 'modulated' }],
    ['with p = 4', { estimator: pForward(4, 0.1) }],
    ['forward', { estimator: forward(0.3) }],
  ])('give the same bits and tell the same events as one after the other: %s', async (_, course) => {
    const alone = await live(1, course);
    expect(alone.results).toEqual(
      [1, 2, 3].map(() => expect.objectContaining({ metaGradient: expect.anything() })),
    );
    for (const workers of [2, 4]) expect(await live(workers, course)).toEqual(alone);
  });

  it('diverge with the same error, after the same events, and leave the slow variables alone', async () => {
    // -20 turns the held-out loss upside down: the second nudged phase has no minimum.
    const course = { estimator: symmetric(20), rate: 0.02 };
    const alone = await live(1, course);
    expect(alone.results[0]).toEqual([DivergenceError, expect.stringContaining('beta')]);
    expect(await live(2, course)).toEqual(alone);
  });

  it('end when the run is interrupted, with the slow variables as they were', async () => {
    const simulation = open(2, { steps: 100_000 }); // which take longer than an interruption, whoever else needs the processor
    const interruption = new AbortController();
    const before = simulation.population.values('omega').slice();
    simulation.events$.subscribe(({ kind }) => {
      if (kind === 'phase-end') setImmediate(() => interruption.abort());
    });
    await expect(simulation.metaStep(interruption.signal)).rejects.toThrow(Interruption);
    expect(simulation.population.values('omega')).toEqual(before);
    expect(simulation.metaStepsTaken).toBe(0);
    await simulation.close();
  });

  it('are refused by an engine that works in one thread, before anything begins', () => {
    expect(() => simulate({ ...openOptions(), engine: referenceEngine, workers: 2 })).toThrow(InputError);
  });
});

function openOptions() {
  const phase = { optimizer: nesterov({ rate: 0.01 }), steps: 1, tolerance: 0 };
  return {
    ...{ network: networks.complex, task },
    rule: contrastive({ estimator: symmetric(0.1), free: phase, nudged: phase }),
    meta: { optimizer: adam({ rate: 0.01 }), learn: ['omega'] },
  };
}

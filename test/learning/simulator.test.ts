import { EMPTY, filter, firstValueFrom, toArray } from 'rxjs';
import * as replayModule from '../../src/clock/replay';
import { DivergenceError, InputError, Interruption } from '../../src/core/errors';
import type { Batch } from '../../src/data/batch';
import type { Engine } from '../../src/engine/engine';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { type ContrastiveOptions, contrastive } from '../../src/learning/contrastive';
import { type Estimator, forward, pForward, symmetric } from '../../src/learning/estimators';
import { isPhaseEnd, type SimulationEvent } from '../../src/learning/events';
import { adam, nesterov, sgd } from '../../src/learning/optimizers';
import type { SimulationOptions } from '../../src/learning/simulation-options';
import { type Simulation, simulate } from '../../src/learning/simulator';
import { mlp } from '../../src/network/mlp';
import { gpujsExecutor } from '../../src/synapse/gpujs-executor';
import { complexSynapse } from '../../src/synapse/model';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { phase, sample, simulateOne } from './one-synapse';

afterEach(() => jest.restoreAllMocks());

const rule = (change: Partial<ContrastiveOptions> = {}) =>
  contrastive({ estimator: forward(0.1), free: phase, nudged: phase, ...change });

function listen(simulation: Simulation): SimulationEvent[] {
  const heard: SimulationEvent[] = [];
  simulation.events$.subscribe((event) => heard.push(event));
  return heard;
}

/** All that a simulation remembers, to be compared bit by bit. */
const stateOf = (simulation: Simulation) => structuredClone(simulation.save());

const batch = (samples: number, seed: number): Batch => ({
  samples,
  inputs: 2,
  targets: 1,
  x: Float64Array.from({ length: 2 * samples }, (_, i) => Math.sin(seed + 3 * i)),
  y: Float64Array.from({ length: samples }, (_, i) => Math.cos(seed + 5 * i)),
});
const tanhOptions = (change: Partial<SimulationOptions> = {}): SimulationOptions => ({
  network: mlp([2, 3, 1], { synapse: complexSynapse }),
  task: { name: 'waves', train: batch(4, 1), heldOut: batch(3, 2) },
  rule: rule({ free: { ...phase, steps: 50 }, nudged: { ...phase, steps: 20 } }),
  meta: { optimizer: adam({ rate: 0.01 }) },
  engine: 'reference',
  rules: plainExecutor(),
  warn: () => {},
  initial: { lambda: 0.1 },
  ...change,
});

describe('the events of a task', () => {
  const short = { optimizer: sgd({ rate: 0.1 }), steps: 3, tolerance: 0 };

  it('come in the order of the schedule, with all that was measured', async () => {
    const simulation = simulateOne({
      rule: rule({ free: short, nudged: { ...short, steps: 1 } }),
      stride: 2,
    });
    const heard = listen(simulation);
    await simulation.metaStep();
    const common = { task: 0, taskName: 'one number' };
    const number = expect.any(Number) as number;
    expect(heard).toEqual([
      { kind: 'task-start', ...common },
      { kind: 'phase-start', ...common, phase: 0, beta: 0 },
      { kind: 'step', ...common, phase: 0, beta: 0, first: 0, count: 2, residual: number },
      { kind: 'step', ...common, phase: 0, beta: 0, first: 2, count: 1, residual: number },
      {
        kind: 'phase-end',
        ...common,
        phase: 0,
        beta: 0,
        steps: 3,
        residual: number,
        tolerance: number,
        converged: false,
      },
      { kind: 'phase-start', ...common, phase: 1, beta: 0.1 },
      { kind: 'step', ...common, phase: 1, beta: 0.1, first: 0, count: 1, residual: number },
      {
        kind: 'phase-end',
        ...common,
        phase: 1,
        beta: 0.1,
        steps: 1,
        residual: number,
        tolerance: number,
        converged: false,
      },
      {
        kind: 'meta-update',
        ...common,
        metaGradient: { omega: expect.any(Float64Array), lambda: expect.any(Float64Array) },
        tasks: 1,
        moves: { omega: expect.any(Object), lambda: expect.any(Object) },
      },
      { kind: 'task-end', ...common },
    ]);
  });

  it('count the tasks, and end with close', async () => {
    const simulation = simulateOne();
    const starts = firstValueFrom(
      simulation.events$.pipe(
        filter(({ kind }) => kind === 'task-start'),
        toArray(),
      ),
    );
    await simulation.run({ metaSteps: 3 });
    await simulation.close();
    expect((await starts).map(({ task }) => task)).toEqual([0, 1, 2]);
  });

  it('tell the residual of the phase’s augmented loss at its last phi', async () => {
    const simulation = simulateOne({ rule: rule({ free: short, nudged: short }) });
    const { equilibria, phases } = await simulation.metaStep();
    for (const { beta, residual } of phases) {
      const phi = equilibria.get(beta)![0]!;
      // The same sums in another order: a few roundings of numbers of about 1.
      expect(residual).toBeCloseTo(Math.abs(2 * (phi - 1) + 0.5 * phi + beta * 2 * (phi + 0.5)), 14);
    }
  });
});

describe('a phase', () => {
  it('ends early and is marked where it has converged', async () => {
    const { phases } = await simulateOne().metaStep();
    for (const { converged, residual, steps } of phases) {
      expect(converged).toBe(true);
      expect(residual).toBeLessThanOrEqual(1e-12);
      expect(steps).toBeLessThan(200);
    }
  });

  it('is marked where it has not', async () => {
    const { phases } = await simulateOne({ rule: rule({ nudged: { ...phase, steps: 1 } }) }).metaStep();
    expect(phases.map(({ converged }) => converged)).toEqual([true, false]);
    expect(phases[1]!.residual).toBeGreaterThan(1e-12);
  });

  it.each<Estimator>([forward(0.1), symmetric(0.1), pForward(3, 0.1)])(
    'that is nudged starts from the free equilibrium, bit by bit: $name',
    async (estimator) => {
      const simulation = simulate(tanhOptions({ rule: rule({ estimator }) }));
      const starts: Float64Array[] = [];
      simulation.events$
        .pipe(filter((event) => event.kind === 'phase-start' && event.beta !== 0))
        .subscribe(() => starts.push(simulation.population.values('phi').slice()));
      const { equilibria } = await simulation.metaStep();
      expect(starts).toEqual(estimator.betas.map(() => equilibria.get(0)));
    },
  );

  it.each(['initial', 'continue'] as const)('that is free starts from where "%s" says', async (start) => {
    const simulation = simulateOne({ start });
    const starts: number[] = [];
    simulation.events$
      .pipe(filter((event) => event.kind === 'phase-start' && event.beta === 0))
      .subscribe(() => starts.push(simulation.synapses[0]!.phi));
    const results = await simulation.run({ metaSteps: 3 });
    const ends = results.map(({ equilibria }) => equilibria.get(0)![0]!);
    expect(starts).toEqual(start === 'initial' ? [0.2, 0.2, 0.2] : [0.2, ends[0], ends[1]]);
  });
});

describe('the optimiser’s buffers', () => {
  const optimizer = nesterov({ rate: 0.02, momentum: 0.9 });
  const [free, nudged] = [
    { optimizer, steps: 7, tolerance: 0 },
    { optimizer, steps: 4, tolerance: 0 },
  ];

  /** The same phases by a loop: ends at each beta. */
  function naive(estimator: Estimator, keep: boolean): Map<number, number> {
    const settle = (from: number, velocity: number, beta: number, steps: number) => {
      let [phi, v] = [from, velocity];
      for (let step = 0; step < steps; step++) {
        const gradient = 2 * (phi - 1) + 0.5 * phi + beta * 2 * (phi + 0.5);
        v = 0.9 * v + gradient;
        phi -= 0.02 * (gradient + 0.9 * v);
      }
      return [phi, v] as const;
    };
    const [phi, velocity] = settle(0.2, 0, 0, free.steps);
    const ends = new Map([[0, phi]]);
    for (const beta of estimator.betas)
      ends.set(beta, settle(phi, keep ? velocity : 0, beta, nudged.steps)[0]);
    return ends;
  }

  it.each(['keep', 'reset'] as const)(
    'in nudged phases are those that "%s" gives in a naive loop',
    async (optimizerState) => {
      const estimator = symmetric(0.3);
      const simulation = simulateOne({ rule: rule({ estimator, free, nudged, optimizerState }) });
      const { equilibria } = await simulation.estimate();
      for (const [beta, phi] of naive(estimator, optimizerState === 'keep')) {
        // The same sums in another order, eleven steps long.
        expect(Math.abs(equilibria.get(beta)![0]! - phi)).toBeLessThan(1e-14);
      }
    },
  );

  it('of Adam count steps on with "keep", and anew with "reset"', async () => {
    const moving = { optimizer: adam({ rate: 0.02 }), steps: 5, tolerance: 0 };
    const ends: number[] = [];
    for (const optimizerState of ['keep', 'reset'] as const) {
      const simulation = simulateOne({ rule: rule({ free: moving, nudged: moving, optimizerState }) });
      const { equilibria } = await simulation.estimate();
      let [phi, first, second] = [0.2, 0, 0];
      let count = 0;
      const settle = (beta: number) => {
        for (let step = 0; step < 5; step++) {
          const gradient = 2 * (phi - 1) + 0.5 * phi + beta * 2 * (phi + 0.5);
          count++;
          first = 0.9 * first + 0.1 * gradient;
          second = 0.999 * second + 0.001 * gradient ** 2;
          phi -= (0.02 * first) / (1 - 0.9 ** count) / (Math.sqrt(second / (1 - 0.999 ** count)) + 1e-8);
        }
      };
      settle(0);
      if (optimizerState === 'reset') [first, second, count] = [0, 0, 0];
      settle(0.1);
      expect(Math.abs(equilibria.get(0.1)![0]! - phi)).toBeLessThan(1e-14); // ten steps, as above
      ends.push(phi);
    }
    expect(ends[0]).not.toBe(ends[1]);
  });
});

describe('held-out data', () => {
  it('leaves no trace in the free phase, bit by bit', async () => {
    const freePhi = async (heldOut: Batch, poison = false) => {
      const task = { name: 'waves', train: batch(4, 1), heldOut };
      const simulation = simulate(
        tanhOptions({ task, stride: 1, rule: rule({ free: { ...phase, steps: 30 } }) }),
      );
      const seen: Float64Array[] = [];
      simulation.events$
        .pipe(filter((event) => event.kind === 'step' && event.beta === 0))
        .subscribe(() => seen.push(simulation.population.values('phi').slice()));
      if (poison) heldOut.y.fill(Number.NaN); // at the door it would have been refused
      await simulation.estimate().catch(() => {}); // a poisoned nudged phase fails, later
      return seen;
    };
    const [one, other, poison] = [
      await freePhi(batch(3, 2)),
      await freePhi(batch(7, 9)),
      await freePhi(batch(3, 2), true),
    ];
    expect(one).toHaveLength(30);
    expect(other).toEqual(one);
    expect(poison).toEqual(one);
  });

  it('is not even read before the free phase has ended', async () => {
    const log: string[] = [];
    const { x, ...rest } = batch(3, 2);
    const heldOut: Batch = {
      ...rest,
      get x() {
        log.push('read');
        return x;
      },
    };
    const simulation = simulate(tanhOptions({ task: { name: 'waves', train: batch(4, 1), heldOut } }));
    log.length = 0; // the check of the task's form
    simulation.events$.subscribe((event) =>
      log.push('beta' in event ? `${event.kind} ${event.beta}` : event.kind),
    );
    await simulation.estimate();
    const lastFreeStep = log.lastIndexOf('step 0');
    expect(lastFreeStep).toBeGreaterThan(0);
    expect(log.indexOf('read')).toBeGreaterThan(lastFreeStep);
  });

  it('that replay never brings makes a nudged phase fail, instead of running it free', async () => {
    jest.spyOn(replayModule, 'replay').mockReturnValue(EMPTY);
    const simulation = simulateOne();
    const before = stateOf(simulation).variables;
    await expect(simulation.metaStep()).rejects.toThrow(/A nudged phase has no replayed data/);
    expect(simulation.synapses[0]).toMatchObject({ omega: before.omega![0], lambda: before.lambda![0] });
  });
});

describe('divergence', () => {
  const failure = async (simulation: Simulation): Promise<DivergenceError> => {
    const error = await simulation.metaStep().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DivergenceError);
    return error as DivergenceError;
  };
  const slowOf = ({ population }: Simulation) => [
    population.values('omega')[0],
    population.values('lambda')[0],
  ];

  it('by a huge rate names task, phase, beta, step, and a lower rate', async () => {
    const wild = { optimizer: sgd({ rate: 0.7 * 10 }), steps: 500 };
    const simulation = simulateOne({ rule: rule({ free: wild, nudged: wild }) });
    const error = await failure(simulation);
    // The gradient grows by |1 - 7 x 2.5| = 16.5 a step, from 1.9 to above 1e12: ten steps.
    expect(error.moment).toEqual({ task: 'one number', phase: 'free', beta: 0, step: 10 });
    expect(error.residual).toBeGreaterThan(1e12);
    expect(error.message).toMatch(
      /Try a learning rate of 0\.4 \(it was 7\): .* 2\.5, where rates below 0\.8 are/,
    );
    expect(slowOf(simulation)).toEqual([0, 0.5]);
    expect(simulation.metaStepsTaken).toBe(0);
  });

  it('by a negative nudge that loses the minimum says which beta to try', async () => {
    const patient = { optimizer: sgd({ rate: 0.1 }), steps: 2000, tolerance: 1e-9 };
    const simulation = simulateOne({
      rule: rule({ estimator: symmetric(3), free: patient, nudged: patient }),
    });
    const before = stateOf(simulation).meta;
    const error = await failure(simulation);
    expect(error.moment).toMatchObject({ task: 'one number', phase: 'nudged', beta: -3 });
    expect(error.moment.step).toBeGreaterThan(0);
    expect(error.message).toMatch(/negative nudge.*try beta = -0\.3, or a forward estimator/);
    expect(slowOf(simulation)).toEqual([0, 0.5]);
    expect(stateOf(simulation).meta).toEqual(before);
  });

  it('does not end the simulation: it goes on where its cause is gone', async () => {
    const simulation = simulateOne({ initial: { phi: 0.2, omega: 0, lambda: 1e6 } });
    await failure(simulation);
    simulation.population.set('lambda', 0.5);
    const { phases } = await simulation.metaStep();
    expect(phases.every(({ converged }) => converged)).toBe(true);
  });
});

describe('an abort signal', () => {
  /** Aborts at the first event of a kind. */
  function abortAt(simulation: Simulation, at: (event: SimulationEvent) => boolean): AbortSignal {
    const controller = new AbortController();
    simulation.events$.pipe(filter(at)).subscribe(() => controller.abort());
    return controller.signal;
  }
  const slowOf = ({ population }: Simulation) => [
    ...population.values('omega'),
    ...population.values('lambda'),
  ];

  it.each<[string, (event: SimulationEvent) => boolean]>([
    ['at the start', ({ kind }) => kind === 'task-start'],
    ['in the free phase', ({ kind }) => kind === 'step'],
    ['in a nudged phase', (event) => event.kind === 'step' && event.beta !== 0],
    ['before the meta-update', (event) => isPhaseEnd(event) && event.beta !== 0],
  ])('%s interrupts with the slow variables as they were', async (_name, at) => {
    const simulation = simulate(tanhOptions());
    const before = slowOf(simulation);
    const heard = listen(simulation);
    await expect(simulation.metaStep(abortAt(simulation, at))).rejects.toThrow(Interruption);
    expect(slowOf(simulation)).toEqual(before);
    expect(simulation.metaStepsTaken).toBe(0);
    const soFar = heard.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(heard).toHaveLength(soFar); // nothing goes on behind the caller's back
  });

  it('that is aborted already begins nothing', async () => {
    const simulation = simulateOne();
    const heard = listen(simulation);
    await expect(simulation.metaStep(AbortSignal.abort())).rejects.toThrow(Interruption);
    expect(heard).toEqual([]);
  });

  it('after the slow variables have moved lets the meta-step end, and the next one not begin', async () => {
    const simulation = simulateOne();
    const signal = abortAt(simulation, ({ kind }) => kind === 'meta-update');
    await expect(simulation.run({ metaSteps: 3, signal })).rejects.toThrow(Interruption);
    expect(simulation.metaStepsTaken).toBe(1);
    const whole = simulateOne();
    await whole.metaStep();
    expect(stateOf(simulation)).toEqual(stateOf(whole));
  });

  it('is answered when the engine has finished what it was doing, so that nothing moves behind the caller', async () => {
    const slow: Engine = {
      ...referenceEngine,
      async open(network) {
        const session = await referenceEngine.open(network);
        const settle = session.settle.bind(session);
        session.settle = async (request) => {
          await new Promise((resolve) => setTimeout(resolve, 30));
          return settle(request);
        };
        return session;
      },
    };
    const simulation = simulate(tanhOptions({ engine: slow }));
    await expect(simulation.metaStep(AbortSignal.timeout(10))).rejects.toThrow(Interruption);
    const then = stateOf(simulation);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(stateOf(simulation)).toEqual(then);
  });

  it('leaves a simulation that goes on as if it had not been interrupted', async () => {
    const [whole, broken] = [simulate(tanhOptions()), simulate(tanhOptions())];
    await whole.run({ metaSteps: 2 });
    await broken.metaStep();
    await broken.metaStep(abortAt(broken, ({ kind }) => kind === 'step')).catch(() => {});
    await broken.metaStep();
    expect(stateOf(broken)).toEqual(stateOf(whole));
  });
});

describe('save and restore', () => {
  const metas = {
    'sgd, lambda projected': { optimizer: sgd({ rate: 0.05 }) },
    'adam, lambda projected': { optimizer: adam({ rate: 0.05 }) },
    'sgd, log lambda': { optimizer: sgd({ rate: 0.05 }), logarithmic: ['lambda'] },
    'adam, log lambda': { optimizer: adam({ rate: 0.05 }), logarithmic: ['lambda'] },
  };
  const gpujs = gpujsExecutor('cpu');
  afterAll(() => gpujs.close());

  it.each(
    Object.entries(metas).flatMap(([name, meta]) =>
      (['initial', 'continue'] as const).flatMap((start) =>
        [plainExecutor(), gpujs].map(
          (rules) => [`${name}, start ${start}, ${rules.report.executor}`, { meta, start, rules }] as const,
        ),
      ),
    ),
  )('2 + 3 meta-steps are 5 meta-steps, bit by bit: %s', async (_name, change) => {
    const [whole, first, second] = [0, 1, 2].map(() => simulate(tanhOptions(change))) as [
      Simulation,
      Simulation,
      Simulation,
    ];
    await whole.run({ metaSteps: 5 });
    await first.run({ metaSteps: 2 });
    const saved = first.save();
    await first.run({ metaSteps: 1 }); // the saved state is a copy
    second.restore(saved);
    const results = await second.run({ metaSteps: 3 });
    expect(stateOf(second)).toEqual(stateOf(whole));
    expect(results[0]!.phases[0]!.task).toBe(2);
  });
});

describe('an estimate', () => {
  it('leaves the slow variables and the count of meta-steps as they are', async () => {
    const simulation = simulateOne();
    const before = stateOf(simulation);
    const { metaGradient } = await simulation.estimate();
    expect(metaGradient.lambda![0]).not.toBe(0);
    const { phi: _moved, ...slow } = stateOf(simulation).variables;
    const { phi: _was, ...slowBefore } = before.variables;
    expect([slow, stateOf(simulation).meta, simulation.metaStepsTaken]).toEqual([slowBefore, before.meta, 0]);
  });

  it('is what the meta-step after it uses', async () => {
    const simulation = simulateOne();
    const { metaGradient } = await simulation.estimate();
    const lambda = simulation.synapses[0]!.lambda;
    await simulation.metaStep();
    expect(simulation.synapses[0]!.lambda).toBe(lambda - 0.1 * metaGradient.lambda![0]!);
  });
});

describe('a simulation', () => {
  it('is the same for the same seed, and another for another', async () => {
    const run = async (seed: number) => {
      const simulation = simulate(tanhOptions({ seed }));
      await simulation.metaStep();
      return stateOf(simulation);
    };
    expect(await run(1)).toEqual(await run(1));
    expect(await run(1)).not.toEqual(await run(2));
  });

  it('keeps lambda at 0 or above by projection', async () => {
    const simulation = simulate(tanhOptions({ meta: { optimizer: sgd({ rate: 100 }) } }));
    await simulation.metaStep();
    expect(Math.min(...simulation.population.values('lambda'))).toBe(0);
  });

  it('refuses log lambda where lambda is 0, with every slow variable as it was', async () => {
    const simulation = simulateOne({
      initial: { phi: 0.2, omega: 0.3, lambda: 0 },
      meta: { optimizer: sgd({ rate: 0.1 }), logarithmic: ['lambda'] },
    });
    await expect(simulation.metaStep()).rejects.toThrow(InputError);
    expect(simulation.synapses[0]).toMatchObject({ omega: 0.3, lambda: 0 });
  });

  it('refuses data that do not fit its network', () => {
    const task = { name: 'wrong', train: batch(4, 1), heldOut: sample(0) };
    expect(() => simulate(tanhOptions({ task }))).toThrow(
      /Training and held-out samples of task "wrong" differ in form/,
    );
  });

  it('measures both losses at the end of the free phase', async () => {
    const { loss, equilibria } = await simulateOne().estimate();
    const phi = equilibria.get(0)![0]!;
    expect(loss).toEqual({ train: (phi - 1) ** 2, heldOut: (phi + 0.5) ** 2 });
  });
});

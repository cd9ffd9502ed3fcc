import { InputError } from '../../src/core/errors';
import { creditedEngine } from '../../src/engine/credited-engine';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { isPhaseEnd, isSweep, type SimulationEvent, type SweepEvent } from '../../src/learning/events';
import type { Simulation } from '../../src/learning/simulator';
import { backprop } from '../../src/network/credit/backprop';
import { dualPropagation } from '../../src/network/credit/dual';
import { equilibriumPropagation } from '../../src/network/credit/equilibrium';
import { feedbackAlignment } from '../../src/network/credit/random-feedback';
import { relative } from './problems';
import { settling, waves } from './settling';

/** What a simulation is left with after two meta-steps, and what it has reported, each with phi as it was then. */
async function lived(simulation: Simulation) {
  const events: { event: SimulationEvent; phi: Float64Array }[] = [];
  simulation.events$.subscribe((event) =>
    events.push({ event, phi: simulation.population.values('phi').slice() }),
  );
  const results = await simulation.run({ metaSteps: 2 });
  const state = simulation.save();
  await simulation.close();
  return { events, results, state };
}

const sweepsIn = (events: readonly { event: SimulationEvent; phi: Float64Array }[]) =>
  events.flatMap(({ event, phi }) => (isSweep(event) ? [{ event, phi }] : []));

describe('sweep events', () => {
  it.each([
    ['equilibrium', equilibriumPropagation({ sweeps: 7 })],
    ['dual', dualPropagation({ sweeps: 4 })],
  ] as const)('change no bit of what is learned by %s, nor other events', async (_, credit) => {
    const [bare, watched] = await Promise.all([
      lived(settling({ credit })),
      lived(settling({ credit, sweepStride: 2 })),
    ]);
    expect(sweepsIn(bare.events)).toEqual([]);
    expect(sweepsIn(watched.events).length).toBeGreaterThan(0);
    expect(watched.state).toEqual(bare.state);
    expect(watched.results).toEqual(bare.results);
    expect(watched.events.filter(({ event }) => !isSweep(event))).toEqual(bare.events);
  });

  it('show neurons at the phi of the step that follows, on training data and on what is replayed', async () => {
    const credit = equilibriumPropagation({ sweeps: 7 });
    const { events } = await lived(settling({ credit, sweepStride: 3 }));
    const session = await referenceEngine.open(settling({ credit }).network);
    const seen = sweepsIn(events);
    for (const { event, phi } of seen) {
      await session.write('phi', phi);
      const batch = event.on === 'train' ? waves.train : waves.heldOut;
      const { frames } = await session.relax!(batch, { every: 1 });
      const { states } = frames[event.sweep]!;
      expect(event.samples).toBe(batch.samples);
      expect(event.states.map(({ length }) => length)).toEqual([4 * batch.samples, 2 * batch.samples]);
      expect(Float64Array.from(event.states.flatMap((layer) => [...layer]))).toEqual(states);
    }
    const first = seen.filter(({ event: { task } }) => task === 0).map(({ event }) => event);
    const of = (phase: number, on: string) => first.filter((one) => one.phase === phase && one.on === on);
    // 5 free steps by chunks of 2, and 3 nudged ones, each with sweeps 0, 3, 6.
    expect(of(0, 'train').map(({ step, sweep }) => [step, sweep])).toEqual(
      [0, 2, 4].flatMap((step) => [0, 3, 6].map((sweep) => [step, sweep])),
    );
    expect(of(0, 'replay')).toEqual([]);
    expect(of(1, 'replay').map(({ step }) => step)).toEqual([0, 0, 0, 2, 2, 2]);
    await session.close();
  });

  it('are the same, in the same order, from phases side by side', async () => {
    const credit = dualPropagation({ sweeps: 2 });
    const { openSideBySide } = referenceEngine;
    expect(openSideBySide).toBeUndefined();
    const several = {
      ...referenceEngine,
      openSideBySide: (network: never, count: number) =>
        Promise.all(Array.from({ length: count }, () => referenceEngine.open(network))),
    };
    const [one, two] = await Promise.all([
      lived(settling({ credit, sweepStride: 1, engine: several })),
      lived(settling({ credit, sweepStride: 1, engine: several, workers: 2 })),
    ]);
    expect(two.events).toEqual(one.events);
  });

  it('are of the credit that the engine gives', async () => {
    const credit = dualPropagation({ sweeps: 4 });
    const [own, given] = await Promise.all([
      lived(settling({ credit, sweepStride: 2 })),
      lived(settling({ credit: backprop, sweepStride: 2, engine: creditedEngine(referenceEngine, credit) })),
    ]);
    expect(given.events).toEqual(own.events);
  });

  it('are in the plan', async () => {
    expect(settling({ sweepStride: 3 }).plan.neural).toEqual({ sweeps: 7, stride: 3 });
    expect(settling().plan).not.toHaveProperty('neural');
  });

  it('are refused where no neurons settle, or they take fewer sweeps', () => {
    for (const credit of [backprop, feedbackAlignment()])
      expect(() => settling({ credit, sweepStride: 1 })).toThrow(
        /none settle here: credit comes from elsewhere\. Got "(backprop|feedback-alignment)"\./,
      );
    expect(() => settling({ sweepStride: 8 })).toThrow('Legal: 1 to 7');
    expect(() => settling({ sweepStride: 0 })).toThrow(InputError);
  });
});

describe('the residual of neurons at the end of a phase', () => {
  const residuals = async (options: Parameters<typeof settling>[0]) => {
    const warnings: string[] = [];
    const { events } = await lived(settling({ ...options, warn: (line) => warnings.push(line) }));
    const ends = events.flatMap(({ event }) => (isPhaseEnd(event) ? [event.neuralResidual] : []));
    return { ends, warnings: warnings.filter((line) => line.includes('neurons')) };
  };

  it('is that of a relaxation there, on training data', async () => {
    const credit = equilibriumPropagation({ sweeps: 3 });
    const { events } = await lived(settling({ credit }));
    const session = await referenceEngine.open(settling({ credit }).network);
    const ends = events.filter(({ event }) => isPhaseEnd(event));
    expect(ends).toHaveLength(6);
    for (const { event, phi } of ends) {
      await session.write('phi', phi);
      const { residual } = await session.relax!(waves.train);
      expect((event as { neuralResidual?: number }).neuralResidual).toBe(residual);
    }
    await session.close();
  });

  it('is not there where no neurons settle', async () => {
    for (const credit of [backprop, feedbackAlignment()])
      expect(await residuals({ credit })).toEqual({ ends: Array(6).fill(undefined), warnings: [] });
  });

  it('costs nothing in nudged phases whose residual is not worked out', async () => {
    const { rule } = settling().options;
    const { ends } = await residuals({
      free: { ...rule.free, residualAtEnd: false },
      nudged: { ...rule.nudged, residualAtEnd: false },
    });
    expect(ends.map((residual) => typeof residual)).toEqual(
      [...Array(2)].flatMap(() => ['number', 'undefined', 'undefined']),
    );
  });

  it('is warned of once, with what to change, and what is advised helps', async () => {
    const short = await residuals({ credit: equilibriumPropagation({ sweeps: 1 }), scale: 2 });
    expect(short.warnings).toHaveLength(1);
    expect(short.warnings[0]).toMatch(
      /^meta-step 0: neurons have not settled at the end of the free phase \(beta = 0\): residual \S+ after 1 sweeps?, and gradients may be off by up to 3 times as much: raise the sweeps of the credit\./,
    );
    const long = await residuals({ credit: equilibriumPropagation({ sweeps: 300 }), scale: 2 });
    expect(long.warnings).toEqual([]);
    expect(Math.max(...(long.ends as number[]))).toBeLessThan(1e-3);
  });

  it('bounds the error of the gradient by 3 times itself', async () => {
    const { network } = settling({ scale: 2 });
    const phi = settling({ scale: 2 }).population.values('phi');
    const gradientBy = async (sweeps: number) => {
      const engine = creditedEngine(referenceEngine, equilibriumPropagation({ sweeps }));
      const session = await engine.open(network);
      await session.write('phi', phi);
      const [gradient, { residual }] = [
        await session.gradient(waves.train),
        await session.relax!(waves.train),
      ];
      await session.close();
      return { gradient, residual };
    };
    const { gradient: right } = await gradientBy(3000);
    for (const sweeps of [1, 3, 10, 30]) {
      const { gradient, residual } = await gradientBy(sweeps);
      expect(relative(gradient, right)).toBeLessThan(3 * residual);
      expect(relative(gradient, right)).toBeGreaterThan(residual / 10); // Otherwise the warning would say too much.
    }
  });
});

// An event holds arrays of its own.
it('a sweep event stays as it was when neurons move on', async () => {
  const simulation = settling({ sweepStride: 1 });
  const kept: { event: SweepEvent; copy: Float64Array[] }[] = [];
  simulation.events$.subscribe((event) => {
    if (isSweep(event)) kept.push({ event, copy: event.states.map((layer) => layer.slice()) });
  });
  await simulation.metaStep();
  for (const { event, copy } of kept) expect(event.states).toEqual(copy);
  await simulation.close();
});

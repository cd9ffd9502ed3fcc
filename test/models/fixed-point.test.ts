import fc from 'fast-check';
import { type FixedPointOptions, fixedPoint } from '../../models/fixed-point';
import '../../src/jest';
import { InputError } from '../../src/core/errors';
import type { Engine } from '../../src/engine/engine';
import { gpujsEngine } from '../../src/engine/gpujs/gpujs-engine';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { contrastive } from '../../src/learning/contrastive';
import { forward } from '../../src/learning/estimators';
import { adam } from '../../src/learning/optimizers';
import { simulate } from '../../src/learning/simulator';
import { dense } from '../../src/network/layers/dense';
import { mse } from '../../src/network/loss';
import { defineNetwork } from '../../src/network/network';
import { gpujsExecutor } from '../../src/synapse/gpujs-executor';
import { complexSynapse } from '../../src/synapse/model';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { makeTask } from '../../src/tasks/task';
import { count, runLowered } from '../engine/simd/run-lowered';

type Quantities = Record<'value' | 'gradient' | 'counter', Float64Array>;

const options: fc.Arbitrary<Required<FixedPointOptions>> = fc.record({
  bits: fc.integer({ min: 2, max: 8 }),
  range: fc.constantFrom(0.5, 1, 2, 4),
  shift: fc.integer({ min: 0, max: 8 }),
});
const floats = (size: number) =>
  fc.array(fc.float({ min: -size, max: size, noNaN: true }), { minLength: count, maxLength: count });
const quantities = fc
  .record({
    value: floats(5),
    gradient: floats(100),
    counter: fc.array(fc.integer({ min: 0, max: 65536 }), { minLength: count, maxLength: count }),
  })
  .map(
    (drawn) =>
      Object.fromEntries(
        Object.entries(drawn).map(([name, values]) => [name, Float64Array.from(values)]),
      ) as Quantities,
  );

const copy = (given: Quantities): Quantities => structuredClone(given);

describe('a synapse of a few bits', () => {
  const executors = [gpujsExecutor('webasm'), gpujsExecutor('cpu')];
  afterAll(() => {
    for (const executor of executors) executor.close();
  });

  it('is local', () => {
    expect(fixedPoint().rule).toBeLocal();
  });

  it('takes the same steps to the last bit by every executor and engine', () => {
    fc.assert(
      fc.property(options, quantities, (given, drawn) => {
        const { rule, scalarsAt } = fixedPoint(given);
        const scalars = { ...scalarsAt(1) };
        const truth = copy(drawn);
        plainExecutor().run(rule, truth, scalars);
        for (const executor of executors) {
          const got = copy(drawn);
          executor.run(rule, got, scalars);
          expect(got).toEqual(truth);
        }
        const { after } = runLowered(rule.steps, (name) => drawn[name as keyof Quantities], scalars);
        for (const name of ['value', 'counter'] as const) expect([...after[name]!]).toEqual([...truth[name]]);
      }),
      { numRuns: 300 },
    );
  });

  it('is on one of its levels behind each step, and stops at its largest and smallest one', () => {
    fc.assert(
      fc.property(options, quantities, (given, drawn) => {
        const { rule, scalarsAt } = fixedPoint(given);
        plainExecutor().run(rule, drawn, { ...scalarsAt(1) });
        const { bits, range } = given;
        const levels = 2 ** (bits - 1);
        for (const value of drawn.value) {
          expect(Number.isInteger((value / range) * levels)).toBe(true);
          expect(value).toBeLessThanOrEqual(range * (1 - 1 / levels));
          expect(value).toBeGreaterThanOrEqual(-range);
        }
      }),
    );
  });

  it('moves by chance in proportion to what is less than a level', () => {
    const { rule, scalarsAt } = fixedPoint({ bits: 8, range: 2, shift: 4 });
    const size = 20_000;
    const [level, unit] = [3, 2 / 128];
    const given = {
      value: new Float64Array(size).fill(level * unit),
      // A quarter of a level: 16 times as much in the gradient, of which a step takes 1/16.
      gradient: new Float64Array(size).fill(4 * unit),
      counter: Float64Array.from({ length: size }, (_, i) => (i * 7919) % 65537),
    };
    plainExecutor().run(rule, given, { ...scalarsAt(1) });
    const moved = given.value.filter((value) => value === (level - 1) * unit).length / size;
    expect(given.value.every((value) => value === level * unit || value === (level - 1) * unit)).toBe(true);
    // A share of 20,000 draws: four standard deviations are 1.2 %.
    expect(Math.abs(moved - 0.25)).toBeLessThan(0.013);
  });

  const learning = (engine: Engine, rules: 'plain' | 'gpujs') => {
    const sample = (target: number) => ({
      samples: 1,
      inputs: 1,
      targets: 4,
      x: Float64Array.of(1),
      y: new Float64Array(4).fill(target),
    });
    const phase = { optimizer: fixedPoint({ shift: 2 }), steps: 60, tolerance: 0 };
    return simulate({
      network: defineNetwork({
        input: [1],
        layers: [dense(1, 4, { bias: false })],
        loss: mse,
        synapse: complexSynapse,
      }),
      task: makeTask({ name: 'own', train: sample(0.8), heldOut: sample(0.4) }),
      rule: contrastive({ estimator: forward(1), free: phase, nudged: phase }),
      meta: { optimizer: adam({ rate: 0.05 }) },
      engine,
      rules,
      warn: () => {},
    });
  };

  it.each([
    [referenceEngine, 'plain'],
    [simdEngine(), 'gpujs'],
    [gpujsEngine({ mode: 'cpu' }), 'gpujs'],
  ] as const)(
    'learns a task to its own resolution, and goes on from a saved state to the same bits: engine %#',
    async (engine, rules) => {
      const [whole, resumed] = [learning(engine, rules), learning(engine, rules)];
      const [first] = await whole.run({ metaSteps: 1 });
      // The loss (w - 0.8)^2 / 4 and the pull 0.5 w^2 / 2 balance where 0.5 (w - 0.8) + 0.5 w = 0.
      for (const phi of first!.equilibria.get(0)!) expect(Math.abs(phi - 0.4)).toBeLessThan(4 * (2 / 128));
      const middle = whole.save();
      await whole.run({ metaSteps: 2 });
      await resumed.restore(middle);
      await resumed.run({ metaSteps: 2 });
      expect(resumed.save()).toEqual(whole.save());
      await Promise.all([whole.close(), resumed.close()]);
    },
  );

  it.each([
    ['bits', { bits: 9 }],
    ['range', { range: 3 }],
    ['shift', { shift: -1 }],
  ])('is refused with an illegal %s', (name, wrong) => {
    expect(() => fixedPoint(wrong)).toThrow(InputError);
    expect(() => fixedPoint(wrong)).toThrow(new RegExp(name));
  });
});

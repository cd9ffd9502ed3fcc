import fc from 'fast-check';
import { contrast, type Equilibria } from '../../src/learning/contrast';
import { type Estimator, forward, pForward, symmetric } from '../../src/learning/estimators';
import { MetaUpdate } from '../../src/learning/meta-update';
import { adam, type Optimizer, sgd } from '../../src/learning/optimizers';
import { complexSynapse, type SynapseModel } from '../../src/synapse/model';
import { Population } from '../../src/synapse/population';
import type { RuleExecutor } from '../../src/synapse/rule-executor';
import { userSynapse } from '../synapse/every-rule';
import { openExecutors } from './executors';

const size = 12;
const topology = {
  size,
  connection: (index: number) => ({ layer: 0, parameter: 'weight', from: index, to: 0 }),
};

const executors = openExecutors();

const estimators: Estimator[] = [forward(0.1), symmetric(0.1), pForward(3, 0.1)];
const optimizers: [string, () => Optimizer][] = [
  ['adam', () => adam({ rate: 0.1 })],
  ['sgd', () => sgd({ rate: 1e-4 })],
];

/** What all synapses' slow variables become in two meta-steps, from where phi went in each phase. */
function learn(
  model: SynapseModel,
  estimator: Estimator,
  optimizer: Optimizer,
  logarithmic: string[],
  executor: RuleExecutor,
  start: Readonly<Record<string, number[]>>,
  phi: readonly (readonly number[])[],
): Record<string, number[]> {
  const population = new Population(model, topology);
  for (const variable of model.meta) population.set(variable, start[variable]!);
  const slow = Object.fromEntries(model.meta.map((name) => [name, population.values(name)]));
  const update = new MetaUpdate(slow, model.nonNegative, { optimizer, logarithmic });
  for (let task = 0; task < 2; task++) {
    const phases = [0, ...estimator.betas];
    const equilibria: Equilibria = new Map(
      phases.map((beta, phase) => [beta, Float64Array.from(phi[phase]!, (value) => value * (task + 1))]),
    );
    update.apply(slow, contrast(model, estimator.terms, equilibria, slow, executor), executor);
  }
  return Object.fromEntries(model.meta.map((name) => [name, [...population.values(name)]]));
}

const cases = Object.keys(executors).flatMap((executor) =>
  estimators.flatMap((estimator) =>
    optimizers.flatMap(([optimizer, make]) =>
      [[], ['lambda']].map((logarithmic) => ({ executor, estimator, optimizer, make, logarithmic })),
    ),
  ),
);

describe.each([
  ['the complex synapse', complexSynapse],
  ['a user synapse', userSynapse],
])('from the equilibria to the slow variables: %s', (_model, model) => {
  it.each(
    cases.map(
      (one) =>
        [`${one.executor}, ${one.estimator.name}, ${one.optimizer}, log ${one.logarithmic}`, one] as const,
    ),
  )(
    "one synapse's phi moves no other synapse's slow variables by a single bit (%s)",
    (_name, { executor, estimator, make, logarithmic }) => {
      const number = fc.double({ min: -3, max: 3, noNaN: true });
      const row = fc.array(number, { minLength: size, maxLength: size });
      const above = fc.array(fc.double({ min: 0.1, max: 2, noNaN: true }), {
        minLength: size,
        maxLength: size,
      });
      const start = fc.record({ omega: row, lambda: above, rho: above });
      const phi = fc.array(row, { minLength: 3, maxLength: 3 });
      fc.assert(
        fc.property(
          start,
          phi,
          fc.nat(size - 1),
          fc.array(number, { minLength: 3, maxLength: 3 }),
          (slow, before, changed, other) => {
            const after = before.map((values, phase) =>
              values.map((v, i) => (i === changed ? other[phase]! : v)),
            );
            const run = (given: number[][]) =>
              learn(model, estimator, make(), logarithmic, executors[executor]!, slow, given);
            const [a, b] = [run(before), run(after)];
            for (const variable of model.meta) {
              for (let i = 0; i < size; i++) {
                if (i !== changed) expect(Object.is(a[variable]![i], b[variable]![i])).toBe(true);
              }
            }
          },
        ),
        { numRuns: 15 },
      );
    },
  );

  it("one synapse's phi does move its own slow variables, so that the test above can fail", () => {
    const start = { omega: Array(size).fill(0.5), lambda: Array(size).fill(1), rho: Array(size).fill(0.5) };
    const phi = (own: number) => [
      Array(size).fill(1),
      [own, ...Array(size - 1).fill(2)],
      Array(size).fill(3),
    ];
    const run = (own: number) =>
      learn(model, forward(0.1), sgd({ rate: 1e-4 }), [], executors.plain!, start, phi(own));
    for (const variable of model.meta) expect(run(2)[variable]![0]).not.toBe(run(2.5)[variable]![0]);
  });
});

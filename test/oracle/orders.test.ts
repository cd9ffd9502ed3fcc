import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { contrastive } from '../../src/learning/contrastive';
import { type Estimator, forward, pForward, symmetric } from '../../src/learning/estimators';
import { sgd } from '../../src/learning/optimizers';
import { simulate } from '../../src/learning/simulator';
import { estimate } from '../../src/run/estimate/estimate';
import type { Problem } from '../../src/run/estimate/problem';
import { plainExecutor } from '../../src/synapse/plain-executor';
import { power } from '../../src/theory/slope';
import { classNetwork, tanhNetwork } from './small-problems';

/**
 * Far enough above the floor: phases end at residuals of 1e-13, so that a contrast is wrong by some 1e-12 / beta,
 * which is 1e-10 here; the smallest error to be seen is about 5e-9 (p = 5 at 0.005).
 */
const betas = [0.02, 0.01414, 0.01, 0.00707, 0.005];

const orders: [name: string, make: (beta: number) => Estimator, order: number][] = [
  ['forward', forward, 1],
  ['symmetric', symmetric, 2],
  ['p = 3', (beta) => pForward(3, beta), 2],
  ['p = 4', (beta) => pForward(4, beta), 3],
  ['p = 5', (beta) => pForward(5, beta), 4],
];

describe.each<[string, () => Problem]>([
  ['a tanh network', tanhNetwork],
  ['a network with cross-entropy', classNetwork],
])('on %s', (_name, make) => {
  it.each(orders)(
    'the error of %s falls with the power of beta that its theory says',
    async (_estimator, of, order) => {
      const estimates = await Promise.all(betas.map((beta) => estimate(make(), of(beta), referenceEngine)));
      for (const { warnings, residual } of estimates) {
        expect(warnings).toEqual([]);
        expect(Math.max(residual.free, ...residual.nudged)).toBeLessThanOrEqual(1e-13);
      }
      for (const variable of ['omega', 'lambda'] as const) {
        const errors = estimates.map(({ relativeError }) => relativeError![variable]!);
        // The next order's share at beta = 0.02 bends the line by less than this; orders are 1 apart.
        expect(Math.abs(power(betas, errors) - order)).toBeLessThan(0.2);
      }
    },
  );

  it('the exact gradient is the change of the held-out loss when a slow variable changes and phi settles anew', async () => {
    const { network, task, initial, free } = make();
    const { exact } = await estimate(make(), forward(0.1), referenceEngine);
    const heldOut = async (variable: 'omega' | 'lambda', synapse: number, shift: number) => {
      const moved = initial[variable].map((value, i) => (i === synapse ? value + shift : value));
      const nudged = { optimizer: sgd({ rate: 0.1 }), steps: 1 };
      const { loss } = await simulate({
        network,
        task,
        initial: { ...initial, [variable]: moved },
        engine: 'reference',
        rules: plainExecutor(),
        warn: () => {},
        rule: contrastive({ estimator: forward(0.1), free, nudged }),
        meta: { optimizer: sgd({ rate: 1 }) },
        stride: 1000,
      }).estimate();
      return loss.heldOut;
    };
    const h = 3e-5;
    for (const variable of ['omega', 'lambda'] as const) {
      for (let synapse = 0; synapse < network.size; synapse++) {
        const [above, below] = [await heldOut(variable, synapse, h), await heldOut(variable, synapse, -h)];
        // Truncation h^2/6 times a third derivative of up to 100; rounding 1e-15 / h.
        expect(Math.abs((above - below) / (2 * h) - exact![variable][synapse]!)).toBeLessThan(1e-7);
      }
    }
  });
});

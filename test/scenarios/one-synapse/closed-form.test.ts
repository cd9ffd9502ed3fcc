import { closedForm, equilibrium } from '../../../scenarios/one-synapse/closed-form';
import { contrastive } from '../../../src/learning/contrastive';
import { forward, pForward, symmetric } from '../../../src/learning/estimators';
import { adam, sgd } from '../../../src/learning/optimizers';
import { simulate } from '../../../src/learning/simulator';
import { oneSynapseOptions } from '../../learning/one-synapse';

const targets = { trainTarget: 1, heldOutTarget: -0.5 };
const start = { omega: 0, lambda: 0.5 };
const phase = { optimizer: sgd({ rate: 0.1 }), steps: 500, tolerance: 1e-13 };

describe('one synapse by hand', () => {
  test.each([0, 0.3, -0.3])('settles at beta = %s where the augmented loss is least', (beta) => {
    const slow = { omega: 0.7, lambda: 1.3 };
    const loss = (phi: number) => (phi - 1) ** 2 + (1.3 / 2) * (phi - 0.7) ** 2 + beta * (phi + 0.5) ** 2;
    const phi = equilibrium(targets, slow, beta)!;
    for (const shift of [1e-3, -1e-3]) expect(loss(phi + shift)).toBeGreaterThan(loss(phi));
  });

  test('settles nowhere where held-out data are pushed away harder than the rest pulls', () => {
    expect(equilibrium(targets, start, -1.25)).toBeNull();
    expect(equilibrium(targets, start, -1.24)).not.toBeNull();
  });

  test.each([forward(0.1), symmetric(0.2), pForward(4, 0.1)])(
    'goes from task to task as the simulation does: $name',
    async (estimator) => {
      const rule = contrastive({ estimator, free: phase, nudged: phase });
      const optimizer = adam({ rate: 0.05 });
      const simulation = simulate(oneSynapseOptions({ rule, meta: { optimizer } }));
      const course = closedForm('contrast', { targets, start, rule, optimizer, metaSteps: 10 });
      for (let task = 0; task < 10; task++) {
        const { omega, lambda } = simulation.synapses[0]!;
        // Phases end 1e-13 from their minima, which a contrast divides by beta; ten meta-steps of it.
        expect(course.omega[task]).toBeCloseTo(omega, 9);
        expect(course.lambda[task]).toBeCloseTo(lambda, 9);
        const { loss } = await simulation.metaStep();
        expect(course.heldOut[task]).toBeCloseTo(loss.heldOut, 9);
      }
      await simulation.close();
    },
  );

  test('has the exact gradient of the held-out loss at the free equilibrium', () => {
    const rule = contrastive({ estimator: forward(0.1), free: phase, nudged: phase });
    const options = { targets, start, rule, optimizer: sgd({ rate: 1 }), metaSteps: 1 };
    const { omega, lambda } = closedForm('exact gradient', options);
    const heldOut = (slow: typeof start) => (equilibrium(targets, slow, 0)! + 0.5) ** 2;
    const h = 1e-5; // central differences: errors of h^2 and 1e-16 / h
    const byOmega = (heldOut({ ...start, omega: h }) - heldOut({ ...start, omega: -h })) / (2 * h);
    const byLambda =
      (heldOut({ ...start, lambda: 0.5 + h }) - heldOut({ ...start, lambda: 0.5 - h })) / (2 * h);
    expect(omega[1]! - omega[0]!).toBeCloseTo(-byOmega, 8);
    expect(lambda[1]! - lambda[0]!).toBeCloseTo(-byLambda, 8);
  });

  test('ends where a nudged phase has no minimum', () => {
    const rule = contrastive({ estimator: forward(-2), free: phase, nudged: phase });
    const course = closedForm('contrast', {
      targets,
      start,
      rule,
      optimizer: sgd({ rate: 1 }),
      metaSteps: 5,
    });
    expect(course.omega).toEqual([0]);
  });
});

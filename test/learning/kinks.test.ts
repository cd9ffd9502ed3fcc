import { implicitGradient } from '../../src/baselines/implicit';
import { KinkError } from '../../src/core/errors';
import { engineNamed } from '../../src/engine/auto';
import { contrastive } from '../../src/learning/contrastive';
import { forward } from '../../src/learning/estimators';
import { MetaUpdate } from '../../src/learning/meta-update';
import { sgd } from '../../src/learning/optimizers';
import { simulate } from '../../src/learning/simulator';
import { dense } from '../../src/network/layers/dense';
import { mse } from '../../src/network/loss';
import { defineNetwork } from '../../src/network/network';
import { defineSynapse } from '../../src/synapse/model';
import { plainExecutor } from '../../src/synapse/plain-executor';

/** One weight, input 1: the data's gradient is 2 (phi - target). */
const networkOf = (penalty: string) =>
  defineNetwork({
    input: [1],
    layers: [dense(1, 1, { bias: false })],
    loss: mse,
    synapse: defineSynapse({ fast: 'phi', meta: ['omega', 'lambda'], penalty }),
  });
const sample = (target: number) => ({
  ...{ samples: 1, inputs: 1, targets: 1 },
  ...{ x: Float64Array.of(1), y: Float64Array.of(target) },
});

async function messageOf(
  penalty: string,
  engine: 'reference' | 'simd',
  initial: Record<string, number>,
  target = -1,
): Promise<string> {
  const phase = { optimizer: sgd({ rate: 0.25 }), steps: 20, tolerance: 0 };
  const simulation = simulate({
    network: networkOf(penalty),
    task: { name: 'kink', train: sample(target), heldOut: sample(-0.5) },
    rule: contrastive({ estimator: forward(0.1), free: phase, nudged: phase }),
    meta: { optimizer: sgd({ rate: 0.1 }) },
    ...{ engine, initial, rules: 'plain' as const, warn: () => {} },
  });
  const message = await simulation.metaStep().then(
    () => 'none',
    (error: Error) => error.message,
  );
  await simulation.close();
  return message;
}

describe.each(['reference', 'simd'] as const)('on the engine %s a penalty of infinite slope', (engine) => {
  it('is named with its synapse where phi starts there, and no learning rate is blamed', async () => {
    const initial = { phi: 0.25, omega: 0.25, lambda: 0.5 };
    expect(await messageOf('lambda * (phi - omega)^(1/3)', engine, initial)).toMatch(
      /at step 0: .* No learning rate can help there: the penalty's derivative by phi is Infinity at synapse 0, where phi = 0.25, omega = 0.25 and lambda = 0.5\./,
    );
  });

  it('is named where phi comes to it in the middle of a phase', async () => {
    // phi = 1 - 0.25 (2 (1 + 0.75) + 1/2) = 0 = omega after one step.
    const initial = { phi: 1, omega: 0, lambda: 1 };
    expect(await messageOf('lambda * (phi - omega)^0.5', engine, initial, -0.75)).toMatch(
      /at step 1: .* the penalty's derivative by phi is Infinity at synapse 0, where phi = 0, omega = 0 and lambda = 1\./,
    );
  });
});

describe('where the second derivative of a penalty is infinite', () => {
  it('an exact meta-gradient is refused, naming the synapse', async () => {
    const network = networkOf('lambda * abs(phi - omega)^1.5');
    const session = await (await engineNamed('reference')).open(network);
    const slow = { omega: Float64Array.of(0.25), lambda: Float64Array.of(1) };
    const problem = {
      network,
      session,
      train: sample(0.25),
      heldOut: sample(1),
      phi: Float64Array.of(0.25),
      slow,
    };
    const gradient = implicitGradient(problem);
    await expect(gradient).rejects.toThrow(KinkError);
    await expect(gradient).rejects.toThrow(
      "the penalty's derivative by phi twice is Infinity at synapse 0, where phi = 0.25, omega = 0.25 and lambda = 1",
    );
  });
});

describe('a meta-update', () => {
  it('is not taken with a gradient that is no finite number, and says whose it is', () => {
    const slow = { lambda: Float64Array.of(1, 2) };
    const update = new MetaUpdate(slow, ['lambda'], { optimizer: sgd({ rate: 0.1 }) });
    const step = () => update.apply(slow, { lambda: Float64Array.of(0, Infinity) }, plainExecutor());
    expect(step).toThrow(/meta-gradient of lambda\[1\] is no finite number.*the phases of synapse 1 ended/);
    expect([...slow.lambda]).toEqual([1, 2]);
  });
});

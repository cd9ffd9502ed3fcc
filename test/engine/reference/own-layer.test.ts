import { InputError } from '../../../src/core/errors';
import { RandomStream } from '../../../src/core/random';
import type { Batch } from '../../../src/data/batch';
import type { Session } from '../../../src/engine/engine';
import { registerLayerArithmetic } from '../../../src/engine/reference/layer-table';
import { registerLossArithmetic } from '../../../src/engine/reference/loss-table';
import { referenceEngine } from '../../../src/engine/reference/reference-engine';
import { nesterov } from '../../../src/learning/optimizers';
import type { Layer } from '../../../src/network/layer';
import { dense } from '../../../src/network/layers/dense';
import { tanh } from '../../../src/network/layers/tanh';
import { type Loss, mse } from '../../../src/network/loss';
import { defineNetwork, type Network } from '../../../src/network/network';
import { complexSynapse } from '../../../src/synapse/model';
import {
  differencedGradient,
  differencedHessianVector,
  differenceTolerance,
  relativeDifference,
} from './finite-differences';

/** A layer of a user's own, without parameters: log(1 + exp x) of each unit. */
const softplus = (): Layer => ({ kind: 'softplus', parameters: [], outputShape: (input) => input });

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

registerLayerArithmetic({
  kind: 'softplus',
  forward({ input, output }) {
    for (let i = 0; i < output.length; i++) output[i] = Math.log1p(Math.exp(input[i]!));
  },
  backward({ input, outputGradient, inputGradient }) {
    if (inputGradient === null) return;
    for (let i = 0; i < input.length; i++) inputGradient[i] = outputGradient[i]! * logistic(input[i]!);
  },
  forwardTangent({ input, inputTangent, outputTangent }) {
    for (let i = 0; i < input.length; i++) outputTangent[i] = inputTangent[i]! * logistic(input[i]!);
  },
  backwardTangent({ input, inputTangent, outputGradient, outputGradientTangent, inputGradientTangent }) {
    if (inputGradientTangent === null) return;
    for (let i = 0; i < input.length; i++) {
      const p = logistic(input[i]!);
      inputGradientTangent[i] =
        outputGradientTangent[i]! * p + outputGradient[i]! * p * (1 - p) * inputTangent[i]!;
    }
  },
});

/** A layer of a user's own, with parameters: each unit times a gain. */
interface ScaleLayer extends Layer {
  readonly kind: 'scale';
  readonly units: number;
}

const scale = (units: number): ScaleLayer => ({
  kind: 'scale',
  units,
  parameters: [{ name: 'gain', shape: [units], role: 'fast', initialiser: 'ones', fanIn: 1 }],
  outputShape: (input) => input,
});

registerLayerArithmetic<ScaleLayer>({
  kind: 'scale',
  forward({ layer: { units }, parameters: [gain], input, output }) {
    for (let i = 0; i < output.length; i++) output[i] = gain![i % units]! * input[i]!;
  },
  backward({
    layer: { units },
    parameters: [gain],
    input,
    outputGradient,
    inputGradient,
    parameterGradients,
  }) {
    const [gainGradient] = parameterGradients;
    for (let i = 0; i < input.length; i++) {
      if (gainGradient != null) gainGradient[i % units]! += outputGradient[i]! * input[i]!;
      if (inputGradient !== null) inputGradient[i] = outputGradient[i]! * gain![i % units]!;
    }
  },
  forwardTangent(pass) {
    const [[gain], [gainTangent]] = [pass.parameters, pass.parameterTangents];
    const { units } = pass.layer;
    for (let i = 0; i < pass.input.length; i++) {
      pass.outputTangent[i] =
        gain![i % units]! * pass.inputTangent[i]! + gainTangent![i % units]! * pass.input[i]!;
    }
  },
  backwardTangent(pass) {
    const [[gain], [gainTangent], [product]] = [
      pass.parameters,
      pass.parameterTangents,
      pass.parameterGradientTangents,
    ];
    const { units } = pass.layer;
    for (let i = 0; i < pass.input.length; i++) {
      const [slope, slopeTangent] = [pass.outputGradient[i]!, pass.outputGradientTangent[i]!];
      if (product != null)
        product[i % units]! += slopeTangent * pass.input[i]! + slope * pass.inputTangent[i]!;
      if (pass.inputGradientTangent === null) continue;
      pass.inputGradientTangent[i] = slopeTangent * gain![i % units]! + slope * gainTangent![i % units]!;
    }
  },
});

/** A loss of a user's own: mean of log cosh of the error. */
const logCosh: Loss = { kind: 'log-cosh', targets: 'values' };

registerLossArithmetic({
  kind: 'log-cosh',
  forward(outputs, targets, _samples, gradient) {
    let sum = 0;
    for (let i = 0; i < outputs.length; i++) {
      const error = outputs[i]! - targets[i]!;
      sum += Math.log(Math.cosh(error)) / outputs.length;
      if (gradient !== null) gradient[i] = Math.tanh(error) / outputs.length;
    }
    return sum;
  },
  gradientTangent(outputs, outputsTangent, targets, _samples, gradientTangent) {
    for (let i = 0; i < outputs.length; i++) {
      const y = Math.tanh(outputs[i]! - targets[i]!);
      gradientTangent[i] = ((1 - y * y) * outputsTangent[i]!) / outputs.length;
    }
  },
});

const stream = new RandomStream('own-layer', 'seed');
const normals = (length: number): Float64Array => Float64Array.from({ length }, () => stream.normal());
const batch: Batch = { samples: 4, inputs: 3, targets: 2, x: normals(12), y: normals(8) };

const define = (layers: Layer[], loss: Loss = mse): Network =>
  defineNetwork({ input: [3], layers, loss, synapse: complexSynapse });

const networks: [string, Network][] = [
  ['softplus between dense layers', define([dense(3, 4), softplus(), dense(4, 2)])],
  ['softplus in front', define([softplus(), dense(3, 2)])],
  ['softplus behind', define([dense(3, 2), softplus()])],
  ['scale between dense layers', define([dense(3, 4), tanh(), scale(4), dense(4, 2)])],
  ['scale in front, with nothing below to learn', define([scale(3), dense(3, 2)])],
  ['scale alone behind', define([dense(3, 2, { bias: false }), scale(2)])],
  ['both, twice', define([scale(3), softplus(), dense(3, 2), softplus(), scale(2)])],
  ['a loss of the own', define([dense(3, 4), tanh(), dense(4, 2)], logCosh)],
];

describe.each(networks)("a user's own: %s", (_name, network) => {
  const phi = normals(network.size);
  const open = async (): Promise<Session> => {
    const session = await referenceEngine.open(network);
    await session.write('phi', phi);
    return session;
  };

  it('has the gradient that central differences find', async () => {
    const session = await open();
    const gradient = await session.gradient(batch);
    const difference = relativeDifference(await differencedGradient(session, batch), gradient);
    expect(difference).toBeLessThan(differenceTolerance);
  });

  it('has the Hessian-vector product that central differences find', async () => {
    const session = await open();
    const direction = normals(network.size);
    const product = await session.hessianVector(batch, direction);
    const difference = await differencedHessianVector(session, batch, direction);
    expect(relativeDifference(difference, product)).toBeLessThan(differenceTolerance);
  });

  it('settles', async () => {
    const session = await open();
    await session.write('lambda', new Float64Array(network.size).fill(0.3));
    const inner = nesterov({ rate: 0.05 });
    const request = {
      inner,
      beta: 0,
      steps: 50000, // far more than any needs: some are flat near their minimum
      stepsTaken: 0,
      train: batch,
      replay: null,
      tolerance: 1e-9,
    };
    expect(await session.settle(request)).toMatchObject({ converged: true, diverged: false });
  });
});

/** A layer that keeps what it works out in `forward` until `backward`, by the pass: weights are stored as logarithms. */
const kept = new WeakMap<object, Float64Array>();
registerLayerArithmetic({
  kind: 'exponential gain',
  forward(pass) {
    kept.set(pass, pass.parameters[0]!.map(Math.exp));
    const gain = kept.get(pass)!;
    for (let i = 0; i < pass.output.length; i++) pass.output[i] = gain[i % gain.length]! * pass.input[i]!;
  },
  backward(pass) {
    const gain = kept.get(pass)!;
    const [gradient] = pass.parameterGradients;
    pass.outputGradient.forEach((slope, i) => {
      const unit = i % gain.length;
      if (gradient != null) gradient[unit]! += slope * gain[unit]! * pass.input[i]!;
      if (pass.inputGradient !== null) pass.inputGradient[i] = slope * gain[unit]!;
    });
  },
  forwardTangent() {},
  backwardTangent() {},
});

describe('an own layer', () => {
  it.each(['fast', 'meta'] as const)(
    'may keep something by its pass for the gradient of either role: %s',
    async (role) => {
      const shared = { initialiser: 'zeros', fanIn: 1 } as const;
      const parameters = [{ name: 'logarithm', shape: [4], role, ...shared }];
      const own: Layer = { kind: 'exponential gain', parameters, outputShape: (input) => input };
      const network = define([dense(3, 4, { role: 'meta' }), own, tanh(), dense(4, 2)]);
      const session = await referenceEngine.open(network);
      await session.write('phi', normals(network.size));
      await session.write('theta', normals(network.meta.size));
      for (const [gradient, variable] of [
        [await session.metaGradient(batch), 'theta'],
        [await session.gradient(batch), 'phi'],
      ] as const) {
        const difference = await differencedGradient(session, batch, variable);
        expect(relativeDifference(difference, gradient)).toBeLessThan(differenceTolerance);
      }
    },
  );

  it('has its place in the flat order as any other, with its own names', () => {
    const { topology } = define([dense(3, 2), scale(2)]);
    expect(topology.connection(9)).toEqual({ layer: 1, parameter: 'gain', from: null, to: 1 });
  });

  it('that no arithmetic was given for is refused, with how to give it', async () => {
    const network = define([{ ...softplus(), kind: 'softmin' }, dense(3, 2)]);
    await expect(referenceEngine.open(network)).rejects.toThrow(InputError);
    await expect(referenceEngine.open(network)).rejects.toThrow(/Got "softmin"\..*registerLayerArithmetic/);
  });
});

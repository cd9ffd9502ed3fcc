import { parseProblem } from '../../src/run/estimate/problem';

/** Numbers without a pattern, in [-1, 1], the same in each run. */
const waves = (count: number, seed: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.sin(seed + 2.3 * i + 0.7 * seed * i));

const rows = (samples: number, width: number, seed: number): number[][] =>
  Array.from({ length: samples }, (_, s) => waves(width, seed + 1.1 * s));

/** Phases that settle to the rounding of float64; `steps` is far above what they need. */
const settled = { learningRate: 0.2, momentum: 0.9, nesterov: true, steps: 20_000, tolerance: 1e-13 };

/** A tanh network of 13 synapses, trained on 4 samples by mean squared error. */
export const tanhProblem = {
  model: {
    layers: [
      { type: 'dense', inputs: 2, outputs: 3, activation: 'tanh' },
      { type: 'dense', inputs: 3, outputs: 1 },
    ],
  },
  loss: 'mse',
  train: { x: rows(4, 2, 1), y: rows(4, 1, 2) },
  validation: { x: rows(3, 2, 3), y: rows(3, 1, 4) },
  phi: waves(13, 5),
  omega: waves(13, 6).map((value) => value / 2),
  lambda: waves(13, 7).map((value) => 0.5 + 0.2 * value),
  free: settled,
  nudged: settled,
};

/** A tanh network of 21 synapses, trained on 5 samples of 3 classes by cross-entropy. */
export const classProblem = {
  model: {
    layers: [
      { type: 'dense', inputs: 2, outputs: 3, activation: 'tanh' },
      { type: 'dense', inputs: 3, outputs: 3 },
    ],
  },
  loss: 'cross-entropy',
  train: { x: rows(5, 2, 1), y: [0, 2, 1, 0, 2] },
  validation: { x: rows(4, 2, 3), y: [1, 0, 2, 2] },
  phi: waves(21, 5),
  omega: waves(21, 6).map((value) => value / 2),
  lambda: waves(21, 7).map((value) => 0.5 + 0.2 * value),
  free: settled,
  nudged: settled,
};

export const tanhNetwork = () => parseProblem(tanhProblem);
export const classNetwork = () => parseProblem(classProblem);

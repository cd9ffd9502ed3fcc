import { dense } from '../src/network/layers/dense';
import { mse } from '../src/network/loss';
import { defineNetwork, type Network } from '../src/network/network';
import { complexSynapse } from '../src/synapse/model';
import { makeTask, type Task } from '../src/tasks/task';
import type { QuadraticProblem } from '../src/theory/quadratic';

/** One linear unit without a bias: its N weights are the N complex synapses of Appendix E. */
export function quadraticNetwork(size = 50): Network {
  return defineNetwork({
    input: [size],
    layers: [dense(size, 1, { bias: false })],
    loss: mse,
    synapse: complexSynapse,
  });
}

/**
 * Data whose mean squared error is the quadratic loss of Appendix E. Sample i drives synapse i alone, by
 * x_i = sqrt(N h_i / 2), and asks for what the minimum would answer, x_i phi^t_i; then the mean over the N samples is
 * 1/N sum_i x_i^2 (phi_i - phi^t_i)^2 = 1/2 sum_i h_i (phi_i - phi^t_i)^2.
 */
export function quadraticTask({ curvature, trainMinimum, heldOutMinimum }: QuadraticProblem): Task {
  const size = curvature.length;
  const drive = curvature.map((h) => Math.sqrt((size * h) / 2));
  const x = new Float64Array(size * size);
  drive.forEach((value, i) => {
    x[i * size + i] = value;
  });
  const drawnTo = (minimum: Float64Array) => ({
    samples: size,
    inputs: size,
    targets: 1,
    x,
    y: drive.map((value, i) => value * minimum[i]!),
  });
  return makeTask({ name: 'quadratic', train: drawnTo(trainMinimum), heldOut: drawnTo(heldOutMinimum) });
}

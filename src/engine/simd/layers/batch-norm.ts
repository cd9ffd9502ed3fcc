import type { BatchNormLayer } from '../../../network/layers/batch-norm';
import type { Gathering, LayerKernels } from '../layer-kernels';
import { PaddedRows } from '../passes/padded-rows';
import { sumsRoom } from '../passes/sums-room';

/**
 * output = gain n + threshold, n = scale (a - mean a). Each part of a batch leaves its sums, and one joins them: the statistics are those of the whole
 * batch, however it is cut. Directional derivatives and gradients go through one projection, P(u) = u - mean u - n mean(n u): R{n} = scale P(R{a}),
 * dL/da = scale P(gain dL/doutput).
 */
export const batchNormKernels: LayerKernels<BatchNormLayer> = {
  kind: 'batch-norm',

  bind({
    layer: { features, epsilon },
    samples,
    kernels,
    allocate,
    shared,
    statistics,
    parameters: [gain, threshold],
    ...at
  }) {
    const { input, output, outputGradient, inputGradient, inputTangent, outputTangent } = at;
    const { outputGradientTangent, inputGradientTangent } = at;
    const row = new PaddedRows({ kernels, rows: 1, width: features, allocate });
    const { stride: width } = output;
    const rows = samples * output.rows;
    const sums = shared('sums', sumsRoom(width));
    /** What all parts read, once it is joined: arrays of the first part. */
    const [moments, means, tangentMeans, changes] = [
      shared('moments', 3 * width).first,
      shared('means', 2 * width).first,
      shared('means of tangents', 2 * width).first,
      shared('changes of means', 2 * width).first,
    ];

    /** Sums of u and u n, for the means that `project` takes. */
    const along = (u: () => number, to: number): Gathering => ({
      gather: () => kernels.sumsAlong(input.pointer, moments, u(), rows, width, sums.own),
      join: () => kernels.joinSums(sums.first, sums.parts, sums.bytes, width, to),
    });
    const nothing: Gathering = { gather: () => {}, join: () => {} };

    return {
      before: {
        forward: {
          gather() {
            if (statistics.given() === null) kernels.moments(input.pointer, rows, width, sums.own);
          },
          join() {
            const given = statistics.given();
            if (given !== null) {
              kernels.momentsOf(given.means, given.variances, features, width, epsilon, moments);
              return;
            }
            const { first, parts, bytes } = sums;
            kernels.joinMoments(first, parts, bytes, width, epsilon, moments);
            const noted = statistics.noted();
            if (noted === null) return;
            const { means: toMeans, variances } = noted;
            kernels.noteMoments(first, parts, bytes, moments, features, width, toMeans, variances);
          },
        },
        backward: along(() => outputGradient.pointer, means),
        // At the network's input nothing moves: its means stay 0.
        forwardTangent: inputTangent === null ? nothing : along(() => inputTangent.pointer, tangentMeans),
        backwardTangent: {
          gather: () =>
            kernels.tangentSums(
              input.pointer,
              moments,
              inputTangent?.pointer ?? 0,
              tangentMeans,
              outputGradient.pointer,
              outputGradientTangent.pointer,
              rows,
              width,
              sums.own,
            ),
          join: () => kernels.joinSums(sums.first, sums.parts, sums.bytes, width, changes),
        },
      },

      forward() {
        const [g, t] = [row.load(gain!.values), row.load(threshold!.values)];
        kernels.normalise(input.pointer, moments, g, t, output.pointer, rows, width);
      },

      backward({ role, add, below }) {
        const more = add ? 1 : 0;
        if (threshold!.role === role)
          kernels.bringSums(sums.own, 0, width, threshold!.gradient, features, more);
        if (gain!.role === role) kernels.bringSums(sums.own, 1, width, gain!.gradient, features, more);
        if (!below) return;
        const g = row.place(gain!.values);
        const [u, to] = [outputGradient.pointer, inputGradient.pointer];
        kernels.project(input.pointer, moments, g, u, means, to, rows, width);
      },

      // R{output} = R{gain} n + R{threshold} + gain R{n}
      forwardTangent() {
        const [g, t] = [row.load(gain!.direction), row.load(threshold!.direction)];
        const [x, to] = [input.pointer, outputTangent.pointer];
        if (inputTangent === null) {
          kernels.normalise(x, moments, g, t, to, rows, width);
          return;
        }
        const u = inputTangent.pointer;
        kernels.project(x, moments, row.place(gain!.values), u, tangentMeans, to, rows, width);
        kernels.addTangents(x, moments, g, t, to, rows, width);
      },

      backwardTangent({ role, add, below }) {
        const more = add ? 1 : 0;
        if (threshold!.role === role)
          kernels.bringSums(sums.own, 0, width, threshold!.product, features, more);
        if (gain!.role === role) kernels.bringSums(sums.own, 1, width, gain!.product, features, more);
        if (!below) return;
        kernels.projectTangent(
          input.pointer,
          moments,
          inputTangent?.pointer ?? 0,
          tangentMeans,
          row.place(gain!.values),
          row.place(gain!.direction),
          outputGradient.pointer,
          outputGradientTangent.pointer,
          means,
          changes,
          inputGradientTangent.pointer,
          rows,
          width,
        );
      },
    };
  },
};

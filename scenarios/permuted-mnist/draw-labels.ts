import type { RandomStream } from '../../src/core/random';

/** [samples]: for each, a class drawn with the probabilities that its outputs stand for, by softmax. */
export function drawLabels(outputs: Float64Array, samples: number, stream: RandomStream): Float64Array {
  const classes = outputs.length / samples;
  return Float64Array.from({ length: samples }, (_, sample) => {
    const own = outputs.subarray(sample * classes, (sample + 1) * classes);
    const largest = own.reduce((a, b) => Math.max(a, b));
    const weights = own.map((value) => Math.exp(value - largest));
    const wanted = stream.uniform() * weights.reduce((a, b) => a + b);
    let [drawn, sum] = [0, weights[0]!];
    while (sum <= wanted && drawn < classes - 1) sum += weights[++drawn]!;
    return drawn;
  });
}

import { logarithm } from './arithmetic/logarithm';
import type { RandomStream } from './random';

/** The ziggurat of Marsaglia and Tsang (2000): layers of equal area below exp(-x^2/2), the lowest of them with what lies beyond `tail`. */
const layers = 128;
const tail = 3.442619855899;
const area = 9.91256303526217e-3;
/** exp(-tail^2/2) */
const heightAtTail = 0.002669629083880923;

/** Right edges of the layers, the lowest first, and the heights of the curve there. */
const edges = new Float64Array(layers + 1);
const heights = new Float64Array(layers + 1);
edges[0] = area / heightAtTail;
edges[1] = tail;
heights[1] = heightAtTail;
for (let i = 2; i < layers; i++) {
  heights[i] = heights[i - 1]! + area / edges[i - 1]!;
  edges[i] = Math.sqrt(-2 * logarithm(heights[i]!));
}
heights[layers] = 1;

/** Random words of 32 bits, by sfc32 (Doty-Humphrey): state a, b, c, count. */
function fillWords(words: Int32Array, state: Int32Array): void {
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let count = state[3]!;
  for (let i = 0; i < words.length; i++) {
    const word = (a + b + count) | 0;
    count = (count + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + word) | 0;
    words[i] = word;
  }
  state.set([a, b, c, count]);
}

/**
 * Fills an array with independent standard normal numbers, many times as fast as `stream.normal()` one by one: four words of the stream begin a fast generator, from
 * which the ziggurat draws. Numbers have 24 bits and a sign. Nothing is kept but the stream's state.
 */
export function fillNormal(values: Float64Array, stream: RandomStream): void {
  const state = Int32Array.from({ length: 4 }, () => stream.integer(2 ** 32) | 0);
  fillWords(new Int32Array(12), state); // until the seed has spread over all of the state
  const words = new Int32Array(values.length);
  fillWords(words, state);
  const further = new Int32Array(1);
  const next = (): number => {
    fillWords(further, state);
    return further[0]!;
  };
  for (let i = 0; i < values.length; i++) {
    let bits = words[i]!;
    for (;;) {
      const layer = bits & (layers - 1);
      // The other 25 bits, in the middle of their intervals, so that both signs are alike.
      const x = ((bits >> 7) + 0.5) * 2 ** -24 * edges[layer]!;
      values[i] = x;
      if (Math.abs(x) < edges[layer + 1]!) break;
      if (layer === 0) {
        values[i] = Math.sign(x) * beyondTail(next);
        break;
      }
      const height = heights[layer]! + uniform(next()) * (heights[layer + 1]! - heights[layer]!);
      if (logarithm(height) < (-x * x) / 2) break;
      bits = next();
    }
  }
}

/** In (0, 1]. */
const uniform = (word: number): number => ((word >>> 0) + 1) * 2 ** -32;

function beyondTail(next: () => number): number {
  for (;;) {
    const x = -logarithm(uniform(next())) / tail;
    if (-2 * logarithm(uniform(next())) > x * x) return tail + x;
  }
}

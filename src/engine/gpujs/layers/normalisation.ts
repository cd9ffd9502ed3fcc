import type { BatchNormLayer } from '../../../network/layers/batch-norm';
import type { DeviceThis, Handle } from '../kernel-maker';
import type { LayerSurroundings } from '../layer-kernels';
import { quotientText } from '../quotient';
import { type SampleBlocks, sampleBlocks } from '../sample-blocks';

interface Sizes extends SampleBlocks {
  readonly features: number;
  /** Of one sample's image; 1 and 1 where a feature is one number. */
  readonly rows: number;
  readonly columns: number;
  readonly pixels: number;
  /** Numbers of a feature in the whole batch. */
  readonly count: number;
  readonly epsilon: number;
}

declare function quotient(whole: number, part: number): number;

/** The sum of a feature's numbers in one block of samples, row by row and image by image. */
function sumBlock(this: DeviceThis<Sizes>, values: number[][]) {
  let sum = 0;
  for (let i = 0; i < this.constants.stretch; i++) {
    const s = this.thread.y * this.constants.stretch + i;
    if (s < this.constants.samples) {
      let part = 0;
      for (let y = 0; y < this.constants.rows; y++) {
        const from = this.thread.x * this.constants.pixels + y * this.constants.columns;
        let line = 0;
        for (let x = 0; x < this.constants.columns; x++) line += values[s]![from + x]!;
        part += line;
      }
      sum += part;
    }
  }
  return sum;
}

/** The same of products. */
function sumBlockOfProducts(this: DeviceThis<Sizes>, a: number[][], b: number[][]) {
  let sum = 0;
  for (let i = 0; i < this.constants.stretch; i++) {
    const s = this.thread.y * this.constants.stretch + i;
    if (s < this.constants.samples) {
      let part = 0;
      for (let y = 0; y < this.constants.rows; y++) {
        const from = this.thread.x * this.constants.pixels + y * this.constants.columns;
        let line = 0;
        for (let x = 0; x < this.constants.columns; x++) line += a[s]![from + x]! * b[s]![from + x]!;
        part += line;
      }
      sum += part;
    }
  }
  return sum;
}

function meanOfBlocks(this: DeviceThis<Sizes>, sums: number[][]) {
  let sum = 0;
  for (let b = 0; b < this.constants.blocks; b++) sum += sums[b]![this.thread.x]!;
  return sum / this.constants.count;
}

function centre(this: DeviceThis<Sizes>, input: number[][], means: number[]) {
  return input[this.thread.y]![this.thread.x]! - means[quotient(this.thread.x, this.constants.pixels)]!;
}

function toUnitVariance(this: DeviceThis<Sizes>, centred: number[][], variances: number[]) {
  const variance = variances[quotient(this.thread.x, this.constants.pixels)]!;
  return centred[this.thread.y]![this.thread.x]! / Math.sqrt(variance + this.constants.epsilon);
}

function withoutMeanAndNormal(
  this: DeviceThis<Sizes>,
  values: number[][],
  normal: number[][],
  variances: number[],
  means: number[],
  alongNormal: number[],
) {
  const f = quotient(this.thread.x, this.constants.pixels);
  const rest =
    values[this.thread.y]![this.thread.x]! -
    means[f]! -
    normal[this.thread.y]![this.thread.x]! * alongNormal[f]!;
  return rest / Math.sqrt(variances[f]! + this.constants.epsilon);
}

/** How the projection turns with the normal: in two kernels, since WebGPU gives one no more than eight arrays. */
function turn(
  this: DeviceThis<Sizes>,
  projected: number[][],
  normal: number[][],
  normalTangent: number[][],
  growth: number[],
  along: number[],
  across: number[],
) {
  const f = quotient(this.thread.x, this.constants.pixels);
  return (
    growth[f]! * projected[this.thread.y]![this.thread.x]! +
    along[f]! * normalTangent[this.thread.y]![this.thread.x]! +
    across[f]! * normal[this.thread.y]![this.thread.x]!
  );
}

function minusTurn(
  this: DeviceThis<Sizes>,
  projectedTangent: number[][],
  turned: number[][],
  variances: number[],
) {
  const variance = variances[quotient(this.thread.x, this.constants.pixels)]!;
  const change = turned[this.thread.y]![this.thread.x]! / Math.sqrt(variance + this.constants.epsilon);
  return projectedTangent[this.thread.y]![this.thread.x]! - change;
}

/** The kernels of n = (a - mean a) / sqrt(variance a + epsilon), feature by feature, over samples and pixels. */
interface PlannedNormalisation {
  /** n, and the variance of each feature. */
  normalise(input: Handle): readonly [normal: Handle, variance: Handle];
  /** (u - mean u - n mean(n u)) / sqrt(variance + epsilon): dL/da of u = dL/dn, and R{n} of u = R{a}. */
  project(values: Handle, normal: Handle, variance: Handle): Handle;
  /** R{dL/da}. */
  projectTangent(of: {
    /** dL/dn and its tangent. */
    readonly gradient: Handle;
    readonly gradientTangent: Handle;
    readonly normal: Handle;
    readonly normalTangent: Handle;
    readonly inputTangent: Handle;
    readonly variance: Handle;
  }): Handle;
}

export function planNormalisation({
  layer: { features, epsilon },
  samples,
  inputShape,
  inputs,
  make,
}: LayerSurroundings<BatchNormLayer>): PlannedNormalisation {
  const [, rows = 1, columns = 1] = inputShape;
  const pixels = rows * columns;
  const blocks = sampleBlocks(samples);
  const constants = { ...blocks, features, rows, columns, pixels, count: samples * pixels, epsilon };
  const perBlock = [features, blocks.blocks];
  const size = [inputs, samples];
  const sums = make(sumBlock, perBlock, constants);
  const sumsOfProducts = make(sumBlockOfProducts, perBlock, constants);
  const mean = make(meanOfBlocks, [features], constants);
  const meanOf = (values: Handle) => mean(sums(values));
  const meanOfProducts = (a: Handle, b: Handle) => mean(sumsOfProducts(a, b));
  const centred = make(centre, size, constants, [quotientText]);
  const scaled = make(toUnitVariance, size, constants, [quotientText]);
  const projected = make(withoutMeanAndNormal, size, constants, [quotientText]);
  const turned = make(turn, size, constants, [quotientText]);
  const minusTurned = make(minusTurn, size, constants, [quotientText]);

  const project = (values: Handle, normal: Handle, variance: Handle) =>
    projected(values, normal, variance, meanOf(values), meanOfProducts(values, normal));
  return {
    normalise(input) {
      const distance = centred(input, meanOf(input));
      const variance = meanOfProducts(distance, distance);
      return [scaled(distance, variance), variance];
    },
    project,
    projectTangent({ gradient, gradientTangent, normal, normalTangent, inputTangent, variance }) {
      const growth = meanOfProducts(inputTangent, normal);
      const along = meanOfProducts(gradient, normal);
      const across = meanOfProducts(gradient, normalTangent);
      const projectedGradient = project(gradient, normal, variance);
      const turn = turned(projectedGradient, normal, normalTangent, growth, along, across);
      return minusTurned(project(gradientTangent, normal, variance), turn, variance);
    },
  };
}

import type { Batch } from '../../src/data/batch';
import type { Network } from '../../src/network/network';

// What credit by settled neurons is the gradient of, worked out anew from the equations with arrays of arrays, by other iterations than the library's.

interface Stage {
  readonly weight: number[][];
  readonly bias: number[];
  /** Of what comes in: none, tanh or relu. */
  readonly before: string;
}

const rate = (kind: string, s: number) =>
  kind === 'tanh' ? Math.tanh(s) : kind === 'relu' ? Math.max(0, s) : s;
const slope = (kind: string, s: number) =>
  kind === 'tanh' ? 1 - Math.tanh(s) ** 2 : kind === 'relu' ? Number(s > 0) : 1;

function stagesOf({ layers, blocks }: Network, phi: ArrayLike<number>): Stage[] {
  const stages: Stage[] = [];
  let before = 'none';
  layers.forEach((layer, index) => {
    if (layer.kind !== 'dense') {
      before = layer.kind;
      return;
    }
    const { inputs, outputs } = layer as unknown as { inputs: number; outputs: number };
    const at = (name: string) => blocks.find((b) => b.layer === index && b.spec.name === name)?.offset;
    const first = at('weight')!;
    const bias = at('bias');
    stages.push({
      weight: Array.from({ length: outputs }, (_, i) =>
        Array.from({ length: inputs }, (_, j) => phi[first + i * inputs + j]!),
      ),
      bias: Array.from({ length: outputs }, (_, i) => (bias === undefined ? 0 : phi[bias + i]!)),
      before,
    });
    before = 'none';
  });
  return stages;
}

const rows = ({ x, y, samples, inputs, targets }: Batch) =>
  Array.from({ length: samples }, (_, n) => ({
    x: Array.from(x.slice(n * inputs, (n + 1) * inputs)),
    y: Array.from(y.slice(n * targets, (n + 1) * targets)),
  }));

const drive = ({ weight, bias, before }: Stage, below: readonly number[]) =>
  weight.map((row, i) => row.reduce((sum, w, j) => sum + w * rate(before, below[j]!), bias[i]!));

/** C of one sample, and its derivatives by the outputs. */
function costOf(
  loss: string,
  s: readonly number[],
  y: readonly number[],
): { cost: number; slopes: number[] } {
  if (loss === 'mse') {
    const errors = s.map((value, k) => value - y[k]!);
    return {
      cost: errors.reduce((sum, error) => sum + error * error, 0) / s.length,
      slopes: errors.map((error) => (2 * error) / s.length),
    };
  }
  const most = Math.max(...s);
  const sum = s.reduce((total, value) => total + Math.exp(value - most), 0);
  const logs = s.map((value) => value - most - Math.log(sum));
  return { cost: -logs[y[0]!]!, slopes: logs.map((log, k) => Math.exp(log) - Number(k === y[0])) };
}

/** L_b = mean over samples of min_s (E + b C) / b, by small simultaneous steps until nothing moves. */
export function surrogateOfEquilibrium(
  network: Network,
  phi: ArrayLike<number>,
  batch: Batch,
  b: number,
): number {
  const stages = stagesOf(network, phi);
  const last = stages.length - 1;
  const total = rows(batch).reduce((sum, { x, y }) => {
    const s: number[][] = [];
    for (const stage of stages) s.push(drive(stage, s.at(-1) ?? x));
    const errors = () =>
      stages.map((stage, l) => drive(stage, l === 0 ? x : s[l - 1]!).map((d, i) => s[l]![i]! - d));
    for (let k = 0; k < 50_000; k++) {
      const e = errors();
      const { slopes } = costOf(network.loss.kind, s[last]!, y);
      let most = 0;
      const forces = s.map((layer, l) =>
        layer.map((value, i) => {
          const back =
            l === last
              ? -b * slopes[i]!
              : slope(stages[l + 1]!.before, value) *
                e[l + 1]!.reduce((t, error, k) => t + error * stages[l + 1]!.weight[k]![i]!, 0);
          return back - e[l]![i]!;
        }),
      );
      forces.forEach((layer, l) => {
        layer.forEach((force, i) => {
          s[l]![i]! += 0.1 * force;
          most = Math.max(most, Math.abs(force));
        });
      });
      if (most < 1e-13) break;
    }
    const energy = errors()
      .flat()
      .reduce((t, e) => t + (e * e) / 2, 0);
    return sum + (energy + b * costOf(network.loss.kind, s[last]!, y).cost) / b;
  }, 0);
  return total / batch.samples;
}

/** The integral of the inverse of f from 0 to s. */
const primitive = (kind: string, s: number) =>
  kind === 'tanh' ? s * Math.atanh(s) + Math.log1p(-s * s) / 2 : (s * s) / 2;

/**
 * The stationary value whose derivative by W is -(1/b) (s+ - s-) sbar: (1/b) [b/2 C(s+) + b/2 C(s-) + sum_l G(s_l+) - G(s_l-) - (s_l+ - s_l-)^T (W_l sbar_(l-1) +
 * bias_l)], with G' = f^-1. Its stationary point is where dyadic neurons come to rest.
 */
export function surrogateOfDual(network: Network, phi: ArrayLike<number>, batch: Batch, b: number): number {
  const stages = stagesOf(network, phi);
  const last = stages.length - 1;
  // What synapses see of neurons: their states are rates.
  const linear = ({ weight, bias }: Stage, below: readonly number[]) =>
    weight.map((row, i) => row.reduce((sum, w, j) => sum + w * below[j]!, bias[i]!));
  const total = rows(batch).reduce((sum, { x, y }) => {
    const input = x.map((value) => rate(stages[0]!.before, value));
    const plus: number[][] = stages.map(({ bias }) => bias.map(() => 0));
    const minus: number[][] = stages.map(({ bias }) => bias.map(() => 0));
    const mean = (l: number) => (l < 0 ? input : plus[l]!.map((value, i) => (value + minus[l]![i]!) / 2));
    for (let k = 0; k < 4000; k++) {
      let moved = 0;
      const put = (into: number[], i: number, value: number) => {
        moved = Math.max(moved, Math.abs(into[i]! - value));
        into[i] = value;
      };
      for (let l = 0; l <= last; l++) {
        const a = linear(stages[l]!, mean(l - 1));
        if (l === last) {
          const up = costOf(network.loss.kind, plus[l]!, y).slopes;
          const down = costOf(network.loss.kind, minus[l]!, y).slopes;
          a.forEach((value, i) => {
            put(plus[l]!, i, value - (b / 2) * up[i]!);
            put(minus[l]!, i, value + (b / 2) * down[i]!);
          });
        } else {
          const next = stages[l + 1]!;
          a.forEach((value, i) => {
            const back =
              next.weight.reduce((t, row, k) => t + row[i]! * (plus[l + 1]![k]! - minus[l + 1]![k]!), 0) / 2;
            put(plus[l]!, i, rate(next.before, value + back));
            put(minus[l]!, i, rate(next.before, value - back));
          });
        }
      }
      if (moved < 1e-15) break;
    }
    let value =
      (b / 2) *
      (costOf(network.loss.kind, plus[last]!, y).cost + costOf(network.loss.kind, minus[last]!, y).cost);
    stages.forEach((stage, l) => {
      const kind = l === last ? 'none' : stages[l + 1]!.before;
      const a = linear(stage, mean(l - 1));
      a.forEach((drive, i) => {
        value +=
          primitive(kind, plus[l]![i]!) -
          primitive(kind, minus[l]![i]!) -
          (plus[l]![i]! - minus[l]![i]!) * drive;
      });
    });
    return sum + value / b;
  }, 0);
  return total / batch.samples;
}

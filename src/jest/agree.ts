import { RandomStream } from '../core/random';
import { engineNamed } from '../engine/auto';
import type { Engine } from '../engine/engine';
import { dense } from '../network/layers/dense';
import { mse } from '../network/loss';
import { defineNetwork } from '../network/network';
import { complexSynapse } from '../synapse/model';
import type { Rule } from '../synapse/rule';

/** Where an engine gives another number than the reference engine. */
export interface Disagreement {
  readonly engine: string;
  readonly quantity: string;
  readonly synapse: number;
  readonly got: number;
  readonly reference: number;
}

/** What rules are tried on, and how far engines may differ. */
export interface AgreementOptions {
  /** Values of the scalars that the rule reads. Default: numbers between 0.1 and 0.9, drawn. */
  readonly scalars?: Readonly<Record<string, number>>;
  /** Quantities that are never negative. Default: none. */
  readonly nonNegative?: readonly string[];
  /** The largest difference, of the largest value of its quantity. Default 1e-5: some roundings of float32. */
  readonly tolerance?: number;
}

const synapses = 33; // no multiple of four, so that engines that take four at a time have some left

/** What the synapse itself has; everything else is a buffer of the rule. */
const own = ['value', 'gradient', 'phi', ...complexSynapse.meta];

/**
 * Takes one step by a rule on the engines reference, simd and gpujs, from the same drawn quantities.
 * @returns The largest disagreement of each engine and quantity that is beyond the tolerance.
 */
export async function disagreements(rule: Rule, options: AgreementOptions = {}): Promise<Disagreement[]> {
  const { tolerance = 1e-5 } = options;
  const truth = await oneStep(await engineNamed('reference'), rule, options);
  const found: Disagreement[] = [];
  for (const name of ['simd', 'gpujs']) {
    const results = await oneStep(await engineNamed(name), rule, options);
    for (const [quantity, values] of Object.entries(results)) {
      const reference = truth[quantity]!;
      const largest = reference.reduce(
        (most, v) => (Number.isFinite(v) ? Math.max(most, Math.abs(v)) : most),
        0,
      );
      const apart = values.map((value, i) => distance(value, reference[i]!));
      const worst = apart.indexOf(apart.reduce((most, v) => Math.max(most, v), 0));
      if (!(apart[worst]! > tolerance * Math.max(largest, Number.MIN_VALUE))) continue;
      found.push({
        engine: name,
        quantity,
        synapse: worst,
        got: values[worst]!,
        reference: reference[worst]!,
      });
    }
  }
  return found;
}

/** What is infinite or no number is alike where both are. */
function distance(a: number, b: number): number {
  if (Object.is(a, b) || a === b) return 0;
  return Number.isFinite(a) && Number.isFinite(b) ? Math.abs(a - b) : Number.POSITIVE_INFINITY;
}

async function oneStep(
  engine: Engine,
  rule: Rule,
  { scalars = {}, nonNegative = [] }: AgreementOptions,
): Promise<Record<string, Float64Array>> {
  const random = new RandomStream('agreement', 'quantities');
  const layers = [dense(1, synapses, { bias: false })];
  const network = defineNetwork({ input: [1], layers, loss: mse, synapse: complexSynapse });
  const used = [...new Set([...rule.reads, ...rule.writes])];
  const draw = (name: string) =>
    Float64Array.from({ length: synapses }, () => {
      const value = Math.fround(random.normal());
      return nonNegative.includes(name) ? Math.abs(value) : value;
    });
  const given = Object.fromEntries(
    rule.scalars.map((name) => [name, Math.fround(random.uniformBetween(0.1, 0.9))]),
  );
  const session = await engine.open(network);
  try {
    for (const name of used)
      if (name !== 'gradient') await session.write(name === 'value' ? 'phi' : name, draw(name));
    const y = draw('targets');
    const inner = {
      rule,
      buffers: used.filter((name) => !own.includes(name)),
      scalarsAt: () => ({ ...given, ...scalars }),
    };
    const train = { samples: 1, inputs: 1, targets: synapses, x: Float64Array.of(1), y };
    await session.settle({ inner, train, replay: null, beta: 0, steps: 1, stepsTaken: 0, tolerance: 0 });
    const results: Record<string, Float64Array> = {};
    for (const name of rule.writes)
      if (name !== 'gradient') results[name] = await session.read(name === 'value' ? 'phi' : name);
    return results;
  } finally {
    await session.close();
  }
}

import type { Network } from '../network/network';
import type { Rule } from '../synapse/rule';
import {
  gradientMaskedBy,
  gradientWeightedBy,
  maskedGradient,
  weightedGradient,
} from '../synapse/rules/derived-gradients';
import type { Optimizer } from './optimizers';

/** The weight of the gradient at inner step `step`, counted from 0. */
type WeightAt = (step: number) => number;

/**
 * Optimisers on gradients that are multiplied by a number first: exactly, whatever the optimiser makes of a gradient. All have one rule, so that
 * an engine compiles it once.
 */
export function weightedOptimizer(optimizer: Optimizer, network: Network): (weightAt: WeightAt) => Optimizer {
  const name = freeName('weight', optimizer, network);
  const weighted = name === 'weight' ? weightedGradient : gradientWeightedBy(name);
  const rule = behind(weighted, optimizer.rule, `${optimizer.rule.name}, weighted`);
  const withWeight = (given: Optimizer, weightAt: WeightAt): Optimizer => ({
    ...given,
    rule,
    scalarsAt: (step) => ({ ...given.scalarsAt(step), [name]: weightAt(step - 1) }),
    ...withRateOf(given, (other) => withWeight(other, weightAt)),
  });
  return (weightAt) => withWeight(optimizer, weightAt);
}

/**
 * An optimiser for which the gradient of some synapses is 0, so that they stay where they are.
 * @param moves 1 for each synapse that moves, 0 for each that stays.
 */
export function movingOnly(optimizer: Optimizer, network: Network, moves: Float64Array): Optimizer {
  const name = freeName('moves', optimizer, network);
  const ofSome = name === 'moves' ? maskedGradient : gradientMaskedBy(name);
  const rule = behind(ofSome, optimizer.rule, `${optimizer.rule.name} of some`);
  const masked = (given: Optimizer): Optimizer => ({
    ...given,
    rule,
    buffers: [...given.buffers, name],
    first: { ...given.first, [name]: moves },
    ...withRateOf(given, masked),
  });
  return masked(optimizer);
}

/** One rule behind another: it sees the gradient that the first one has written. */
function behind(first: Rule, second: Rule, name: string): Rule {
  const all = (of: (rule: Rule) => readonly string[]): string[] => [
    ...new Set([...of(first), ...of(second)]),
  ];
  return {
    name,
    steps: [...first.steps, ...second.steps],
    reads: all(({ reads }) => reads),
    writes: all(({ writes }) => writes),
    scalars: all(({ scalars }) => scalars),
  };
}

function withRateOf(
  { withRate }: Optimizer,
  derived: (other: Optimizer) => Optimizer,
): Pick<Optimizer, 'withRate'> {
  return withRate === undefined ? {} : { withRate: (rate) => derived(withRate(rate)) };
}

/** A name that neither the optimiser's rule nor the synapses know. */
function freeName(wanted: string, { rule, buffers }: Optimizer, { synapse }: Network): string {
  const taken = [...rule.reads, ...rule.writes, ...rule.scalars, ...buffers, synapse.fast, ...synapse.meta];
  let name = wanted;
  while (taken.includes(name)) name += '_';
  return name;
}

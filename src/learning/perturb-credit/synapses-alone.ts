import type { Network } from '../../network/network';
import { flowOnce } from '../../synapse/flow';
import type { Quantities, RuleExecutor } from '../../synapse/rule-executor';
import { learnedByLogarithm } from '../../synapse/slow-variable';
import { contrast } from '../contrast';
import type { ContrastiveRule } from '../contrastive';
import { copiesOf } from '../learned-variables';
import { type MetaSettings, MetaUpdate } from '../meta-update';
import { keptBuffers } from '../prepare-session';
import type { RecordedPhase } from './recording-session';

export interface SynapsesAloneOptions {
  readonly network: Network;
  readonly rule: ContrastiveRule;
  readonly meta: MetaSettings;
  /** phi where the task begins, and the slow variables. */
  readonly start: Float64Array;
  readonly slow: Quantities;
  readonly executor: RuleExecutor;
}

/**
 * What a task makes of synapses that see what was recorded, by rules alone, each of which has every synapse's own quantities: the credit's rule on each sample,
 * the pull, the optimiser; over the phases, the contrast and the meta-update.
 * @returns by name: phi at the end of each phase, and the slow variables behind the meta-step
 */
export function synapsesAlone(
  { network, rule, meta, start, slow, executor }: SynapsesAloneOptions,
  phases: readonly RecordedPhase[],
): Record<string, Float64Array> {
  const { synapse, credit, size } = network;
  const betas = [0, ...rule.estimator.betas];
  const ends = new Map<number, Float64Array>();
  let kept: Quantities = {};
  phases.forEach(({ steps }, index) => {
    const { optimizer } = index === 0 ? rule.free : rule.nudged;
    const phi = (ends.get(0) ?? start).slice();
    const goesOn = index > 0 && rule.optimizerState === 'keep';
    const buffers = Object.fromEntries(
      keptBuffers(network, optimizer).map((name) => {
        const first = goesOn ? kept[name] : optimizer.first?.[name];
        return [name, first?.slice() ?? new Float64Array(size)];
      }),
    );
    const gradient = new Float64Array(size);
    const own = { ...slow, ...buffers, [synapse.fast]: phi, value: phi, gradient };
    for (const { inner, number, seen } of steps) {
      gradient.fill(0);
      for (const { samples, weight, activity } of seen) {
        for (let sample = 0; sample < samples; sample++) {
          const [views, given] = ofSample(activity, sample, size, credit.modulators ?? []);
          const scalars = { ...credit.numbers, ...given, weight: weight / samples };
          executor.run(credit.rule!, { ...own, ...views }, scalars);
        }
      }
      executor.run(synapse.pull, own);
      executor.run(inner.rule, own, inner.scalarsAt(number));
    }
    if (index === 0) kept = copiesOf(buffers);
    ends.set(betas[index]!, phi);
  });
  const moved = copiesOf(slow);
  const gradients = contrast(synapse, rule.estimator.terms, ends, slow, executor);
  const logarithmic = learnedByLogarithm(synapse.declared);
  new MetaUpdate(slow, synapse.nonNegative, { logarithmic, ...meta }).apply(moved, gradients, executor);
  if (synapse.flow !== null) flowOnce(synapse.flow, moved, executor);
  const named = [...ends].map(([beta, phi]) => [`${synapse.fast} at beta = ${beta}`, phi] as const);
  return { ...Object.fromEntries(named), ...moved };
}

/** What synapses see in one sample, and what all are given alike. */
function ofSample(
  activity: Quantities,
  sample: number,
  size: number,
  modulators: readonly string[],
): [Quantities, Record<string, number>] {
  const entries = Object.entries(activity);
  const own = entries.filter(([name]) => !modulators.includes(name));
  const views = own.map(([name, all]) => [name, all.subarray(sample * size, (sample + 1) * size)]);
  const given = entries.filter(([name]) => modulators.includes(name));
  return [
    Object.fromEntries(views),
    Object.fromEntries(given.map(([name, all]) => [name, all[sample]!] as const)),
  ];
}

import type { Activities } from '../../../kernel/activities';
import type { NeuronStage } from '../../../network/neuron-chain';

/**
 * What each synapse sees of its two neurons in one sample, as one value a synapse: a rule has no way to see another's. A bias sees 1 in place of a
 * presynaptic neuron.
 */
export class SynapseViews {
  /** By name, [synapses]. */
  readonly quantities: Readonly<Record<string, Float64Array>>;

  /**
   * @param reads the names that are needed
   * @param activities [samples][neurons] by name and stage
   */
  constructor(
    private readonly stages: readonly NeuronStage[],
    private readonly names: Activities,
    reads: readonly string[],
    private readonly activities: Readonly<Record<string, readonly Float64Array[]>>,
    size: number,
  ) {
    const own = [...names.pre, ...names.post].filter((name) => reads.includes(name));
    this.quantities = Object.fromEntries(own.map((name) => [name, new Float64Array(size)]));
  }

  /** Shows each synapse its neurons in a sample. */
  show(sample: number): void {
    for (const [name, values] of Object.entries(this.quantities)) {
      const isPre = this.names.pre.includes(name);
      this.stages.forEach((stage, l) => {
        const activity = this.activities[name]![l]!;
        if (isPre) showPre(stage, activity, sample, values);
        else showPost(stage, activity, sample, values);
      });
    }
  }
}

function showPre(
  { inputs, outputs, weight, bias }: NeuronStage,
  activity: Float64Array,
  sample: number,
  into: Float64Array,
): void {
  const from = activity.subarray(sample * inputs, (sample + 1) * inputs);
  for (let i = 0; i < outputs; i++) into.set(from, weight + i * inputs);
  if (bias !== null) into.fill(1, bias, bias + outputs);
}

function showPost(
  { inputs, outputs, weight, bias }: NeuronStage,
  activity: Float64Array,
  sample: number,
  into: Float64Array,
): void {
  const to = activity.subarray(sample * outputs, (sample + 1) * outputs);
  for (let i = 0; i < outputs; i++) into.fill(to[i]!, weight + i * inputs, weight + (i + 1) * inputs);
  if (bias !== null) into.set(to, bias);
}

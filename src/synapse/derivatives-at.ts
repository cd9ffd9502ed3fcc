import { KinkError } from '../core/errors';
import type { Kernel } from '../kernel/kernel';
import type { SynapseModel } from './model';
import { callKernel } from './plain-executor';
import type { Quantities } from './rule-executor';

/** "synapse 3, where phi = 0.25, omega = 0.25 and lambda = 1": its own variables, as they are. */
function synapseInWords({ fast, meta }: SynapseModel, quantities: Quantities, index: number): string {
  const values = [fast, ...meta].map(
    (name) => `${name} = ${Number(quantities[name]![index]!.toPrecision(6))}`,
  );
  return `synapse ${index}, where ${values.slice(0, -1).join(', ')}${values.length > 1 ? ' and ' : ''}${values.at(-1)}`;
}

/**
 * A second derivative of the penalty, one entry a synapse.
 * @param by What it is by, such as `phi twice`, for errors.
 * @throws KinkError where it is infinite or no number, naming the synapse.
 */
export function derivativesAt(
  model: SynapseModel,
  kernel: Kernel,
  quantities: Quantities,
  by: string,
): Float64Array {
  const values = new Float64Array(quantities[model.fast]!.length);
  callKernel(kernel, quantities, {}, values);
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return values;
  throw new KinkError(by, values[wrong]!, synapseInWords(model, quantities, wrong));
}

/** Where the pull of a penalty is infinite or no number although the penalty itself is finite; null where it is so nowhere. */
export function infinitePull(model: SynapseModel, quantities: Quantities): string | null {
  const { length } = quantities[model.fast]!;
  const [energy, gradient] = [new Float64Array(length), new Float64Array(length)];
  callKernel(model.energy, quantities, {}, energy);
  for (const { kernel } of model.pull.steps) callKernel(kernel, { ...quantities, gradient }, {}, gradient);
  const wrong = gradient.findIndex((pull, i) => !Number.isFinite(pull) && Number.isFinite(energy[i]!));
  if (wrong < 0) return null;
  return `the penalty's derivative by ${model.fast} is ${gradient[wrong]} at ${synapseInWords(model, quantities, wrong)}`;
}

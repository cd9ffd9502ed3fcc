import type { FewShotSettings } from '../../src/few-shot/settings';

interface ByMethod {
  readonly lambdaOfImaml: number;
  readonly stepOfReptile: number;
  readonly watchNeurons: readonly number[];
}

/**
 * What methods do not share: iMAML has a lambda of its own, as published; Reptile moves omega part of the way, by gradient descent, and less and
 * less; in learning by modulation neurons are watched in place of synapses.
 */
export function forMethod<Settings extends FewShotSettings & ByMethod>(
  method: string,
  settings: Settings,
): Settings {
  const { lambdaOfImaml: lambda, stepOfReptile: rate, watchNeurons } = settings;
  if (method === 'modulation') return { ...settings, watch: [...watchNeurons] };
  if (method === 'imaml' && 'lambda' in settings.synapse)
    return { ...settings, synapse: { ...settings.synapse, lambda } };
  if (method !== 'reptile') return settings;
  return { ...settings, meta: { ...settings.meta, optimizer: 'sgd', rate, schedule: 'linear' } };
}

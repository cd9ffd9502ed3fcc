import { InputError } from '../core/errors';

/** Names of what a synapse sees of its presynaptic neuron (for a bias: 1), and of its postsynaptic one. */
export interface Activities {
  readonly pre: readonly string[];
  readonly post: readonly string[];
}

/** No synapse sees anything of its neurons. */
export const noActivities: Activities = Object.freeze({ pre: [], post: [] });

/** Which of its two neurons a quantity shows a synapse, in words; undefined where it shows none. */
export function neuronShownBy(
  { pre, post }: Activities,
  quantity: string,
): 'presynaptic' | 'postsynaptic' | undefined {
  if (pre.includes(quantity)) return 'presynaptic';
  return post.includes(quantity) ? 'postsynaptic' : undefined;
}

export function areActivities(given: unknown): boolean {
  const { pre, post } = (given ?? {}) as Partial<Activities>;
  return [pre, post].every(
    (names) => Array.isArray(names) && names.every((name) => typeof name === 'string'),
  );
}

/** @throws InputError where it does not name activities. */
export function checkActivities(given: Activities): Activities {
  if (areActivities(given)) return given;
  throw new InputError({
    what: 'These are no names of what a synapse sees of its neurons',
    got: given,
    legal: '{ pre, post }, two lists of names, as the activities of a source of credit',
  });
}

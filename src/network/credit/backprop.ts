import type { Credit } from './credit';

/** The exact gradient of the loss, by the engine's backward pass: the one source that is not local. */
export const backprop: Credit = {
  kind: 'backprop',
  rule: null,
  activities: { pre: [], post: [] },
  numbers: {},
  settles: false,
};

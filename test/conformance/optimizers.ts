import type { InnerStep } from '../../src/engine/engine';
import { adam, heavyBall, nesterov, sgd } from '../../src/learning/optimizers';
import { naiveOptimizers } from './oracle';

/** An optimiser twice: as an engine takes it, and as the oracle spells it out. */
type Twice = readonly [name: string, inner: InnerStep, naive: ReturnType<typeof naiveOptimizers.sgd>];

export const optimizers: readonly Twice[] = [
  ['SGD', sgd({ rate: 0.05 }), naiveOptimizers.sgd(0.05)],
  ['heavy-ball momentum', heavyBall({ rate: 0.03, momentum: 0.8 }), naiveOptimizers.heavyBall(0.03, 0.8)],
  ["Nesterov's momentum", nesterov({ rate: 0.03, momentum: 0.9 }), naiveOptimizers.nesterov(0.03, 0.9)],
  ['Adam', adam({ rate: 0.02 }), naiveOptimizers.adam(0.02, 0.9, 0.999, 1e-8)],
];

/** The same, but that Adam does not make whole steps of gradients that are rounding and nothing else. */
export const steadyOptimizers: readonly Twice[] = [
  ...optimizers.slice(0, 3),
  ['Adam', adam({ rate: 0.02, epsilon: 0.01 }), naiveOptimizers.adam(0.02, 0.9, 0.999, 0.01)],
];

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { chainSynapse } from '../../models/chain-synapse';
import { defineSynapse, type SynapseModel } from '../../src/synapse/model';
import type { Rule } from '../../src/synapse/rule';

export const rulesFolder = join(__dirname, '../../src/synapse/rules');

/** Every rule that a file of src/synapse/rules exports: read from the folder, so that no new one is forgotten. */
function rulesOfFolder(): [string, Rule][] {
  return readdirSync(rulesFolder).flatMap((file) => {
    const exported = Object.entries(require(join(rulesFolder, file)) as Record<string, unknown>);
    return exported.filter(
      (entry): entry is [string, Rule] => typeof entry[1] === 'object' && 'steps' in entry[1]!,
    );
  });
}

/** The rules that a synapse model derives from its energy. */
function rulesOf(name: string, { pull, contrast }: SynapseModel): [string, Rule][] {
  const contrasts = Object.entries(contrast).map(([variable, rule]) => [
    `${name}: contrast of ${variable}`,
    rule,
  ]);
  return [[`${name}: pull`, pull], ...(contrasts as [string, Rule][])];
}

/** A penalty of a user's own, with all that a penalty may hold: kinks, powers, functions, a third slow variable. */
export const userSynapse = defineSynapse({
  fast: 'phi',
  meta: ['omega', 'lambda', 'rho'],
  penalty:
    'max(lambda, 0.1) * (phi - omega)^2 / 2 + rho * abs(phi) + tanh(phi * rho)^2 + exp(-rho^2) * sqrt(1 + phi^2) ' +
    '+ log(1 + lambda^2) * pow(1 + phi^2, 1.5) + min(rho, 2) * sign(omega) * phi^3',
});

/** All rules that the library comes with, and those of a user's penalty. */
export const everyRule: readonly (readonly [name: string, rule: Rule])[] = [
  ...rulesOfFolder(),
  ...rulesOf('a user penalty', userSynapse),
  ['a chain: flow', chainSynapse({ length: 3 }).flow!.rule],
];

/** Legal values of the scalars that the rules read. */
export const scalars = {
  rate: 0.05,
  decay: 0.9,
  firstDecay: 0.9,
  secondDecay: 0.999,
  firstCorrection: 1 / (1 - 0.9 ** 3),
  secondCorrection: 1 / (1 - 0.999 ** 3),
  epsilon: 1e-8,
  coefficient: 10,
  weight: 0.7,
  images: 32,
  memory: 1000,
  priorMean: 0.1,
  priorSigma: 0.5,
  share: 0.01,
  strength: 2,
  damping: 0.1,
  nudge: 0.3,
} as const;

/** Quantities that are never negative: `value` only where its logarithm is taken. */
export const positive = (rule: Rule, quantity: string): boolean =>
  ['secondMoment', 'lambda', 'sigma', 'importance'].includes(quantity) ||
  (quantity === 'value' && rule.name === 'to log');

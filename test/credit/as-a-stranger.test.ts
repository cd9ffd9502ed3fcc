import { z } from 'zod';
import { InputError } from '../../src/core/errors';
import type { Engine } from '../../src/engine/engine';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { simdEngine } from '../../src/engine/simd/simd-engine';
import { creditWords } from '../../src/network/credit/credit-words';
import { creditNamed, registerCredit } from '../../src/network/credit/credits';
import { dualPropagation } from '../../src/network/credit/dual';
import { feedbackAlignment } from '../../src/network/credit/random-feedback';
import { mlp } from '../../src/network/mlp';
import { defineSynapse } from '../../src/synapse/model';
import { defineRule, isSameRule } from '../../src/synapse/rule';
import { dualCreditRule } from '../../src/synapse/rules/credit';

const engines: [string, () => Engine][] = [
  ['reference', () => referenceEngine],
  ['simd', () => simdEngine()],
];

/** The rule as another copy of the package has it. */
const again = (rule: typeof dualCreditRule) =>
  defineRule(rule.name, Object.fromEntries(rule.steps.map(({ writes, kernel }) => [writes, kernel.source])));

const synapseWith = (one: string, other: string) =>
  defineSynapse({
    fast: 'phi',
    meta: { [one]: {}, [other]: { initial: 0.5, nonNegative: true } },
    anchor: one,
    penalty: `${other} * (phi - ${one})^2 / 2`,
  });

describe('a source of credit in other hands', () => {
  it('is the same with a rule of the same text, as another copy of the package makes it', async () => {
    const rule = again(dualCreditRule);
    expect(rule).not.toBe(dualCreditRule);
    expect(isSameRule(rule, dualCreditRule)).toBe(true);
    const network = mlp([2, 3, 1], {
      synapse: synapseWith('omega', 'lambda'),
      credit: { ...dualPropagation(), rule },
    });
    const session = await simdEngine().open(network);
    await session.close();
    expect(creditWords(network.credit)).toBe('dual');
  });

  it.each(engines)(
    'does not mind variables of synapses that its rule does not read: %s',
    async (_, engine) => {
      const network = mlp([2, 3, 1], { synapse: synapseWith('pre', 'error'), credit: dualPropagation() });
      const session = await engine().open(network);
      await session.close();
    },
  );

  it.each(engines)('refuses one that its rule would take for what a neuron does: %s', async (_, engine) => {
    const network = mlp([2, 3, 1], { synapse: synapseWith('omega', 'pre'), credit: feedbackAlignment() });
    const opened = engine().open(network);
    await expect(opened).rejects.toThrow(InputError);
    await expect(opened).rejects.toThrow(/"pre".*another name/);
  });

  it('has words where its settings stand in it, and none where they do not', () => {
    const settings = z.strictObject({ gain: z.number().default(1) });
    const make = ({ gain }: z.output<typeof settings>) => ({
      ...dualPropagation(),
      kind: 'gain-feedback',
      numbers: { nudge: gain },
    });
    registerCredit('gain-feedback', { summary: 'one', settings, make });
    expect(creditWords(creditNamed('gain-feedback:gain=0.5'))).toBeNull();
    expect(creditWords(creditNamed('dual:nudge=0.5'))).toBe('dual:nudge=0.5');
  });

  it('has each setting once, and no name that means something else', () => {
    expect(() => creditNamed('dual:nudge=0.1:nudge=0.7')).toThrow(/"nudge" is set twice/);
    for (const word of ['all', 'activity'])
      expect(() =>
        registerCredit(word, { summary: 'one', settings: z.strictObject({}), make: () => dualPropagation() }),
      ).toThrow(/taken/);
  });
});

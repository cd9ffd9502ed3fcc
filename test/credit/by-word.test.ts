import { z } from 'zod';
import { InputError } from '../../src/core/errors';
import { describe as described, originOf } from '../../src/core/origin';
import { remake } from '../../src/core/remake';
import { creditedEngine } from '../../src/engine/credited-engine';
import type { Engine } from '../../src/engine/engine';
import { OpenedSessions } from '../../src/engine/opened-sessions';
import { referenceEngine } from '../../src/engine/reference/reference-engine';
import { byCredit } from '../../src/few-shot/by-credit';
import { contrastiveMethod } from '../../src/few-shot/methods/contrastive-method';
import { mamlMethod } from '../../src/few-shot/methods/unrolled-methods';
import { creditNamed, creditNames, registerCredit } from '../../src/network/credit/credits';
import { dualPropagation } from '../../src/network/credit/dual';
import type { EquilibriumCredit } from '../../src/network/credit/equilibrium';
import { withCredit } from '../../src/network/network';
import { chainProblem } from './problems';

describe('a source of credit by its word', () => {
  it('has its settings behind it', () => {
    const credit = creditNamed(
      'equilibrium:nudge=0.05:sweeps=40:order=synchronous:dt=null',
    ) as EquilibriumCredit;
    expect(credit).toMatchObject({
      kind: 'equilibrium',
      nudge: 0.05,
      sweeps: 40,
      order: 'synchronous',
      dt: null,
    });
  });

  it.each(creditNames())('needs none: %s', (name) => {
    expect(creditNamed(name)).toMatchObject({ kind: name });
  });

  it.each([
    ['equilibrum', /no such source of credit.*"equilibrum".*Did you mean "equilibrium"/],
    ['dual:sweeps=0', /sweeps.*dual/],
    ['dual:nudges=1', /"nudges".*Did you mean "nudge"/],
    ['dual:nudge', /NAME:SETTING=VALUE/],
    ['constructor', /no such source/],
    ['', /no such source/],
  ])('is refused where it is not legal: %s', (words, message) => {
    expect(() => creditNamed(words)).toThrow(InputError);
    expect(() => creditNamed(words)).toThrow(message);
  });

  it('draws its fixed feedback by the seed of the run', () => {
    expect(creditNamed('feedback-alignment', 7)).toMatchObject({ seed: 7 });
  });

  it('can be one of a user own, which is then among the words', () => {
    const settings = z.strictObject({ nudge: z.number().default(0.2) });
    registerCredit('half-dual', {
      summary: 'half of it',
      settings,
      make: ({ nudge }: z.output<typeof settings>) => dualPropagation({ nudge: nudge / 2 }),
    });
    expect(creditNames()).toContain('half-dual');
    expect(creditNamed('half-dual:nudge=0.1')).toMatchObject({ kind: 'dual', nudge: 0.05 });
    expect(() => registerCredit('dual', { summary: 'x', settings, make: () => dualPropagation() })).toThrow(
      /taken/,
    );
  });
});

describe('an engine with a source of credit', () => {
  const { network, phi, batch } = chainProblem({ widths: [2, 3, 1], before: ['none', 'tanh'] });
  const gradient = async (engine: Engine, of = network) => {
    const session = await engine.open(of);
    await session.write('phi', phi);
    const result = await session.gradient(batch);
    await session.close();
    return result;
  };

  it('gives any network that credit, whoever remembers its sessions', async () => {
    const credit = dualPropagation({ nudge: 0.5 });
    const right = await gradient(referenceEngine, withCredit(network, credit));
    expect(right).not.toEqual(await gradient(referenceEngine));
    const engine = creditedEngine(referenceEngine, credit);
    expect(await gradient(engine)).toEqual(right);
    const opened = new OpenedSessions(engine, 'The test');
    expect(opened.engine.credit).toBe(credit);
    expect(await gradient(opened.engine)).toEqual(right);
  });

  it('can be made again by its description, as in another thread', async () => {
    const engine = creditedEngine(referenceEngine, creditNamed('dual:nudge=0.5'));
    expect(originOf(engine)).toBeDefined();
    const again = (await remake(JSON.parse(JSON.stringify(described(engine, 'engine'))))) as Engine;
    expect(again).not.toBe(engine);
    expect(await gradient(again)).toEqual(await gradient(engine));
  });
});

describe('methods by several sources of credit', () => {
  const labels = (methods: Parameters<typeof byCredit>[0], credit: string, isCompared = false) =>
    byCredit(methods, credit, isCompared).map(({ label }) => label);

  it('are called by what differs', () => {
    const two = [contrastiveMethod, mamlMethod];
    expect(labels(two, 'dual')).toEqual(['contrastive', 'maml']);
    expect(labels([contrastiveMethod], 'backprop,dual:nudge=0.2')).toEqual(['backprop', 'dual:nudge=0.2']);
    expect(labels(two, 'backprop,dual')).toEqual([
      'contrastive by backprop',
      'contrastive by dual',
      'maml by backprop',
      'maml by dual',
    ]);
    expect(labels([contrastiveMethod], 'dual', true)).toEqual(['dual']);
  });

  it('are each named once', () => {
    expect(() => labels([contrastiveMethod], 'dual,dual')).toThrow(/twice/);
  });
});

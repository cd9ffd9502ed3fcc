import { z } from 'zod';
import { InputError } from '../../src/core/errors';
import { formatPath, validate } from '../../src/core/validate';

const phase = z.strictObject({
  optimizer: z.enum(['sgd', 'adam', 'nesterov']).default('sgd'),
  rate: z.number().positive(),
  steps: z.int().min(1).max(1000),
});
const schema = z.strictObject({
  name: z.string(),
  free: phase,
  nudged: phase.prefault({ rate: 0.1, steps: 10 }),
  layers: z.array(z.strictObject({ inputs: z.int(), bias: z.boolean().optional() })).min(1),
  seed: z.number().nullable().default(null),
  watched: z.strictObject({ synapse: z.int(), every: z.int() }).nullable().optional(),
  y: z.union([z.array(z.number()), z.array(z.array(z.number()))]).default([]),
  kind: z.literal('complex').default('complex'),
  meta: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('sgd'), rate: z.number() }),
      z.strictObject({ type: z.literal('adam'), rate: z.number() }),
    ])
    .optional(),
});
const legal = { name: 'a', free: { rate: 0.1, steps: 3 }, layers: [{ inputs: 2 }] };

const refusal = (value: unknown): InputError => {
  try {
    validate(schema, value, 'problem.json');
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('it was accepted');
};

describe('what is legal', () => {
  it('comes back with its defaults filled in', () => {
    expect(validate(schema, legal, 'problem.json')).toEqual({
      ...legal,
      free: { optimizer: 'sgd', rate: 0.1, steps: 3 },
      nudged: { optimizer: 'sgd', rate: 0.1, steps: 10 },
      seed: null,
      y: [],
      kind: 'complex',
    });
  });

  it('is left unchanged in the hands of the caller', () => {
    const given = structuredClone(legal);
    validate(schema, given, 'problem.json');
    expect(given).toEqual(legal);
  });
});

describe('an unknown key is refused', () => {
  it.each<[string, unknown, string, string | null]>([
    ['at the root', { ...legal, nam: 1 }, 'nam', 'name'],
    ['in an object', { ...legal, free: { ...legal.free, step: 3 } }, 'free.step', 'steps'],
    ['in one with defaults', { ...legal, nudged: { ...legal.free, rat: 1 } }, 'nudged.rat', 'rate'],
    [
      'in an array',
      { ...legal, layers: [{ inputs: 2 }, { inputs: 2, bais: true }] },
      'layers[1].bais',
      'bias',
    ],
    [
      'in one that may be null',
      { ...legal, watched: { synapse: 1, every: 1, evry: 2 } },
      'watched.evry',
      'every',
    ],
    ['in one of two forms', { ...legal, meta: { type: 'sgd', rate: 1, rat: 2 } }, 'meta.rat', 'rate'],
    ['that resembles nothing', { ...legal, zzzzzzzzzz: 1 }, 'zzzzzzzzzz', null],
  ])('%s, with its whole path and the nearest legal key', (_, value, path, nearest) => {
    const { message } = refusal(value);
    expect(message).toContain(`There is no setting "${path}" in problem.json`);
    if (nearest === null) expect(message).not.toContain('Did you mean');
    else expect(message).toContain(`Did you mean "${nearest}"?`);
  });

  it('together with all that are legal there', () => {
    const { report } = refusal({ ...legal, free: { ...legal.free, step: 3 } });
    expect(report).toMatchObject({ got: 'step', legal: 'optimizer, rate, steps' });
  });
});

describe('a value is refused', () => {
  const free = (part: object) => ({ ...legal, free: { ...legal.free, ...part } });
  it.each<[string, unknown, RegExp]>([
    ['NaN', free({ rate: Number.NaN }), /^free\.rate in problem\.json .*Got NaN\. Legal: a finite number/],
    ['infinite', free({ rate: Infinity }), /^free\.rate in .*Got Infinity\. Legal: a finite number/],
    ['a text for a number', free({ rate: '0.1' }), /^free\.rate in .*Got "0\.1"\. Legal: a finite number/],
    ['null for a number', free({ rate: null }), /^free\.rate in .*Got null/],
    ['a fraction for a whole number', free({ steps: 1.5 }), /^free\.steps in .*Got 1\.5/],
    ['too small', free({ steps: 0 }), /^free\.steps in .*Got 0\. Legal: at least 1\./],
    ['too big', free({ steps: 1001 }), /^free\.steps in .*Got 1001\. Legal: at most 1000\./],
    ['not above its bound', free({ rate: 0 }), /^free\.rate in .*Got 0\. Legal: more than 0\./],
    ['an empty list', { ...legal, layers: [] }, /^layers in .*Legal: at least 1 entries/],
    ['a list for an object', { ...legal, free: [] }, /^free in problem\.json must be an object/],
    ['another literal', { ...legal, kind: 'simple' }, /^kind in .*Got "simple"\. Legal: complex/],
    ['deep in a list', { ...legal, layers: [{ inputs: 'x' }] }, /^layers\[0\]\.inputs in .*Got "x"/],
    ['no object at all', 7, /^problem\.json must be an object.*Got 7/],
    ['null at the root', null, /^problem\.json must be an object.*Got null/],
  ])('that is %s', (_, value, message) => {
    expect(refusal(value).message).toMatch(message);
    expect(refusal(value).exitCode).toBe(2);
  });

  it('with the nearest of its choices', () => {
    expect(refusal(free({ optimizer: 'Adm' })).message).toMatch(
      /^free\.optimizer in .*Got "Adm"\. Legal: sgd, adam, nesterov\. Did you mean "adam"\?$/,
    );
  });

  it('at its own place where either of two forms would do', () => {
    expect(refusal({ ...legal, y: [1, 2, Number.NaN] }).message).toMatch(
      /^y\[2\] in .*Got NaN\. Legal: a finite/,
    );
    expect(refusal({ ...legal, y: [[1], [2, Infinity]] }).message).toMatch(/^y\[1\]\[1\] in .*Got Infinity/);
  });

  it('as a whole where none of several forms fits at all', () => {
    expect(refusal({ ...legal, y: 'none' }).message).toMatch(/^y in problem\.json is not legal.*Got "none"/);
    expect(refusal({ ...legal, meta: { type: 'lion', rate: 1 } }).message).toMatch(
      /^meta\.type in .*Got "lion"/,
    );
  });

  it('inside the form that its type chooses', () => {
    expect(refusal({ ...legal, meta: { type: 'sgd', rate: 'x' } }).message).toMatch(
      /^meta\.rate in .*Got "x"/,
    );
  });
});

describe('what is missing', () => {
  it.each<[string, unknown, RegExp]>([
    [
      'a number',
      { ...legal, free: { steps: 1 } },
      /^free\.rate in problem\.json is missing\. Legal: a finite number/,
    ],
    [
      'an object',
      { name: 'a', layers: legal.layers },
      /^free in problem\.json is missing\. Legal: an object/,
    ],
    ['everything', undefined, /^problem\.json is missing/],
  ])('is said to be missing: %s', (_, value, message) => {
    expect(refusal(value).message).toMatch(message);
  });
});

test('a path prints as one would write it in code', () => {
  expect(formatPath(['model', 'layers', 0, 'type'])).toBe('model.layers[0].type');
  expect(formatPath([0, 1])).toBe('[0][1]');
  expect(formatPath([])).toBe('');
});

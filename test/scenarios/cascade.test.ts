import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { lawOf } from '../../scenarios/cascade/forgetting';
import { Pair } from '../../scenarios/cascade/pair';
import { command, onlyRun } from '../cli/command';
import { bytes } from '../resume/bytes';

const runs = fs.mkdtempSync(path.join(os.tmpdir(), 'metaplast-cascade-'));
afterAll(() => fs.rmSync(runs, { recursive: true, force: true }));

interface Chain {
  readonly variables: number;
  readonly law: NonNullable<ReturnType<typeof lawOf>>;
  readonly signal: Readonly<Record<string, number>>;
}

describe('memories written one after another', () => {
  let chains: readonly Chain[];
  beforeAll(async () => {
    const settings = ['lengths=[1,2,4,8]', 'memories=300', 'synapses=6', 'steps=6'];
    const argv = ['--quiet', '--json', '--runs', runs, ...settings.flatMap((one) => ['--set', one])];
    const { status, out } = await command('run', 'cascade', ...argv);
    expect(status).toBe(0);
    chains = JSON.parse(out).chains;
  });

  test('fade exponentially in synapses with one slow variable, by its coupling a memory', () => {
    const { law } = chains[0]!;
    expect(law.kind).toBe('exponential in age');
    // What the writing of others takes is 1e-5 of its share a memory.
    expect(1 - Math.exp(-law.rate)).toBeCloseTo(0.125, 4);
  });

  test('fade in a chain of eight as age to the power -1/2, from age 8 on', () => {
    const { law } = chains[3]!;
    expect(law.kind).toBe('power of age');
    // Benna and Fusi: -1/2 between the times of the first and the last variable; near the first it is not yet straight.
    expect(Math.abs(law.power + 0.5)).toBeLessThan(0.05);
  });

  test('last the longer, the longer the chain', () => {
    for (const age of ['49', '100', '205']) {
      const signals = chains.map(({ signal }) => signal[age]!);
      expect(signals).toEqual([...signals].sort((a, b) => a - b));
    }
  });

  test('are as a chain’s own equations say, which are iterated here by hand', () => {
    const { signal } = chains[1]!;
    let [first, second] = [1, 0];
    const flow = () => {
      [first, second] = [first + (second - first) / 8, second + (first - second) / 16 - second / 32];
    };
    flow(); // What is written flows with the meta-step that writes it.
    const written = first;
    for (let age = 1; age <= 100; age++) {
      flow();
      // At a rate of 1e-5, each memory takes some 2e-6 of those before.
      if (signal[age] !== undefined) expect(signal[age]! / (first / written)).toBeCloseTo(1, 3);
    }
  });
});

test.each([
  ['a power of age', (age: number) => 2 * age ** -0.7, { kind: 'power of age', power: -0.7 }],
  ['an exponential', (age: number) => 3 * Math.exp(-0.05 * age), { kind: 'exponential in age', rate: 0.05 }],
])('the law of forgetting is read off where it is %s', (_, signal, expected) => {
  const found = lawOf(
    { length: 1, signal: Array.from({ length: 200 }, (_, age) => signal(age)), spread: [] },
    5,
  )!;
  expect(found.kind).toBe(expected.kind);
  for (const [name, value] of Object.entries(expected))
    if (typeof value === 'number') expect(found[name as 'power' | 'rate']).toBeCloseTo(value, 6);
});

test('a cascade that fails in its midst is resumed to the same numbers', async () => {
  const argv = [
    'run',
    'cascade',
    '--preset',
    'smoke',
    '--set',
    'memories=12',
    '--quiet',
    '--checkpoint-every',
    '1',
    '--name',
    'same',
  ];
  const [whole, broken] = [path.join(runs, 'whole'), path.join(runs, 'broken')];
  expect(await command(...argv, '--runs', whole)).toMatchObject({ status: 0 });
  let left = 17; // in the second chain
  const original = Pair.prototype.write;
  Pair.prototype.write = function (age) {
    if (left-- === 0) throw new Error('once');
    return original.call(this, age);
  };
  try {
    expect(await command(...argv, '--runs', broken)).toMatchObject({ status: 1 });
  } finally {
    Pair.prototype.write = original;
  }
  expect(await command('resume', onlyRun(broken), '--quiet')).toMatchObject({ status: 0 });
  expect(bytes(onlyRun(broken))).toEqual(bytes(onlyRun(whole)));
});

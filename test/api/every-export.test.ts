import * as metaplast from '../../src';
import { misuses, outcome } from './bad-values';
import { calls, prepare, removeFolder } from './calls';

/** What the library exports to be called; errors are thrown, not made, by its users. */
const callable = Object.entries(metaplast).flatMap(([name, value]) => {
  const isError = typeof value === 'function' && value.prototype instanceof Error;
  return typeof value === 'function' && !isError ? [name] : [];
});

beforeAll(prepare);
afterAll(removeFolder);

it('everything that the library exports is called here', () => {
  expect(Object.keys(calls).sort()).toEqual([...callable].sort());
});

describe.each(Object.entries(calls))('%s', (_name, { call, args }) => {
  it('takes what is right', async () => {
    expect(await outcome(call, args())).toBe('accepted');
  });

  it('takes anything else with a typed error or none', async () => {
    const bare: string[] = [];
    for (const { told, args: wrong } of misuses(args())) {
      const ended = await outcome(call, wrong);
      if (ended instanceof Error) bare.push(`${told}: ${ended.message}`);
    }
    expect(bare).toEqual([]);
  });
});

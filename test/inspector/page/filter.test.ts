import { filterOf, wordsOf } from '../../../src/inspector/page/run-list/filter';
import type { RunRow } from '../../../src/inspector/protocol/runs';
import { runRow } from './run-row';

const rows = [
  runRow('boston-a', {
    settings: { beta: 0.1, 'free.rate': 0.05, learn: 'lambda' },
    results: { 'heldOut.after': 0.3 },
  }),
  runRow('boston-b', { settings: { beta: 0.01, 'free.rate': 0.05, learn: 'omega' }, state: 'running' }),
  runRow('sine c', {
    scenario: 'sinusoid',
    settings: { 'contrastive.beta': 0.3 },
    results: { 'heldOut.after': 2 },
  }),
  runRow('gone', { scenario: null, state: 'broken', problem: 'config.json is missing' }),
];
const names = ['beta', 'free.rate', 'learn', 'contrastive.beta', 'heldOut.after'];
const found = (words: string, of: readonly RunRow[] = rows) =>
  of.filter(filterOf(words, names).matches).map(({ id }) => id);

describe('the filter of runs', () => {
  it('lets all through that says nothing', () => expect(found('  ')).toHaveLength(4));

  it('looks for words in all that a run is called and set to, however they are written', () => {
    expect(found('BOSTON')).toEqual(['boston-a', 'boston-b']);
    expect(found('learn=omega')).toEqual(['boston-b']);
    expect(found('missing')).toEqual(['gone']);
    expect(found('"sine c"')).toEqual(['sine c']);
  });

  it('asks for every word', () => expect(found('boston state=running')).toEqual(['boston-b']));

  it('compares numbers, of the setting of that very name where there is one', () => {
    expect(found('beta>0.05')).toEqual(['boston-a']);
    expect(found('beta<=0.1')).toEqual(['boston-a', 'boston-b']);
    expect(found('contrastive.beta>=0.3')).toEqual(['sine c']);
  });

  it('takes a name for every path that ends in it', () => {
    expect(found('after<1')).toEqual(['boston-a']);
    expect(found('rate=0.05')).toEqual(['boston-a', 'boston-b']);
  });

  it('has states and scenarios, equal or not, and the contrary of a word', () => {
    expect(found('state=broken')).toEqual(['gone']);
    expect(found('scenario!=boston')).toEqual(['sine c', 'gone']);
    expect(found('-boston')).toEqual(['sine c', 'gone']);
    expect(found('-state=broken boston')).toEqual(['boston-a', 'boston-b']);
    expect(found('scenario:sin')).toEqual(['sine c']);
  });

  it('compares numbers as numbers: 0.10 is 0.1, and 1e-2 is 0.01', () => {
    expect(found('beta=0.10')).toEqual(['boston-a']);
    expect(found('beta=1e-2')).toEqual(['boston-b']);
  });

  it('says what it cannot meet', () => {
    expect(filterOf('bta>1', names).problems).toEqual(['No run has a setting or result called bta.']);
    expect(filterOf('beta>small', names).problems).toEqual([
      'beta>small: > is for numbers, and small is none.',
    ]);
    expect(filterOf('beta>0.1 boston', names).problems).toEqual([]);
  });

  it('reads words between quotes as one', () => {
    expect(wordsOf('a "b c" d:"e f" "open end')).toEqual(['a', 'b c', 'd:e f', 'open end']);
  });
});

import fc from 'fast-check';
import { columnBy, differing, informative, setting } from '../../../src/inspector/page/run-list/columns';
import { linesOf } from '../../../src/inspector/page/run-list/list';
import { merged } from '../../../src/inspector/page/run-list/merge';
import { isPicked, pickedRows, withPicks } from '../../../src/inspector/page/run-list/picks';
import type { StudyRow } from '../../../src/inspector/protocol/runs';
import { runRow } from './run-row';

const study: StudyRow = {
  id: 'sweep',
  kind: 'sweep',
  scenario: 'boston',
  problem: null,
  command: null,
  trials: 2,
  standing: { ended: 2 },
};
const rows = [
  runRow('s10', { settings: { beta: 0.3, hidden: 20 }, results: { loss: 2, size: 5 } }),
  runRow('s2', { settings: { beta: 0.1, hidden: 20 }, results: { loss: 1, size: 5, words: 'good' } }),
  runRow('s3', { settings: { hidden: 20 }, results: { other: 3 } }),
  runRow('t1', { study: 'sweep', settings: { beta: 1 } }),
  runRow('t2', { study: 'sweep', settings: { beta: 0.5 } }),
];
const options = {
  matches: (_row: { id: string }) => true,
  filtered: false,
  order: { column: columnBy('id')!, descending: false },
  open: new Set<string>(),
};
const ids = (given: Partial<typeof options>) =>
  linesOf(rows, new Map([[study.id, study]]), { ...options, ...given }).map(({ id }) => id);

describe('lines of the table of runs', () => {
  it('folds the trials of a study into it, and sorts numbers in words by their size', () => {
    expect(ids({})).toEqual(['sweep', 's2', 's3', 's10']);
  });

  it('has the trials below an open study, in the order asked for', () => {
    const order = { column: setting('beta'), descending: false };
    expect(ids({ open: new Set(['sweep']), order })).toEqual(['sweep', 't2', 't1', 's2', 's10', 's3']);
  });

  it('sorts what is missing last, from either end', () => {
    expect(ids({ order: { column: setting('beta'), descending: true } }).at(-1)).toBe('s3');
  });

  it('leaves out a study of whose trials none is let through, once something is filtered', () => {
    const matches = ({ id }: { id: string }) => id === 's2';
    expect(ids({ matches })).toEqual(['sweep', 's2']);
    expect(ids({ matches, filtered: true })).toEqual(['s2']);
  });

  it('shows a trial whose study is not known by itself', () => {
    const lines = linesOf([runRow('x', { study: 'elsewhere' })], new Map(), options);
    expect(lines).toMatchObject([{ kind: 'run', id: 'x', trial: false }]);
  });
});

describe('columns', () => {
  it('are the settings that differ', () => expect(differing(rows)).toEqual(['beta']));

  it('are the results of numbers that most runs have, and that are not the same in all', () => {
    expect(informative(rows, 4)).toEqual(['loss']);
  });
});

describe('picks', () => {
  it('are those picked and not let go again, however all and single ones follow one another', () => {
    const names = ['a', 'b', 'c'];
    const step = fc.record({ id: fc.constantFrom(...names, '*'), on: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let picks: readonly string[] = [];
        let expected = new Set<string>();
        for (const { id, on } of steps) {
          if (id === '*') {
            picks = on ? ['*'] : [];
            expected = new Set(on ? names : []);
          } else {
            picks = withPicks(picks, [id], on);
            if (on) expected.add(id);
            else expected.delete(id);
          }
        }
        expect(names.filter(isPicked(picks))).toEqual(names.filter((id) => expected.has(id)));
      }),
    );
  });

  it('of all are those that the filter lets through; single ones stay whatever is typed', () => {
    const onlyS2 = ({ id }: { id: string }) => id === 's2';
    expect(pickedRows(['*'], rows, onlyS2).map(({ id }) => id)).toEqual(['s2']);
    expect(pickedRows(['s3'], rows, onlyS2).map(({ id }) => id)).toEqual(['s3']);
  });
});

describe('events of the list', () => {
  const before = new Map([['a', { id: 'a', at: 1 }]]);

  it('change, add and remove', () => {
    const next = merged(before, [{ id: 'b', at: 2 }], { all: false, gone: ['a'] });
    expect([...next.keys()]).toEqual(['b']);
  });

  it('replace everything where they say so', () => {
    expect([...merged(before, [], { all: true }).keys()]).toEqual([]);
  });

  it('leave the very list where nothing is new, so that nothing is drawn again', () => {
    expect(merged(before, [], { all: false })).toBe(before);
  });
});

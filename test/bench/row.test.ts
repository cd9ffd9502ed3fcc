import { exitCodeOf, judge, type Row } from './row';

const row = (work: string, ratio: number | null, goal: number): Row => ({
  ...{ work, shapes: '10 samples', ours: '1 ms', peer: '2 ms', ratio, goal },
});
const [met, exactly, missed, notJudged, broken] = [
  row('met', 16, 15),
  row('exactly met', 15, 15),
  row('missed', 14.9, 15),
  row('without a peer', null, 15),
  row('broken', Number.NaN, 15),
];

describe('the verdict on rows of the benchmark', () => {
  it('names the rows that are below their goal, with their shapes', () => {
    expect(judge([met, missed]).missed).toEqual(['missed, 10 samples']);
  });

  it('counts a ratio that is no number as missed', () => {
    expect(judge([broken]).missed).toEqual(['broken, 10 samples']);
  });

  it('tells rows that nothing was measured beside from those that miss', () => {
    expect(judge([met, notJudged])).toEqual({ missed: [], notJudged: ['without a peer, 10 samples'] });
  });
});

describe('the exit code under --assert', () => {
  it.each([
    [0, 'every goal is met', [met, exactly]],
    [1, 'one goal of several is missed', [met, missed, exactly]],
    [1, 'a goal could not be judged', [met, notJudged]],
    [1, 'a ratio is no number', [met, broken]],
  ] as const)('is %i where %s', (code, _, rows) => {
    expect(exitCodeOf(judge(rows))).toBe(code);
  });
});

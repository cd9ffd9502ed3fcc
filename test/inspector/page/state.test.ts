import fc from 'fast-check';
import { count, listOf, number, oneOf, text, yesOrNo } from '../../../src/inspector/page/state/codec';
import { openState } from '../../../src/inspector/page/state/url-state';

/** A history such as a browser has, kept in an array. */
function historyAt(query: string) {
  const entries = [query];
  let at = 0;
  let listener = () => {};
  const place = {
    query: () => entries[at]!,
    write: (next: string, how: 'push' | 'replace') => {
      if (how === 'replace') entries[at] = next;
      else entries.splice(++at, entries.length, next);
    },
    onBackOrForward: (heard: () => void) => {
      listener = heard;
    },
  };
  const move = (by: number) => {
    at += by;
    listener();
  };
  return { place, entries, back: () => move(-1), forward: () => move(1) };
}

describe('the state in the address', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('is honoured as the page is loaded', () => {
    const { place } = historyAt('?row=7&run=a%2Fb%20c&picked=x%252Cy,z');
    const state = openState(place);
    expect(state.parameter('row', count, 0).value).toBe(7);
    expect(state.parameter('run', text, '').value).toBe('a/b c');
    expect(state.parameter<readonly string[]>('picked', listOf(text), []).value).toEqual(['x,y', 'z']);
  });

  it('goes to another place with an entry to go back from, and back and forward lead between the two', () => {
    const { place, entries, back, forward } = historyAt('');
    const state = openState(place);
    const row = state.parameter('row', count, 0);
    row.go(3);
    expect(entries).toEqual(['', '?row=3']);
    back();
    expect(row.value).toBe(0);
    forward();
    expect(row.value).toBe(3);
  });

  it('slides without entries, shows each value at once, and writes the last soon after', () => {
    const { place, entries } = historyAt('');
    const write = jest.spyOn(place, 'write');
    const row = openState(place).parameter('row', count, 0);
    for (let i = 1; i <= 100; i++) row.slide(i);
    expect(row.value).toBe(100);
    expect(write).not.toHaveBeenCalled();
    jest.runAllTimers();
    expect(entries).toEqual(['?row=100']);
    expect(write).toHaveBeenCalledTimes(1);
  });

  it('writes what slid last before it goes elsewhere, so that back leads there', () => {
    const { place, entries, back } = historyAt('');
    const state = openState(place);
    const [row, view] = [state.parameter('row', count, 0), state.parameter('view', text, 'runs')];
    row.slide(5);
    view.go('run');
    expect(entries).toEqual(['?row=5', '?row=5&view=run']);
    back();
    expect([row.value, view.value]).toEqual([5, 'runs']);
    jest.runAllTimers();
    expect(entries).toEqual(['?row=5', '?row=5&view=run']);
  });

  it('changes several at once in one entry, leaves others as they are, and away what is meant without them', () => {
    const { place, entries } = historyAt('?token=abc&row=4');
    const state = openState(place);
    const [row, view] = [state.parameter('row', count, 0), state.parameter('view', text, 'runs')];
    state.go([row.to(0), view.to('run')]);
    expect(entries.at(-1)).toBe('?token=abc&view=run');
    expect(state.address([view.to('runs')])).toBe('?token=abc');
  });

  it('makes no entry where nothing changes', () => {
    const { place, entries } = historyAt('?row=4');
    openState(place).parameter('row', count, 0).go(4);
    expect(entries).toEqual(['?row=4']);
  });

  it('says what is not legal in it, and shows what is meant without it', () => {
    const state = openState(historyAt('?row=minus&theme=red').place);
    const row = state.parameter('row', count, 0);
    state.parameter('theme', oneOf('light', 'dark'), 'light');
    expect(row.value).toBe(0);
    expect(state.refused.value).toEqual([
      'The address asks for row=minus, which is not legal (a whole number from 0 on).',
      'The address asks for theme=red, which is not legal (light, dark).',
    ]);
  });

  it('reads every value as it was written', () => {
    const { place } = historyAt('');
    const state = openState(place);
    const values = {
      words: state.parameter('words', text, ''),
      whole: state.parameter('whole', count, 0),
      real: state.parameter('real', number, 0),
      yes: state.parameter('yes', yesOrNo, false),
      list: state.parameter<readonly string[]>('list', listOf(text), ['one']),
    };
    const any = fc.record({
      words: fc.string({ unit: 'binary' }),
      whole: fc.nat(),
      real: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
      yes: fc.boolean(),
      // A list of one empty text is written as no text at all.
      list: fc.array(fc.string()).filter((list) => list.length !== 1 || list[0] !== ''),
    });
    fc.assert(
      fc.property(any, ({ words, whole, real, yes, list }) => {
        state.slide([
          values.words.to(words),
          values.whole.to(whole),
          values.real.to(real),
          values.yes.to(yes),
          values.list.to(list),
        ]);
        expect({
          words: values.words.value,
          whole: values.whole.value,
          real: values.real.value + 0,
          yes: values.yes.value,
          list: values.list.value,
        }).toEqual({ words, whole, real: real + 0, yes, list });
      }),
    );
  });
});

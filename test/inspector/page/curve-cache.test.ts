import {
  awaited,
  cachedCurves,
  curvesProblem,
  needCurves,
} from '../../../src/inspector/page/run-list/curve-cache';
import { runRow } from './run-row';

/** A server that answers when it is let, and says what it was asked. */
function slowServer() {
  const asked: string[][] = [];
  const answers: (() => void)[] = [];
  global.fetch = (async (address: string) => {
    const search = new URL(address, 'http://page').searchParams;
    asked.push(search.getAll('id'));
    await new Promise<void>((resolve) => answers.push(resolve));
    const metric = search.get('metric')!;
    const curves = search
      .getAll('id')
      .map((id) => ({ id, metric, by: 'line', group: null, x: [0], y: [asked.length] }));
    return new Response(JSON.stringify({ curves }));
  }) as typeof fetch;
  const answer = async () => {
    answers.shift()!();
    for (let i = 0; i < 10; i++) await new Promise(setImmediate);
  };
  return { asked, answer };
}

const runs = (count: number, changed: number) =>
  Array.from({ length: count }, (_, i) => runRow(`run ${i}`, { changed }));

describe('curves kept in the page', () => {
  const own = global.fetch;
  afterEach(() => {
    global.fetch = own;
  });

  it('are asked for in parts, each run once', async () => {
    const { asked, answer } = slowServer();
    const done = needCurves('a', runs(60, 1));
    for (let i = 0; i < 3; i++) await answer();
    await done;
    expect(asked.map((ids) => ids.length)).toEqual([25, 25, 10]);
    await needCurves('a', runs(60, 1));
    expect(asked).toHaveLength(3);
    expect(cachedCurves('a', 'run 59')).toHaveLength(1);
    expect(awaited.value).toBe(0);
  });

  it('are asked for evenly thinned where a mean is of them, and kept beside the others', async () => {
    const { asked, answer } = slowServer();
    const [first, ...others] = runs(3, 1);
    const done = needCurves('thin', [first!, ...others], (id) => (id === first!.id ? 'extremes' : 'even'));
    await answer();
    await answer();
    await done;
    expect(asked).toEqual([[first!.id], others.map(({ id }) => id)]);
    expect(cachedCurves('thin', 'run 2')).toBeUndefined();
    expect(cachedCurves('thin', 'run 2', 'even')).toHaveLength(1);
    expect(cachedCurves('thin', 'run 0')).toHaveLength(1);
  });

  it('come though runs change more often than the server answers', async () => {
    const { asked, answer } = slowServer();
    const done = needCurves('b', runs(2, 1));
    for (let changed = 2; changed < 10; changed++) void needCurves('b', runs(2, changed));
    expect(asked).toHaveLength(1);
    await answer();
    expect(cachedCurves('b', 'run 1')).toBeDefined();
    await answer();
    await done;
    expect(asked).toHaveLength(2);
  });

  it('are given up where the server fails, with its words', async () => {
    global.fetch = async () => new Response(JSON.stringify({ what: 'No such run' }), { status: 404 });
    await needCurves('c', runs(1, 1));
    expect(curvesProblem.value).toEqual({ what: 'No such run' });
    expect(awaited.value).toBe(0);
  });
});

import fc from 'fast-check';
import { ClosedError } from '../../src/core/errors';
import { SerialQueue } from '../../src/core/serial-queue';

const open = () => new SerialQueue('The thing');

/** Work that notes its begin and its end, and takes so many turns of the microtask queue. */
function working(log: string[], name: string, turns: number, fails = false) {
  return async (): Promise<string> => {
    log.push(`begin ${name}`);
    for (let i = 0; i < turns; i++) await null;
    log.push(`end ${name}`);
    if (fails) throw new Error(name);
    return name;
  };
}

describe('a serial queue', () => {
  it('does one thing after the other, in the order asked for, however long each takes and whether or not it fails', async () => {
    const works = fc.array(fc.record({ turns: fc.nat(5), fails: fc.boolean(), pause: fc.nat(3) }), {
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(works, async (given) => {
        const queue = open();
        const log: string[] = [];
        const results: Promise<string>[] = [];
        for (const [i, { turns, fails, pause }] of given.entries()) {
          const result = queue.add('work', working(log, `${i}`, turns, fails));
          results.push(result.catch((error: Error) => `failed ${error.message}`));
          for (let k = 0; k < pause; k++) await null;
        }
        expect(await Promise.all(results)).toEqual(
          given.map(({ fails }, i) => (fails ? `failed ${i}` : `${i}`)),
        );
        expect(log).toEqual(given.flatMap((_, i) => [`begin ${i}`, `end ${i}`]));
      }),
    );
  });

  it('begins at once where nothing else is being done', async () => {
    const queue = open();
    const log: string[] = [];
    const first = queue.add('work', working(log, 'first', 1));
    expect(log).toEqual(['begin first']);
    expect(queue.busy).toBe(true);
    await first;
    expect(queue.busy).toBe(false);
    void queue.add('work', working(log, 'second', 0));
    expect(log.at(-1)).toBe('end second');
  });

  it('lets what a work asks for in its first line wait for the rest of it', async () => {
    const queue = open();
    const log: string[] = [];
    let inner: Promise<unknown> | null = null;
    await queue.add('work', async () => {
      inner = queue.add('work', working(log, 'inner', 0));
      await working(log, 'outer', 2)();
    });
    await inner;
    expect(log).toEqual(['begin outer', 'end outer', 'begin inner', 'end inner']);
  });

  it('closes when what was asked for before is over, refuses what comes after, and closes once', async () => {
    const queue = open();
    const log: string[] = [];
    const before = [
      queue.add('work', working(log, 'one', 3)),
      queue.add('work', working(log, 'two', 3, true)),
    ];
    const end = async (): Promise<void> => {
      log.push('closed');
    };
    const closing = queue.close(end);
    expect(queue.closed).toBe(true);
    const after = queue.add('work', working(log, 'three', 0));
    await expect(after).rejects.toThrow(ClosedError);
    await expect(after).rejects.toThrow(/^The thing is closed, so work\(\) is refused/);
    await Promise.allSettled(before);
    await Promise.all([closing, queue.close(end)]);
    expect(log).toEqual(['begin one', 'end one', 'begin two', 'end two', 'closed']);
  });
});

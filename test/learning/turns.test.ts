import { ClosedError, InputError, Interruption } from '../../src/core/errors';
import { outsideTurns, Turns } from '../../src/learning/turns';

/** Work that ends when it is told to, or when its signal is aborted. */
function held() {
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const work = (signal: AbortSignal): Promise<string> =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Interruption({ what: 'The run was interrupted' })));
      ended.then(() => resolve('done'));
    });
  return { work, end };
}

const nothing = async (): Promise<void> => {};

describe('turns', () => {
  it('follow each other', async () => {
    const turns = new Turns('The thing');
    const log: string[] = [];
    const turn = (name: string) =>
      turns.take(name, async () => {
        log.push(`begin ${name}`);
        await new Promise((resolve) => setTimeout(resolve, 1));
        log.push(`end ${name}`);
      });
    await Promise.all([turn('one'), turn('two')]);
    expect(log).toEqual(['begin one', 'end one', 'begin two', 'end two']);
  });

  it('are interrupted by the caller’s signal while they last, and do not begin behind it', async () => {
    const turns = new Turns('The thing');
    const controller = new AbortController();
    const going = turns.take('step', held().work, controller.signal);
    const waiting = turns.take('step', nothing, controller.signal);
    controller.abort();
    await expect(going).rejects.toThrow(Interruption);
    await expect(waiting).rejects.toThrow(/step\(\) was interrupted before it began/);
    await expect(turns.take('step', async () => 'goes on')).resolves.toBe('goes on');
  });

  it('leave nothing behind on the caller’s signal', async () => {
    const { signal } = new AbortController();
    const removed = jest.spyOn(signal, 'removeEventListener');
    const added = jest.spyOn(signal, 'addEventListener');
    const turns = new Turns('The thing');
    for (let i = 0; i < 3; i++) await turns.take('step', nothing, signal);
    expect(added).toHaveBeenCalledTimes(3);
    expect(removed.mock.calls).toEqual(added.mock.calls);
  });

  it.each([[3], ['abort'], [null], [{ aborted: false }]])('refuse %p as a signal', async (signal) => {
    const turns = new Turns('The thing');
    const work = jest.fn(nothing);
    const refused = turns.take('step', work, signal as never);
    await expect(refused).rejects.toThrow(InputError);
    await expect(refused).rejects.toThrow(/The signal of step\(\) is none.*Legal: an AbortSignal/);
    expect(work).not.toHaveBeenCalled();
  });
});

describe('closing', () => {
  it('interrupts the turn that is going on and those that wait, then ends, and refuses what comes', async () => {
    const turns = new Turns('The thing');
    const [going, waiting] = [turns.take('step', held().work), turns.take('judge', held().work)];
    const log: string[] = [];
    going.catch(() => log.push('interrupted'));
    const closed = turns.close(async () => {
      log.push('ended');
    });
    await expect(turns.take('step', nothing)).rejects.toThrow(ClosedError);
    await expect(going).rejects.toThrow(/^The thing was closed before its step\(\) was done/);
    await expect(waiting).rejects.toThrow(Interruption);
    await closed;
    expect(log).toEqual(['interrupted', 'ended']);
  });

  it('lets a turn end that does not heed its signal', async () => {
    const turns = new Turns('The thing');
    const { work, end } = held();
    const going = turns.take('step', () => work(new AbortController().signal));
    let closed = false;
    const closing = turns.close(async () => {
      closed = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(closed).toBe(false);
    end();
    await expect(going).resolves.toBe('done');
    await closing;
    expect(closed).toBe(true);
  });

  it('a second time does nothing', async () => {
    const turns = new Turns('The thing');
    const end = jest.fn(nothing);
    await Promise.all([turns.close(end), turns.close(end)]);
    await turns.close(end);
    expect(end).toHaveBeenCalledTimes(1);
  });
});

describe('a turn that waits for what asks', () => {
  it.each<[string, (turns: Turns) => Promise<unknown>]>([
    ['another turn', (turns) => turns.take('estimate', nothing)],
    ['closing', (turns) => turns.close(nothing)],
    [
      'another turn, by way of somebody else’s',
      (turns) => new Turns('B').take('step', () => turns.take('estimate', nothing)),
    ],
  ])('is told so, instead of waiting for ever: %s', async (_, ask) => {
    const turns = new Turns('The thing');
    const inside = turns.take('step', () => ask(turns));
    await expect(inside).rejects.toThrow(InputError);
    await expect(inside).rejects.toThrow(/was called by what the thing is waiting for/);
    await expect(turns.take('step', async () => 'goes on')).resolves.toBe('goes on');
  });

  it('is not meant where it does not wait: what listeners ask for has its turn afterwards', async () => {
    const turns = new Turns('The thing');
    const log: string[] = [];
    let asked: Promise<unknown> | null = null;
    await turns.take('step', async () => {
      asked = outsideTurns(() => turns.take('estimate', async () => log.push('estimate')));
      await null;
      log.push('step');
    });
    await asked;
    expect(log).toEqual(['step', 'estimate']);
  });
});

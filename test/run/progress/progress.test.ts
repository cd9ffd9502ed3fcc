import { createProgress, type ProgressOptions } from '../../../src/run/progress/progress';

let milliseconds: number;
let written: string;
beforeEach(() => {
  milliseconds = 0;
  written = '';
});

function progress(more: Partial<ProgressOptions> = {}, isTTY = false) {
  const write = (text: string) => {
    written += text;
    return true;
  };
  const stream = { isTTY, columns: 120, write } as unknown as NodeJS.WriteStream;
  return createProgress({
    label: 'boston',
    total: 30,
    mode: 'auto',
    stream,
    now: () => milliseconds,
    ...more,
  });
}

/** Everything printed since the last look. */
function printed(): string {
  const text = written;
  written = '';
  return text;
}

describe('progress that is no terminal', () => {
  test('is one line with percent, counts, times and the note', () => {
    const bar = progress();
    milliseconds = 22_000;
    bar.update(12, 'held-out mse 0.21');
    expect(printed()).toBe('boston  40% (12/30)  elapsed 22 s, about 33 s left  held-out mse 0.21\n');
  });

  test('prints a line at most every ten seconds', () => {
    const bar = progress();
    for (milliseconds = 0; milliseconds < 60_000; milliseconds += 500) bar.update(milliseconds / 2000);
    expect(printed().trimEnd().split('\n')).toHaveLength(5);
  });

  test('ends with one line, however short the run was', () => {
    const bar = progress();
    milliseconds = 1400;
    bar.update(30, 'done');
    expect(printed()).toBe('');
    bar.finish();
    bar.finish();
    bar.update(30);
    expect(printed()).toBe('boston  100% (30/30)  elapsed 1 s  done\n');
  });

  test('keeps the last note until another is given', () => {
    const bar = progress();
    bar.update(1, 'first');
    milliseconds = 10_000;
    bar.update(2);
    expect(printed()).toMatch(/first\n$/);
  });

  test('judges the time left by the steps of this process only', () => {
    const bar = progress({ startAt: 20 });
    milliseconds = 10_000;
    bar.update(25);
    expect(printed()).toBe('boston  83% (25/30)  elapsed 10 s, about 10 s left\n');
  });

  test('says nothing about the time left before the first step', () => {
    const bar = progress({ startAt: 20 });
    milliseconds = 10_000;
    bar.update(20);
    expect(printed()).toBe('boston  66% (20/30)  elapsed 10 s\n');
  });

  test('tells minutes and hours', () => {
    const bar = progress({ total: 100 });
    milliseconds = 200_000;
    bar.update(1);
    expect(printed()).toContain('elapsed 3 min 20 s, about 5 h 30 min left');
  });

  test('goes on when the clock on the wall is set back', () => {
    jest.useFakeTimers({ now: 10_000_000, doNotFake: ['setImmediate', 'nextTick'] });
    try {
      const bar = progress({ now: undefined });
      jest.advanceTimersByTime(3000);
      jest.setSystemTime(Date.now() - 3_600_000);
      jest.advanceTimersByTime(7000);
      bar.update(15);
      expect(printed()).toBe('boston  50% (15/30)  elapsed 10 s, about 10 s left\n');
    } finally {
      jest.useRealTimers();
    }
  });

  test('prints what is said at once', () => {
    progress().say('engine: simd');
    expect(printed()).toBe('engine: simd\n');
  });
});

describe('progress on a terminal', () => {
  test('is a bar that is drawn at once', () => {
    const bar = progress({ startAt: 15 }, true);
    expect(printed()).toContain('boston  [==========----------]  50% (15/30)  elapsed 0 s');
    bar.finish();
  });

  test.each([
    [80, '[==========----------]'],
    [70, '[======------]'],
    [60, ''],
  ])('is narrow enough on a terminal of %s columns for the note to be seen', (columns, picture) => {
    const write = (text: string) => {
      written += text;
      return true;
    };
    const stream = { isTTY: true, columns, write } as unknown as NodeJS.WriteStream;
    const bar = progress({ stream, startAt: 15 });
    bar.update(15, 'held-out mse 0.2744');
    bar.say('drawn anew');
    const line = printed().split('drawn anew\n')[1]!;
    expect(line).toMatch(/50% .* held-out mse 0\.2744/);
    expect(/\[[=-]+\]/.exec(line)?.[0] ?? '').toBe(picture);
    bar.finish();
  });

  test('leaves its last state as a line of its own', () => {
    const bar = progress({}, true);
    milliseconds = 5000;
    bar.update(30, 'mse 0.2');
    bar.finish();
    expect(printed()).toMatch(/boston {2}100% \(30\/30\) {2}elapsed 5 s {2}mse 0\.2\n$/);
    bar.finish();
    bar.update(30);
    expect(printed()).toBe('');
  });

  test('is cleared before a line is said, and drawn anew after it', () => {
    const bar = progress({}, true);
    printed();
    bar.say('warning: not converged');
    const [before, after] = printed().split('warning: not converged\n');
    expect(before?.endsWith('\u001b[2K')).toBe(true);
    expect(after).toContain('boston  [');
    bar.finish();
  });

  test('leaves no timer that would keep the process alive', () => {
    const bar = progress({}, true);
    const held = (bar as unknown as { bar: { timer: NodeJS.Timeout } }).bar.timer.hasRef();
    bar.finish();
    expect(held).toBe(false);
  });

  test('does not listen to signals, which are the run’s to handle', () => {
    const listeners = process.listenerCount('SIGINT');
    const bar = progress({}, true);
    expect(process.listenerCount('SIGINT')).toBe(listeners);
    bar.finish();
  });
});

test.each([true, false])('quiet progress prints nothing (terminal: %s)', (isTTY) => {
  const bar = progress({ mode: 'quiet' }, isTTY);
  milliseconds = 20_000;
  bar.update(1, 'note');
  bar.say('line');
  bar.finish();
  expect(printed()).toBe('');
});

import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { shellPath, shellWord } from '../../src/core/shell-word';

/** What a shell makes of a line: its words. */
function wordsOf(line: string): string[] {
  const out = execFileSync('sh', ['-c', `printf '%s\\0' ${line}`]).toString('utf8');
  return out.split('\0').slice(0, -1);
}

describe('a word', () => {
  test('is the same to a shell, whatever it holds', () => {
    const character = fc.oneof(
      fc.constantFrom(...' \t\n\'"\\$`!*?[]{}()<>|&;#~=-%^λ'),
      fc.string({ unit: 'grapheme' }),
    );
    const word = fc.array(character, { maxLength: 8 }).map((parts) => parts.join('').replaceAll('\0', ''));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 200 }), (words) => {
        const whole = words.filter((text) => Buffer.from(text).toString() === text);
        expect(wordsOf(['x', ...whole.map(shellWord)].join(' '))).toEqual(['x', ...whole]);
      }),
      { numRuns: 10 },
    );
  });

  test('stays as it is where a shell leaves it alone', () => {
    expect(shellWord('runs/2026-01-31-boston-cpu-s1')).toBe('runs/2026-01-31-boston-cpu-s1');
    expect(shellWord('beta=0.03')).toBe('beta=0.03');
  });
});

test('a path is no option', () => {
  expect(shellPath('-x/a run')).toBe("'./-x/a run'");
  expect(shellPath('my runs/a')).toBe("'my runs/a'");
});

import { perCharacter } from '../../plot/sparkline';

/** What the characters of `phaseMarks` mean. */
export const marksInWords = '. free, + nudged with beta > 0, - with beta < 0, M meta-update, * several';

/** One character for the phases of each stretch of rows, below a sparkline of the same width. */
export function phaseMarks(moments: readonly (readonly number[])[], width: number): string {
  const each = perCharacter(moments.length, width);
  let marks = '';
  for (let first = 0; first < moments.length; first += each) {
    const kinds = new Set(moments.slice(first, first + each).map(markOf));
    marks += kinds.size === 1 ? [...kinds][0] : '*';
  }
  return marks;
}

function markOf([, phase, beta]: readonly number[]): string {
  if (phase === -1) return 'M';
  return phase === 0 ? '.' : beta! < 0 ? '-' : '+';
}

/** `free`, `nudged 0.1`, `meta-update`. */
export function phaseInWords(phase: number, beta: number): string {
  if (phase === -1) return 'meta-update';
  return phase === 0 ? 'free' : `nudged ${beta}`;
}

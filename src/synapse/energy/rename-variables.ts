/** A text in which names are ones that mean nothing to whoever parses it. */
interface Renamed {
  readonly text: string;
  /** A text that names the renamed, such as an error, with the names as they were. */
  nameOf(text: string): string;
  /** Which character of the original, counted from 1, stands at one of the renamed text. */
  original(character: number): number;
}

const numberOrName = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[\p{L}_$][\p{L}\p{N}_$]*/gu;

/**
 * Gives every name in an expression another one: to a parser `e` may be a number, `i` imaginary, `to` and `mod` operators, `cm` a unit; to
 * whoever wrote them they are variables.
 */
export function renameVariables(given: string): Renamed {
  const names: string[] = [];
  const moved: { readonly at: number; readonly by: number }[] = [];
  let text = '';
  let copied = 0;
  for (const { 0: word, index } of given.matchAll(numberOrName)) {
    if (/^[\d.]/.test(word)) continue;
    if (!names.includes(word)) names.push(word);
    text += `${given.slice(copied, index)}name_${names.indexOf(word)}_`;
    copied = index + word.length;
    moved.push({ at: text.length, by: copied - text.length });
  }
  text += given.slice(copied);
  return {
    text,
    nameOf: (renamed) => renamed.replace(/name_(\d+)_/g, (whole, index) => names[Number(index)] ?? whole),
    original: (character) => {
      const before = moved.findLast(({ at }) => at < character);
      return Math.max(1, character + (before?.by ?? 0));
    },
  };
}

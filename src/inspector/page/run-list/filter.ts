import type { Cell, RunRow } from '../../protocol/runs';

export interface Filter {
  readonly matches: (row: RunRow) => boolean;
  /** What of it cannot be met, each in a sentence. */
  readonly problems: readonly string[];
}

type Compare = '>=' | '<=' | '!=' | '>' | '<' | '=' | ':';

const term = /^(!|-)?([A-Za-z_][\w.[\]-]*?)(>=|<=|!=|>|<|=|:)(.+)$/;

/** Names of what every run has, beside its settings and results. */
const own = {
  state: (row: RunRow) => row.state,
  scenario: (row: RunRow) => row.scenario,
  preset: (row: RunRow) => row.preset,
  seed: (row: RunRow) => row.seed,
  study: (row: RunRow) => row.study,
  id: (row: RunRow) => row.id,
} satisfies Record<string, (row: RunRow) => Cell>;

/**
 * Words that must all be met: `boston` (anywhere in what a run is called and set to), `beta>0.1`, `free.rate<=0.05`, `state=running`,
 * `scenario!=boston`, `heldOut.after<1`, `-sweep` (not this), `"two words"`. A name stands for every setting or result whose path ends in it.
 */
export function filterOf(words: string, names: readonly string[]): Filter {
  const problems: string[] = [];
  const tests = wordsOf(words).map((word) => testOf(word, names, problems));
  return { matches: (row) => tests.every((test) => test(row)), problems };
}

/** `a "b c" d` is three words. */
export const wordsOf = (words: string): string[] =>
  [...words.matchAll(/(?:[^\s"]|"[^"]*"?)+/g)].map(([word]) => word.replaceAll('"', ''));

function testOf(word: string, names: readonly string[], problems: string[]): (row: RunRow) => boolean {
  const found = term.exec(word);
  if (found === null) {
    const not = /^[-!]./.test(word);
    const part = (not ? word.slice(1) : word).toLowerCase();
    return (row) => haystack(row).includes(part) !== not;
  }
  const [, not, name, compare, wanted] = found as unknown as [string, string?, string?, string?, string?];
  const values = valuesBy(name!, names);
  if (values === null) {
    problems.push(`No run has a setting or result called ${name}.`);
    return () => false;
  }
  const number = Number(wanted);
  if (['>', '<', '>=', '<='].includes(compare!) && (wanted!.trim() === '' || Number.isNaN(number))) {
    problems.push(`${word}: ${compare} is for numbers, and ${wanted} is none.`);
    return () => false;
  }
  const met = compareBy(compare as Compare, wanted!, number);
  return (row) => {
    const own = values(row);
    const result = compare === '!=' ? own.every(met) : own.some(met);
    return result !== (not !== undefined);
  };
}

function valuesBy(name: string, names: readonly string[]): ((row: RunRow) => Cell[]) | null {
  if (Object.hasOwn(own, name)) return (row) => [own[name as keyof typeof own](row)];
  const paths = names.includes(name) ? [name] : names.filter((path) => path.endsWith(`.${name}`));
  if (paths.length === 0) return null;
  return (row) =>
    paths
      .map((path) => row.settings[path] ?? row.results[path])
      .filter((value): value is Cell => value !== undefined);
}

function compareBy(compare: Compare, wanted: string, number: number): (value: Cell) => boolean {
  const words = wanted.toLowerCase();
  const same = (value: Cell) =>
    typeof value === 'number' ? value === number : String(value ?? 'none').toLowerCase() === words;
  const numeric = (test: (value: number) => boolean) => (value: Cell) =>
    typeof value === 'number' && test(value);
  switch (compare) {
    case '>':
      return numeric((value) => value > number);
    case '<':
      return numeric((value) => value < number);
    case '>=':
      return numeric((value) => value >= number);
    case '<=':
      return numeric((value) => value <= number);
    case '!=':
      return (value) => !same(value);
    case '=':
      return same;
    case ':':
      return (value) =>
        String(value ?? 'none')
          .toLowerCase()
          .includes(words);
  }
}

const haystacks = new WeakMap<RunRow, string>();

/** All that is searched in a row, made once. */
function haystack(row: RunRow): string {
  const before = haystacks.get(row);
  if (before !== undefined) return before;
  const { id, state, scenario, preset, study, command, problem, settings } = row;
  const made = [id, state, scenario, preset, study, command, problem]
    .concat(Object.entries(settings).map(([name, value]) => `${name}=${value}`))
    .filter(Boolean)
    .join('\n')
    .toLowerCase();
  haystacks.set(row, made);
  return made;
}

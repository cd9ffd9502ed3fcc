import { InputError } from '../core/errors';
import { kernelAxes } from '../synapse/topology';
import type { RecordedSynapse } from './recorded-synapses';

/** Some synapses, as somebody has named them. */
export interface AskedSynapses {
  /** The word for them: `42`, `3-7`, `0:3:7`, `0:2:1:0:5`. */
  readonly word: string;
  matches(synapse: RecordedSynapse): boolean;
}

const legal =
  'an index (42), a range (3-7), or LAYER:FROM:TO (0:3:7, 0:bias:7), in a kernel LAYER:FROM:ROW:COLUMN:TO (0:2:1:0:5), each part a number, a range, or * for all; several with commas';

/** Numbers of parts: LAYER, FROM, TO; between the last two ROW and COLUMN of a kernel, or DEPTH before them. */
const legalParts = [3, 5, 6];

/**
 * The synapses that a text names, word by word: indices in the network's flat order (`42`, `3-7`), or connections as
 * `LAYER:FROM:TO`, where FROM may be the name of a parameter: `0:bias:7`, `1:gain:0-9`. Of a kernel these are all from one channel to
 * another; `LAYER:FROM:ROW:COLUMN:TO` is the one at a row and a column, and a kernel of three dimensions has DEPTH before them.
 * @throws InputError where a word is none of these.
 */
export function parseSynapses(text: string): AskedSynapses[] {
  return text.split(',').map((word) => parseWord(word.trim(), text));
}

function parseWord(word: string, text: string): AskedSynapses {
  const refuse = (what: string) => new InputError({ what, got: text, legal });
  const parts = word.split(':');
  if (parts.length === 1) {
    const within = numbers(word, refuse);
    if (within === null) throw refuse(`"${word}" names no synapse`);
    return { word, matches: ({ index }) => within(index) };
  }
  if (!legalParts.includes(parts.length))
    throw refuse(`"${word}" names no synapse: a connection has three parts, in a kernel five or six`);
  const [layer, from, ...rest] = parts.map((part) => (part === '*' ? any : numbers(part, refuse)));
  const to = rest.pop();
  const parameter = parts[1]!;
  if (from == null && !/^[a-z][\w-]*$/i.test(parameter)) throw refuse(`"${word}" names no synapse`);
  if (layer == null || to == null || !rest.every(isWanted)) throw refuse(`"${word}" names no synapse`);
  return {
    word,
    matches: (synapse) =>
      layer(synapse.layer) &&
      to(synapse.to) &&
      (from == null ? synapse.parameter === parameter : isFrom(synapse, from)) &&
      isAt(synapse, rest),
  };
}

type Wanted = (value: number) => boolean;

const any: Wanted = () => true;

const isWanted = (part: Wanted | null): part is Wanted => part !== null;

/** `*` takes biases too: they come from nowhere, but end where weights do. */
function isFrom({ from }: RecordedSynapse, wanted: Wanted): boolean {
  return from === null ? wanted === any : wanted(from);
}

/** Whether a synapse is at such a place of its kernel, whose last axes these are; `*` takes those that have no such axis too. */
function isAt(synapse: RecordedSynapse, wanted: readonly Wanted[]): boolean {
  const axes = kernelAxes.slice(kernelAxes.length - wanted.length);
  return wanted.every((isIt, i) => {
    const place = synapse[axes[i]!];
    return place === undefined ? isIt === any : isIt(place);
  });
}

/** Where a synapse is in its kernel, axis by axis, with `*` for a row that it has not; nowhere, where it is in none. */
function placesOf({ depth, row, column }: RecordedSynapse): (number | '*')[] {
  if (column === undefined) return [];
  return depth === undefined ? [row ?? '*', column] : [depth, row!, column];
}

/** Whether a whole number is the one, or in the range, that a text says; null where it says none. */
function numbers(text: string, refuse: (what: string) => InputError): Wanted | null {
  const found = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(text);
  if (found === null) return null;
  const [first, last] = [Number(found[1]), Number(found[2] ?? found[1])];
  if (first > last) throw refuse(`The range ${text} falls: write ${last}-${first}`);
  return (value) => value >= first && value <= last;
}

/**
 * Those of a trace's synapses that somebody asks for, as columns of the trace, ascending; all where nobody does.
 * Words that match none of them are for the caller to judge.
 */
export function columnsOf(synapses: Iterable<RecordedSynapse>, asked?: readonly AskedSynapses[]): number[] {
  const columns: number[] = [];
  let column = 0;
  for (const synapse of synapses) {
    if (asked === undefined || asked.some(({ matches }) => matches(synapse))) columns.push(column);
    column++;
  }
  return columns;
}

/** The words that match no synapse of any of these lists. */
export function unmatched(
  asked: readonly AskedSynapses[],
  lists: readonly Iterable<RecordedSynapse>[],
): AskedSynapses[] {
  const left = new Set(asked);
  for (const synapses of lists) {
    for (const synapse of synapses) {
      if (left.size === 0) return [];
      for (const one of left) if (one.matches(synapse)) left.delete(one);
    }
  }
  return [...left];
}

/** Which synapses a trace holds, in words that `parseSynapses` takes: `0-300, or 0:0-12:0-19, 0:bias:0-19, 1:0-19:0`. */
export function describeSynapses(synapses: Iterable<RecordedSynapse>): string {
  const held = [...synapses];
  return `${shortened(runsInWords(held.map(({ index }) => index)), ',')}, or ${describeConnections(held)}`;
}

/** The most words that a list has. */
const mostWords = 12;

function shortened(words: readonly string[], between: string): string {
  const left = words.length - mostWords;
  return [...words.slice(0, mostWords), ...(left > 0 ? [`... and ${left} more`] : [])].join(between);
}

function describeConnections(synapses: readonly RecordedSynapse[]): string {
  const groups = new Map<string, RecordedSynapse[]>();
  for (const synapse of synapses) {
    const key = `${synapse.layer} ${synapse.parameter}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [synapse]);
    else group.push(synapse);
  }
  return shortened([...groups.values()].flatMap(describeGroup), ', ');
}

/** One word for the synapses of one parameter where they are all that ranges along its axes name; else one each. */
function describeGroup(group: readonly RecordedSynapse[]): string[] {
  const [{ layer, parameter }] = group as [RecordedSynapse];
  const placed = group.map((synapse) => [synapse.from ?? parameter, ...placesOf(synapse), synapse.to]);
  const ranges = placed[0]!.map((first, axis) =>
    typeof first === 'string' ? [] : sorted(placed.map((places) => places[axis] as number)),
  );
  const isWhole =
    ranges.reduce((product, { length }) => product * Math.max(1, length), 1) === group.length &&
    ranges.every(isRun);
  if (!isWhole) return placed.map((places) => [layer, ...places].join(':'));
  return [
    [
      layer,
      ...ranges.map((range, axis) => (range.length === 0 ? placed[0]![axis] : describeRuns(range))),
    ].join(':'),
  ];
}

const sorted = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b);
const isRun = (values: readonly number[]) =>
  values.length === 0 || values.at(-1)! - values[0]! === values.length - 1;
const describeRuns = (numbers: readonly number[]) => runsInWords(numbers).join(',');

/** Ascending numbers as ranges: `0-12` and `42`. */
function runsInWords(numbers: readonly number[]): string[] {
  const runs: [first: number, last: number][] = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run?.[1] === number - 1) run[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`));
}

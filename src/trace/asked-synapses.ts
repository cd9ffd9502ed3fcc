import { InputError } from '../core/errors';
import type { TraceEntry } from './recorder';

type Recorded = TraceEntry['synapses'][number];

/** Some synapses, as somebody has named them. */
export interface AskedSynapses {
  /** The word for them: `42`, `3-7`, `0:3:7`. */
  readonly word: string;
  matches(synapse: Recorded): boolean;
}

const legal =
  'an index (42), a range (3-7), or LAYER:FROM:TO (0:3:7, 0:bias:7), each part a number, a range, or * for all; several with commas';

/**
 * The synapses that a text names, word by word: indices in the network's flat order (`42`, `3-7`), or connections as
 * `LAYER:FROM:TO`, where FROM may be the name of a parameter that comes from no unit: `0:bias:7`, `1:gain:0-9`.
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
  if (parts.length !== 3) throw refuse(`"${word}" names no synapse: a connection has three parts`);
  const [layer, from, to] = parts.map((part) => (part === '*' ? () => true : numbers(part, refuse)));
  if (layer == null || to == null) throw refuse(`"${word}" names no synapse`);
  const parameter = parts[1]!;
  if (from == null && !/^[a-z][\w-]*$/i.test(parameter)) throw refuse(`"${word}" names no synapse`);
  return {
    word,
    matches: (synapse) =>
      layer(synapse.layer) &&
      to(synapse.to) &&
      (from == null ? synapse.parameter === parameter : isFrom(synapse, from, parameter === '*')),
  };
}

/** `*` takes biases too: they come from nowhere, but end where weights do. */
function isFrom({ from }: Recorded, wanted: (unit: number) => boolean, any: boolean): boolean {
  return from === null ? any : wanted(from);
}

/** Whether a whole number is the one, or in the range, that a text says; null where it says none. */
function numbers(text: string, refuse: (what: string) => InputError): ((value: number) => boolean) | null {
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
export function columnsOf(synapses: readonly Recorded[], asked?: readonly AskedSynapses[]): number[] {
  return synapses.flatMap((synapse, column) =>
    asked === undefined || asked.some(({ matches }) => matches(synapse)) ? [column] : [],
  );
}

/** The words that match no synapse of any of these lists. */
export function unmatched(
  asked: readonly AskedSynapses[],
  lists: readonly (readonly Recorded[])[],
): AskedSynapses[] {
  return asked.filter(({ matches }) => !lists.some((synapses) => synapses.some(matches)));
}

/** Which synapses a trace holds, in words that `parseSynapses` takes: `0-300, or 0:0-12:0-19, 0:bias:0-19, 1:0-19:0`. */
export function describeSynapses(synapses: readonly Recorded[]): string {
  const indices = describeRuns(synapses.map(({ index }) => index));
  return `${indices}, or ${describeConnections(synapses)}`;
}

/** The most words that a list of connections has. */
const mostWords = 12;

function describeConnections(synapses: readonly Recorded[]): string {
  const groups = new Map<string, Recorded[]>();
  for (const synapse of synapses) {
    const key = `${synapse.layer} ${synapse.parameter}`;
    groups.set(key, [...(groups.get(key) ?? []), synapse]);
  }
  const words = [...groups.values()].flatMap(describeGroup);
  const left = words.length - mostWords;
  return [...words.slice(0, mostWords), ...(left > 0 ? [`... and ${left} more`] : [])].join(', ');
}

/** One word for the synapses of one parameter where they are all between some units and some others; else one each. */
function describeGroup(group: readonly Recorded[]): string[] {
  const { layer, parameter } = group[0]!;
  const froms = sorted(group.map(({ from }) => from ?? -1));
  const tos = sorted(group.map(({ to }) => to));
  const isWhole = froms.length * tos.length === group.length && isRun(froms) && isRun(tos);
  const word = (from: string, to: string) => `${layer}:${from}:${to}`;
  if (!isWhole) return group.map(({ from, to }) => word(from === null ? parameter : `${from}`, `${to}`));
  return [word(group[0]!.from === null ? parameter : describeRuns(froms), describeRuns(tos))];
}

const sorted = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b);
const isRun = (values: readonly number[]) => values.at(-1)! - values[0]! === values.length - 1;

/** Ascending numbers as ranges: `0-12,42`. */
function describeRuns(numbers: readonly number[]): string {
  const runs: [first: number, last: number][] = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run?.[1] === number - 1) run[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

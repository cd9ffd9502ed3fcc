import { computed } from '@preact/signals';
import { type Codec, count, listOf, number, oneOf, text } from '../../inspector/page/state/codec';
import { state } from '../../inspector/page/state/state';
import type { Change } from '../../inspector/page/state/url-state';
import {
  engineNames,
  estimatorNames,
  firstSettings,
  type PlayedVariable,
  problemNames,
  type Settings,
} from '../experiment/settings';

/** `omega~0~a`, `lambda~0.1~n`: name, first value, `a` for the anchor and `n` for what must not be negative. */
const variable: Codec<PlayedVariable> = {
  read: (written) => {
    const [, name, initial, flags] = /^([^~]*)~([^~]+)~([an]*)$/.exec(written) ?? [];
    const value = number.read(initial ?? '');
    if (name === undefined || value === undefined) return undefined;
    return { name, initial: value, anchor: flags!.includes('a'), nonNegative: flags!.includes('n') };
  },
  write: ({ name, initial, anchor, nonNegative }) =>
    `${name}~${initial}~${anchor ? 'a' : ''}${nonNegative ? 'n' : ''}`,
  legal: 'name~first value~, with a for the anchor and n for what is never negative',
};

const { parameter } = state;

type Parameter<T> = ReturnType<typeof state.parameter<T>>;

/** Each setting, as the address has it. */
const parameters: { readonly [Name in keyof Settings]: Parameter<Settings[Name]> } = {
  problem: parameter('problem', oneOf(...problemNames), firstSettings.problem),
  penalty: parameter('penalty', text, firstSettings.penalty),
  slow: parameter<readonly PlayedVariable[]>('slow', listOf(variable), firstSettings.slow),
  estimator: parameter('estimator', oneOf(...estimatorNames), firstSettings.estimator),
  beta: parameter('beta', number, firstSettings.beta),
  freeSteps: parameter('freeSteps', count, firstSettings.freeSteps),
  nudgedSteps: parameter('nudgedSteps', count, firstSettings.nudgedSteps),
  freeRate: parameter('freeRate', number, firstSettings.freeRate),
  nudgedRate: parameter('nudgedRate', number, firstSettings.nudgedRate),
  seed: parameter('seed', count, firstSettings.seed),
  engine: parameter('engine', oneOf(...engineNames), firstSettings.engine),
};

const names = Object.keys(parameters) as (keyof Settings)[];

/** The settings of the address. */
export const settings = computed(
  () => Object.fromEntries(names.map((name) => [name, parameters[name].value])) as unknown as Settings,
);

function changesTo(some: Partial<Settings>): Change[] {
  return names.flatMap((name) =>
    some[name] === undefined ? [] : [(parameters[name] as Parameter<unknown>).to(some[name])],
  );
}

/** Sets some of them; `go` makes an entry of the history to go back from, `slide` does not. */
export const set = {
  go: (some: Partial<Settings>, ...others: Change[]) => state.go([...changesTo(some), ...others]),
  slide: (some: Partial<Settings>) => state.slide(changesTo(some)),
};

/** Synapses whose phi is shown; none for those that were nudged the furthest. */
export const watched = parameter<readonly number[]>('watched', listOf(count), []);

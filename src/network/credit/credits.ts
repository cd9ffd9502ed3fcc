import { z } from 'zod';
import { InputError } from '../../core/errors';
import { didYouMean } from '../../core/nearest';
import { Registry } from '../../core/registry';
import { aFunction, isSchema, made, validate } from '../../core/validate';
import type { Activities } from '../../kernel/activities';
import { seenByActivity } from './activity';
import { backprop } from './backprop';
import type { Credit } from './credit';
import { dualOptions, dualPropagation } from './dual';
import { equilibriumOptions, equilibriumPropagation } from './equilibrium';
import { directFeedback, feedbackAlignment } from './random-feedback';

/** A source of credit that words can name, with its settings: `equilibrium:nudge=0.005:sweeps=80`. */
export interface NamedCredit<S extends z.ZodType = z.ZodType> {
  /** What it is, for people. */
  readonly summary: string;
  /** Its settings, all with defaults. */
  readonly settings: S;
  /**
   * Makes it of its settings.
   * @param seed root seed of the run, for what it draws once for all
   */
  make(settings: z.output<S>, seed: number): Credit;
}

const none = z.strictObject({});

const builtIn: Readonly<Record<string, NamedCredit>> = {
  backprop: { summary: 'the exact gradient, by a backward pass', settings: none, make: () => backprop },
  equilibrium: named({
    summary: 'neurons that relax while the outputs are nudged (equilibrium propagation)',
    settings: equilibriumOptions.omit({ rule: true }),
    make: (settings) => equilibriumPropagation(settings),
  }),
  dual: named({
    summary: 'neurons of two states each (dual propagation)',
    settings: dualOptions.omit({ rule: true }),
    make: (settings) => dualPropagation(settings),
  }),
  'feedback-alignment': {
    summary: 'errors that come down by fixed random weights, layer by layer',
    settings: none,
    make: (_, seed) => feedbackAlignment({ seed }),
  },
  'direct-feedback': {
    summary: 'errors that come from the outputs to each layer by fixed random weights',
    settings: none,
    make: (_, seed) => directFeedback({ seed }),
  },
};

function named<S extends z.ZodType>(credit: NamedCredit<S>): NamedCredit {
  return credit as unknown as NamedCredit;
}

const registered = new Registry<NamedCredit>('a source of credit', () => [
  ...Object.keys(builtIn),
  ...reservedWords,
]);

/** Words that stand for something else: all of them, and the credit of a rule of one's own, which has no word. */
const reservedWords: readonly string[] = ['all', 'activity'];

const description = z.strictObject({
  summary: z.string().min(1),
  settings: made<z.ZodType>(
    'a schema whose settings all have defaults',
    (value) => isSchema(value) && (value as z.ZodType).safeParse({}).success,
  ),
  make: aFunction<NamedCredit['make']>(),
});

/**
 * Adds a source of credit of a user's own, so that `--credit NAME` takes it from then on.
 * @throws InputError where the name is not legal, or taken, or a part is missing.
 */
export function registerCredit<S extends z.ZodType>(name: string, credit: NamedCredit<S>): void {
  validate(description, credit, 'a source of credit');
  registered.add(name, named(credit));
}

/** The words of all sources of credit, those of a user's own last. */
export function creditNames(): readonly string[] {
  return [...Object.keys(builtIn), ...registered.names];
}

/** What a source of credit is, for people. */
export function creditSummary(name: string): string {
  return creditOf(name).summary;
}

/**
 * The source of credit that a word names, with settings behind it if need be: `dual`, `equilibrium:nudge=0.005:sweeps=80`.
 * @param seed root seed of the run, for what it draws once for all; default 0
 * @throws InputError where there is no such source, or a setting is unknown or not legal.
 */
export function creditNamed(words: string, seed = 0): Credit {
  const [name = '', ...settings] = validate(z.string(), words, 'a source of credit').split(':');
  const { settings: schema, make } = creditOf(name);
  const given: Record<string, unknown> = {};
  for (const [setting, value] of settings.map((text) => settingIn(text, words))) {
    if (Object.hasOwn(given, setting))
      throw new InputError({ what: `"${setting}" is set twice`, got: words, legal: 'each setting once' });
    given[setting] = value;
  }
  return make(validate(schema, given, `the settings of credit "${name}"`), seed);
}

/** The settings of a source of credit when none is given; null where there is no such source. */
export function defaultsOfCredit(name: string): Readonly<Record<string, unknown>> | null {
  const settings = known(name)?.settings.parse({});
  return settings === undefined ? null : (settings as Record<string, unknown>);
}

function known(name: string): NamedCredit | undefined {
  return Object.hasOwn(builtIn, name) ? builtIn[name] : registered.get(name);
}

/**
 * What the rules of a source of credit may read of a synapse's two neurons, by its word; `activity` is that of `activityRule`, which has no word by itself.
 * @throws InputError where there is no such source, or its synapses see no neurons.
 */
export function creditActivities(words: string): Activities {
  if (words === 'activity') return seenByActivity;
  const { activities, rule } = creditNamed(words);
  if (rule !== null) return activities;
  throw new InputError({
    what: 'By this source of credit synapses see nothing of their neurons',
    got: words,
    legal: ['activity', ...creditNames()].filter((name) => name !== words).join(', '),
  });
}

function creditOf(name: string): NamedCredit {
  const own = known(name);
  if (own !== undefined) return own;
  throw new InputError({
    what: 'There is no such source of credit',
    got: name,
    legal: creditNames().join(', '),
    advice: didYouMean(name, creditNames()),
  });
}

function settingIn(setting: string, words: string): [string, unknown] {
  const [, name, value] = /^(\w+)=(.+)$/.exec(setting) ?? [];
  if (name === undefined || value === undefined) {
    throw new InputError({
      what: 'This is no setting of a source of credit',
      got: words,
      legal: 'NAME, or NAME:SETTING=VALUE, as equilibrium:nudge=0.005:sweeps=80',
    });
  }
  if (value === 'null') return [name, null];
  return [name, Number.isNaN(Number(value)) ? value : Number(value)];
}

import type { Better } from '../decisions/verdict';

/** Numbers that a scenario which comes with metaplast records by meta-step, and which way each is better. `[steps=N]` stands for any number of steps. */
type KnownCourses = Readonly<Record<string, Better>>;

const losses = (...names: string[]): KnownCourses =>
  Object.fromEntries(names.map((name) => [name, 'lower' as const]));

const ofTasks = (kind: string, tellsClasses: boolean): KnownCourses =>
  Object.fromEntries(
    ['last', 'steps=N'].flatMap((at) => [
      [`${kind}[${at}].mean`, 'lower' as const],
      ...(tellsClasses ? [[`${kind}[${at}].accuracy.mean`, 'higher' as const]] : []),
    ]),
  );

const vision: KnownCourses = Object.fromEntries(
  ['heldOut', 'train', 'test'].flatMap((of) => [
    [`${of}.loss`, 'lower' as const],
    [`${of}.accuracy`, 'higher' as const],
  ]),
);

/** The first of each is what a search goes by where no metric is asked for. */
const known: Readonly<Record<string, KnownCourses>> = {
  boston: losses('heldOut', 'train', 'test'),
  table: losses('heldOut', 'train', 'test'),
  'one-synapse': losses('heldOut'),
  cifar10: vision,
  mnist: vision,
  local: { ...losses('heldOut'), ...ofTasks('unseen', false) },
  sinusoid: { ...losses('heldOut'), ...ofTasks('unseen', false) },
  tasks: { ...losses('heldOut'), ...ofTasks('unseen', true) },
  omniglot: { ...ofTasks('validation', true), ...losses('heldOut') },
  toy: {},
  bound: {},
  quadratic: {},
  cascade: {},
  'permuted-mnist': {},
};

/** What is known of a scenario that comes with metaplast; null for one of somebody's own. */
export const knownCourses = (scenario: string): KnownCourses | null =>
  Object.hasOwn(known, scenario) ? known[scenario]! : null;

/** Scenarios that record something by meta-step. */
export const searchable = (): string[] =>
  Object.keys(known).filter((name) => Object.keys(known[name]!).length > 0);

/** Whether a metric is judged by data that are there to judge a finished choice by. */
export const isOfTestData = (metric: string): boolean => /^(test|unseen)\b/.test(metric);

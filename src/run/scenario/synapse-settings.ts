import { z } from 'zod';
import type { SynapseModel } from '../../synapse/model';

/** First values of the slow variables; null for the anchor where it is to be what phi starts with. */
export type FirstValuesSettings = Readonly<Record<string, number | null>>;

/** `synapse.VARIABLE`: the first value of each slow variable, of what the synapse declares of it. */
export function firstValuesSchema({ meta, declared, anchor }: SynapseModel) {
  const first = (name: string) => {
    const { initial, nonNegative, scale, unit, meaning } = declared[name]!;
    const legal = scale === 'log' ? ', above 0' : nonNegative ? ', 0 or more' : '';
    const what = `${meaning || `slow variable ${name}`}: its value at the start, ${unit}${legal}`;
    const number = z.number();
    const bounded = scale === 'log' ? number.gt(0) : nonNegative ? number.min(0) : number;
    return name === anchor && initial === null
      ? bounded.nullable().default(initial).describe(`${what}; null: what phi starts with`)
      : bounded.default(initial!).describe(what);
  };
  return z.strictObject(Object.fromEntries(meta.map((name) => [name, first(name)]))).prefault({});
}

/**
 * Slow variables by name, in one text.
 * @param standard Those that it names where nobody sets it.
 * @param what What is so of them.
 */
export function namesSchema({ meta }: SynapseModel, standard: readonly string[], what: string) {
  const legal = `${[...meta, 'none'].join(', ')}; several with commas`;
  const areLegal = (names: readonly string[]) =>
    names.every((name) => meta.includes(name)) && new Set(names).size === names.length;
  return z
    .string()
    .refine((text) => areLegal(namesIn(text)), { message: legal, params: { legal } })
    .default(standard.join(',') || 'none')
    .describe(`${what}: ${legal}`);
}

/** What such a text names. */
export function namesIn(text: string): string[] {
  return text === 'none' ? [] : text.split(',').map((name) => name.trim());
}

/** The slow variables that a synapse declares so that they learn. */
export const declaredToLearn = ({ meta, declared }: SynapseModel): string[] =>
  meta.filter((name) => declared[name]!.learned);

/** The values that are given, as a learner takes them. */
export function firstValuesOf(settings: FirstValuesSettings): Record<string, number> {
  return Object.fromEntries(
    Object.entries(settings).filter((entry): entry is [string, number] => entry[1] !== null),
  );
}

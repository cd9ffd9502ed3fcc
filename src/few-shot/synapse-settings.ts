import { z } from 'zod';
import type { SynapseModel } from '../synapse/model';

/** First values of the slow variables; null for the anchor where it is to be what phi starts with. */
export type FirstValuesSettings = Readonly<Record<string, number | null>>;

/**
 * The settings that follow from what a synapse declares: `synapse.VARIABLE`, the first value of each slow variable, and `learn`, which of
 * them learn between tasks.
 */
export function synapseSettings({ meta, declared, anchor }: SynapseModel) {
  const first = (name: string) => {
    const { initial, nonNegative, scale, unit, meaning } = declared[name]!;
    const legal = scale === 'log' ? ', above 0' : nonNegative ? ', 0 or more' : '';
    const what = `${meaning || `slow variable ${name}`}: its value at the start, ${unit}${legal}`;
    const number = z.number();
    const bounded = scale === 'log' ? number.gt(0) : nonNegative ? number.min(0) : number;
    return name === anchor
      ? bounded.nullable().default(initial).describe(`${what}; null: what phi starts with`)
      : bounded.default(initial!).describe(what);
  };
  const legal = `${meta.join(', ')}; several with commas, or none`;
  const standard = meta.filter((name) => declared[name]!.learned).join(',') || 'none';
  return {
    synapse: z.strictObject(Object.fromEntries(meta.map((name) => [name, first(name)]))).prefault({}),
    learn: z
      .string()
      .refine(
        (text) => {
          const names = learnedNames(text);
          return names.every((name) => meta.includes(name)) && new Set(names).size === names.length;
        },
        { message: legal, params: { legal } },
      )
      .default(standard)
      .describe(`slow variables that learn between tasks, by methods that give their gradient: ${legal}`),
  };
}

/** What `learn` names. */
export function learnedNames(text: string): string[] {
  return text === 'none' ? [] : text.split(',').map((name) => name.trim());
}

/** The values that are given, as a learner takes them. */
export function firstValuesOf(settings: FirstValuesSettings): Record<string, number> {
  return Object.fromEntries(
    Object.entries(settings).filter((entry): entry is [string, number] => entry[1] !== null),
  );
}

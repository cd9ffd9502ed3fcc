import { z } from 'zod';

/** What a synapse model declares of a slow variable. A variable is what its declaration says, whatever its name. */
export interface SlowVariable {
  /** Value of every synapse at the start; null for 0, and of the anchor for what phi starts with. Default null. */
  readonly initial?: number | null;
  /** Whether it learns between tasks where settings do not say which do. Default true. */
  readonly learned?: boolean;
  /** Whether it must not fall below 0. Default false. */
  readonly nonNegative?: boolean;
  /** How meta-updates move it: itself, or its logarithm, which keeps it above 0. Default `linear`. */
  readonly scale?: 'linear' | 'log';
  /** Default `dimensionless`. */
  readonly unit?: string;
  /** What it is, in a sentence. */
  readonly meaning?: string;
}

/** The same, with nothing left out but a first value that follows from phi's. */
export interface DeclaredVariable extends Required<Omit<SlowVariable, 'initial'>> {
  readonly initial: number | null;
}

export const slowVariableSchema = z
  .strictObject({
    initial: z.number().nullable().optional(),
    learned: z.boolean().optional(),
    nonNegative: z.boolean().optional(),
    scale: z.enum(['linear', 'log']).optional(),
    unit: z.string().min(1).optional(),
    meaning: z.string().min(1).optional(),
  })
  .refine(({ initial, nonNegative = false }) => !nonNegative || (initial ?? 0) >= 0, {
    path: ['initial'],
    message: '0 or more, since the variable is non-negative',
  })
  .refine(({ initial, scale }) => scale !== 'log' || (initial ?? 0) > 0, {
    path: ['initial'],
    message: 'above 0, since the variable is learned by its logarithm',
  });

/** A declaration with its defaults. */
export function declared(variable: SlowVariable, isAnchor: boolean): DeclaredVariable {
  const { learned = true, nonNegative = false, scale = 'linear' } = variable;
  const initial = variable.initial ?? (isAnchor ? null : 0);
  const { unit = 'dimensionless', meaning = '' } = variable;
  return { initial, learned, nonNegative: nonNegative || scale === 'log', scale, unit, meaning };
}

/** The variables of a model that are declared to learn by their logarithm. */
export const learnedByLogarithm = (declaration: Readonly<Record<string, DeclaredVariable>>): string[] =>
  Object.keys(declaration).filter((name) => declaration[name]!.scale === 'log');

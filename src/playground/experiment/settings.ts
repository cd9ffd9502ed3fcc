import { z } from 'zod';
import { validate } from '../../core/validate';

export const problemNames = ['one-synapse', 'boston', 'sinusoid'] as const;
export type ProblemName = (typeof problemNames)[number];

export const estimatorNames = ['forward', 'symmetric', 'p3', 'p4'] as const;
export const engineNames = ['simd', 'reference', 'gpujs'] as const;
export type PlayedEngine = (typeof engineNames)[number];

/** A slow variable of the synapses that are played with. */
export interface PlayedVariable {
  readonly name: string;
  /** Its first value, the same at every synapse. */
  readonly initial: number;
  /** Whether phi starts from it, and is drawn to it. */
  readonly anchor: boolean;
  readonly nonNegative: boolean;
}

/** All that an experiment depends on: the same settings, the same numbers. */
export interface Settings {
  readonly problem: ProblemName;
  /** Energy R of one synapse, in phi and the slow variables. */
  readonly penalty: string;
  readonly slow: readonly PlayedVariable[];
  readonly estimator: (typeof estimatorNames)[number];
  /** Nudging strength, not 0. */
  readonly beta: number;
  readonly freeSteps: number;
  readonly nudgedSteps: number;
  readonly freeRate: number;
  readonly nudgedRate: number;
  /** Root seed: of the first weights, of the split of the data, and of which sinusoid it is. */
  readonly seed: number;
  readonly engine: PlayedEngine;
}

/** More take longer than anybody waits in front of a page. */
export const mostSteps = 100_000;

const steps = z.int().min(1).max(mostSteps);
const rate = z.number().positive().max(10);

const settingsSchema = z.strictObject({
  problem: z.enum(problemNames),
  penalty: z.string().min(1),
  slow: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        initial: z.number(),
        anchor: z.boolean(),
        nonNegative: z.boolean(),
      }),
    )
    .min(1),
  estimator: z.enum(estimatorNames),
  beta: z.number().refine((value) => value !== 0, 'above or below 0'),
  freeSteps: steps,
  nudgedSteps: steps,
  freeRate: rate,
  nudgedRate: rate,
  seed: z.int().min(0),
  engine: z.enum(engineNames),
});

/** @throws InputError where a setting is not legal. */
export function checkSettings(settings: Settings): void {
  validate(settingsSchema, settings, 'the settings');
}

/** The complex synapse (Eq. 7). */
export const complexPenalty = 'lambda * (phi - omega)^2 / 2';

/** What the page begins with. */
export const firstSettings: Settings = {
  problem: 'boston',
  penalty: complexPenalty,
  slow: [
    { name: 'omega', initial: 0, anchor: true, nonNegative: false },
    { name: 'lambda', initial: 0.1, anchor: false, nonNegative: true },
  ],
  estimator: 'symmetric',
  beta: 0.1,
  freeSteps: 2000,
  nudgedSteps: 2000,
  freeRate: 0.05,
  nudgedRate: 0.05,
  seed: 0,
  engine: 'simd',
};

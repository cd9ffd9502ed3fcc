import { z } from 'zod';
import { validate } from '../../core/validate';
import type { ScenarioSources } from '../../run/scenario/scenario-sources';
import { type OwnFile, ownFileSchema, sourcesSchema } from '../../run/scenario/sources-schema';
import { type SearchPlan, searchPlanSchema } from '../search/search-plan';
import type { Swept } from './axis';
import type { Samples } from './draw-settings';

/** The version of the form of a study folder. */
export const studyFormat = 1;

/** One run of a study. */
export interface Trial {
  /** From 1 on; its folder is `trials/0001`. */
  readonly trial: number;
  readonly seed: number;
  /** What is swept, by path. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** `study.json`: everything that a study is to run, listed trial by trial, which is never changed. */
export interface StudyPlan {
  readonly format: typeof studyFormat;
  readonly scenario: string;
  /** The scenario's file; null for one that comes with metaplast. */
  readonly file: string | null;
  readonly preset: string;
  /** Of metaplast. */
  readonly version: string;
  /** What is set for all trials, by path. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly seeds: readonly number[];
  /** What each setting is swept over, by path. */
  readonly space: Readonly<Record<string, Swept>>;
  /** null where every combination is a trial. */
  readonly samples: Samples | null;
  readonly engine: string;
  readonly blas: string;
  readonly rules: string;
  readonly checkpointEvery: number | null;
  /** Seconds without a sign of life after which a trial is taken over. */
  readonly lease: number;
  readonly synapse: OwnFile | null;
  readonly project: OwnFile | null;
  readonly sources: ScenarioSources;
  /** What makes it a search; a study of all its trials has none. */
  readonly search?: SearchPlan;
  readonly trials: readonly Trial[];
}

const settings = z.record(z.string(), z.unknown());
const planSchema = z.strictObject({
  format: z.literal(studyFormat),
  scenario: z.string(),
  file: z.string().nullable(),
  preset: z.string(),
  version: z.string(),
  settings,
  seeds: z.array(z.int().min(0)),
  space: z.record(z.string(), z.looseObject({ kind: z.string(), as: z.string() })),
  samples: z.strictObject({ count: z.int().min(1), seed: z.int().min(0) }).nullable(),
  engine: z.string(),
  blas: z.string(),
  rules: z.string(),
  checkpointEvery: z.int().min(1).nullable(),
  lease: z.number().positive(),
  synapse: ownFileSchema,
  project: ownFileSchema,
  sources: sourcesSchema,
  search: searchPlanSchema.optional(),
  trials: z.array(z.strictObject({ trial: z.int().min(1), seed: z.int().min(0), settings })),
});

/**
 * A plan as `study.json` holds it.
 * @throws InputError for the first part that is missing or not legal.
 */
export function checkPlan(value: unknown, file: string): StudyPlan {
  return validate(planSchema, value, file) as unknown as StudyPlan;
}

/** Settings as `--set` takes them: each value as JSON, which is read back as it was. */
export function asOverrides(settings: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(settings).map(([path, value]) => `${path}=${JSON.stringify(value)}`);
}

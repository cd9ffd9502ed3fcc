import { z } from 'zod';
import { sha256 } from '../core/checksum';
import { InputError } from '../core/errors';
import { made, validate } from '../core/validate';
import type { Answer, Job } from '../learning/workers/message';
import type { RoundValues } from '../learning/workers/task-host';
import { decodeState, encodeState } from '../run/directory/state-codec';
import { makeTask, taskSchema } from '../tasks/task';

/** A job in a queue: blobs by their checksums, and nothing else. */
export interface QueuedJob {
  /** Slow variables, and phi at the start of a task. */
  readonly values: string;
  readonly tasks: string;
}

/** A job for a learner, which shares its slow variables with others. */
export type TaskJob = Exclude<Job, { kind: 'open' | 'sweep' }>;

const sum = z.string().regex(/^[0-9a-f]{64}$/);
const queuedJob = z.strictObject({ values: sum, tasks: sum });

const arrays = made<Float64Array>(
  'numbers of 64 bits',
  (value) => ArrayBuffer.isView(value) && value.constructor.name === 'Float64Array',
);
const roundValues = z.strictObject({ slow: z.record(z.string(), arrays), start: arrays });

const episodes = z.array(taskSchema.extend({ index: z.int().min(0) })).min(1);
const taskJob = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('learn'),
    episodes,
    wanted: z.array(z.string()),
    reads: z.union([z.enum(['all', 'none']), z.array(z.int().min(0))]),
    shown: z.int(),
  }),
  z.strictObject({ kind: z.literal('judge'), episodes, steps: z.array(z.int().min(0)) }),
]);

/** Bytes under their checksum, which stands at their end. */
export interface Blob {
  readonly sum: string;
  readonly bytes: Uint8Array;
}

export function blobOf(content: unknown): Blob {
  const bytes = encodeState(content);
  return { sum: sumIn(bytes), bytes };
}

/** The checksum that bytes end with; decoding them compares it with what they hold. */
export const sumIn = (bytes: Uint8Array): string => Buffer.from(bytes.subarray(-32)).toString('hex');

/** What a worker says of a job whose blobs are not there. */
export const lostWords = 'The queue has lost what a job is about';

/** Under which a blob is kept. */
export const blobKey = (checksum: string): string => `blob:${checksum}`;

/** Under which it is kept what a job came to: by learner, slow variables and tasks, which number each task; done twice, it comes to the same. */
export const jobKey = (learner: string, { values, tasks }: QueuedJob): string =>
  sha256(`${learner} ${values} ${tasks}`);
export const resultKey = (job: string): string => `result:${job}`;

/** @throws InputError where it is no job. */
export const readQueuedJob = (data: unknown): QueuedJob =>
  validate(queuedJob, data, 'a job of the queue') as QueuedJob;

/** @throws CheckpointError where bytes were changed; InputError where they hold something else. */
export function readRoundValues(
  bytes: Uint8Array,
  lengths: Readonly<Record<string, number>>,
  weights: number,
): RoundValues {
  const values = validate(roundValues, decodeState(bytes), 'the slow variables of a job') as RoundValues;
  const given = Object.entries({ ...values.slow, start: values.start }).map(([name, { length }]) => [
    name,
    length,
  ]);
  const legal = Object.entries({ ...lengths, start: weights });
  const [got, wanted] = [given, legal].map((each) => JSON.stringify(each));
  if (got !== wanted)
    throw new InputError({
      what: 'The slow variables of a job have other lengths than the learner',
      got,
      legal: wanted,
    });
  return values;
}

/** @throws as `readRoundValues` does. */
export function readTaskJob(bytes: Uint8Array): TaskJob {
  const job = validate(taskJob, decodeState(bytes), 'the tasks of a job') as TaskJob;
  for (const episode of job.episodes) makeTask(episode);
  return job;
}

/** An answer's blob; of errors without what no bytes can hold, which stands in their text anyway. */
export function answerBlob(answer: Answer): Blob {
  try {
    return blobOf(answer);
  } catch {
    return blobOf(withPlainErrors(answer));
  }
}

function withPlainErrors(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(withPlainErrors);
  const entries = Object.entries(value).map(([name, one]) => [
    name,
    name === 'own' ? {} : withPlainErrors(one),
  ]);
  return Object.fromEntries(entries);
}

/** @throws CheckpointError where bytes were changed. */
export const readAnswer = (bytes: Uint8Array): Answer => decodeState(bytes) as Answer;

import { z } from 'zod';

const identity = z.object({
  pid: z.int(),
  host: z.string(),
  machine: z.string().nullable(),
  started: z.string().nullable(),
});

/**
 * `held`: its worker runs the trial. `interrupted`: it was given back, to be gone on with. `crashed`: its process ended badly, to be tried once
 * more. `over`: nothing is left to do.
 */
const claimStates = ['held', 'interrupted', 'crashed', 'over'] as const;
/** What became of a claim. */
export type ClaimState = (typeof claimStates)[number];

const recordSchema = z.object({
  worker: z.string(),
  state: z.enum(claimStates),
  /** Grows with every sign of life. */
  beat: z.int(),
  owner: identity,
  /** The process that runs the trial; null before it is started. */
  child: identity.nullable(),
});

/** What a claim's file holds. */
export type ClaimRecord = z.output<typeof recordSchema>;

/** Every record has this length in bytes, so that one written over another never leaves, nor shows, a part of it. */
const length = 1024;

export function formatRecord(record: ClaimRecord): Buffer {
  const text = Buffer.from(JSON.stringify(record), 'utf8');
  const bytes = Buffer.alloc(Math.max(length, text.byteLength + 1), ' ');
  text.copy(bytes);
  bytes[bytes.byteLength - 1] = 0x0a;
  return bytes;
}

/** The record of a text; null where it is not whole, as of a worker that was killed in between. */
export function parseRecord(text: string): ClaimRecord | null {
  try {
    return recordSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

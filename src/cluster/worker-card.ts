import { z } from 'zod';

/** What a worker announces of itself. */
export interface WorkerCard {
  readonly host: string;
  readonly pid: number;
  readonly threads: number;
  readonly version: string;
  /** By offer: `joined`, or why it cannot learn for it. */
  readonly offers: Readonly<Record<string, string>>;
}

export const joined = 'joined';

const card = z.object({
  host: z.string(),
  pid: z.int(),
  threads: z.int().min(1),
  version: z.string(),
  offers: z.record(z.string(), z.string()),
});

/** null where it is none. */
export function readCard(bytes: Uint8Array): WorkerCard | null {
  try {
    return card.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch {
    return null;
  }
}

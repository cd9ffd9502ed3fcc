import { z } from 'zod';
import { sha256 } from '../core/checksum';
import { MetaplastError } from '../core/errors';
import { validate } from '../core/validate';
import type { Likeness } from '../learning/workers/message';
import type { HostedLearner } from '../learning/workers/task-host';
import { scenarioSources } from '../run/scenario/scenario-sources';
import { type OwnCode, ownCode } from './own-code';
import { localised, portable } from './portable';

/** The version of what a run and its workers send each other. */
const offerFormat = 1;

/** What a run announces: the learner whose tasks are to be learned, and what a worker must have to learn them. */
export interface Offer extends OwnCode {
  readonly format: typeof offerFormat;
  /** Where the run is, for people. */
  readonly host: string;
  readonly pid: number;
  /** The user's own files, by checksum: what they are called. */
  readonly files: Readonly<Record<string, string>>;
  /** Portable: see `portable`. */
  readonly description: unknown;
  readonly likeness: Likeness;
  readonly lengths: Readonly<Record<string, number>>;
  readonly weights: number;
}

const offerSchema = z.strictObject({
  format: z.literal(offerFormat),
  version: z.string(),
  code: z.string(),
  host: z.string(),
  pid: z.int(),
  files: z.record(z.string(), z.string()),
  description: z.looseObject({ files: z.array(z.unknown()) }),
  likeness: z.strictObject({
    synapses: z.int(),
    weights: z.int(),
    method: z.string(),
    arithmetic: z.string(),
  }),
  lengths: z.record(z.string(), z.int().min(0)),
  weights: z.int().min(0),
});

/** The checksum of a file of a user's own and of all local files that it imports. @throws InputError where one cannot be read. */
export function fileChecksum(path: string): string {
  const { entry, files } = scenarioSources(path).sources;
  return sha256(JSON.stringify([entry, files]));
}

/** What a run offers to workers. @throws InputError where a file cannot be read. */
export function offerOf(
  { description, likeness, lengths, weights }: HostedLearner,
  { host, pid }: Pick<Offer, 'host' | 'pid'>,
): Offer {
  const files: Record<string, string> = {};
  const checksum = (path: string): string => {
    const sum = fileChecksum(path);
    files[sum] = path.replace(/^.*[/\\]/, '');
    return sum;
  };
  const { files: loaded, ...parts } = description;
  return {
    format: offerFormat,
    ...ownCode(),
    host,
    pid,
    files,
    description: {
      files: loaded.map((path) => ({ $file: checksum(path) })),
      ...(portable(parts, checksum) as object),
    },
    ...{ likeness, lengths, weights },
  };
}

/**
 * Reads an offer.
 * @throws MetaplastError where it is another version's, which is looked at first, or none.
 */
export function readOffer(bytes: Uint8Array): Offer {
  const offer = parse(bytes);
  const here = ownCode();
  const differs = (['version', 'code'] as const).find((what) => offer[what] !== here[what]);
  if (differs !== undefined) {
    const shown = (of: Partial<OwnCode>) => `${of.version}, code ${String(of.code).slice(0, 12)}`;
    throw new MetaplastError({
      what: `The run has another ${differs === 'version' ? 'version' : 'build of the same version'} of metaplast than this worker`,
      got: shown(offer),
      legal: shown(here),
      advice: 'Take the same version on both sides, built from the same files',
    });
  }
  return validate(offerSchema, offer, 'what a run offers') as Offer;
}

function parse(bytes: Uint8Array): Partial<Offer> {
  try {
    return Object(JSON.parse(Buffer.from(bytes).toString('utf8'))) as Partial<Offer>;
  } catch {
    throw new MetaplastError({ what: 'What a run offers is no JSON' });
  }
}

/**
 * The learner of an offer, as this machine can make it.
 * @param own the user's own files that are here, by checksum
 * @throws MetaplastError where a file is not here, or something is asked for that no offer may ask for.
 */
export function learnerOf({ description, files }: Offer, own: ReadonlyMap<string, string>): string {
  const path = (checksum: string): string => {
    const found = own.get(checksum);
    if (found !== undefined) return found;
    throw new MetaplastError({
      what: `The run learns by a file that this worker does not have: ${files[checksum] ?? 'unnamed'}`,
      got: checksum.slice(0, 12),
      legal:
        [...own].map(([sum, file]) => `${sum.slice(0, 12)} (${file})`).join(', ') || 'no files of your own',
      advice:
        'Start the worker with the same file, and the same files that it imports: metaplast worker FILE',
    });
  };
  const { files: loaded, ...parts } = description as { files: readonly unknown[] };
  const local = loaded.map((file) => path(String((file as { $file?: unknown }).$file)));
  return JSON.stringify({ files: local, ...(localised(parts, path) as object) });
}

import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { syncFolder, writeFully } from '../../core/durable-file';
import { InputError, Interruption, MetaplastError } from '../../core/errors';
import { codeOf, writeFailure } from '../../core/file-failures';
import { sumsOf } from './verify';

/** How a file is fetched. */
export interface DownloadOptions {
  readonly signal?: AbortSignal;
  /** How much of it is there, in bytes. */
  readonly onProgress?: (bytes: number) => void;
  /** A line for people. */
  readonly say?: (line: string) => void;
  /** How often it is tried where the connection breaks or the server is busy. Default 4. */
  readonly attempts?: number;
  /** Milliseconds before the second attempt; twice as many before the next. Default 1000. */
  readonly pause?: number;
  /** Milliseconds without a byte after which a connection counts as broken. Default 60,000. */
  readonly patience?: number;
}

/** A file to fetch, and what it must be. */
export interface WantedFile {
  readonly url: string;
  /** Where it is to be; its folder must exist. */
  readonly target: string;
  readonly bytes: number;
  readonly md5: string;
}

/** Under which name a file grows until it is whole. */
export const partOf = (target: string): string => `${target}.part`;

/**
 * Fetches a file. It grows under a name that ends in `.part`, where a later call goes on from; only when its checksum is right is it
 * synced and renamed, so that under its own name there is never half of it.
 * @throws Interruption where the signal is aborted, MetaplastError where the server or the network fails, or what came is not the file.
 */
export async function downloadFile(wanted: WantedFile, options: DownloadOptions = {}): Promise<void> {
  const part = partOf(wanted.target);
  if (lengthOf(part) > wanted.bytes) fs.rmSync(part);
  const { attempts = 4, pause = 1000, signal } = options;
  for (let attempt = 1; lengthOf(part) < wanted.bytes; attempt++) {
    try {
      await transfer(wanted, part, options);
    } catch (error) {
      if (signal?.aborted) throw interrupted(part);
      if (!(error instanceof Broken)) throw error;
      if (attempt >= attempts) throw error.asFailure(wanted, part);
      const milliseconds = pause * 2 ** (attempt - 1);
      options.say?.(`${error.message}: trying again in ${milliseconds / 1000} s`);
      await wait(milliseconds, undefined, { signal }).catch(() => {
        throw interrupted(part);
      });
    }
  }
  await checkSums(wanted, part, signal);
  install(part, wanted.target);
}

/** A failure after which another attempt may do better. */
class Broken extends Error {
  asFailure({ url, bytes }: WantedFile, part: string): MetaplastError {
    const there = lengthOf(part);
    const failure = new MetaplastError({
      what: `"${url}" cannot be fetched: ${this.message}`,
      got: `${there} of ${bytes} bytes`,
      advice:
        there > 0
          ? `Check the network and give the same command again: it goes on from "${part}"`
          : 'Check the network (Node uses no proxy by itself), or copy the file from a machine that has it',
    });
    failure.cause = this.cause;
    return failure;
  }
}

const interrupted = (part: string): Interruption =>
  new Interruption({
    what: 'The download was interrupted',
    advice: lengthOf(part) > 0 ? `The same command goes on from "${part}"` : undefined,
  });

/** Bytes of a file; 0 where there is none. */
export const lengthOf = (file: string): number => fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/** One request, for what the part lacks. @throws Broken where the connection breaks before its end. */
async function transfer(wanted: WantedFile, part: string, options: DownloadOptions): Promise<void> {
  const { signal, onProgress, patience = 60_000 } = options;
  const stalled = new AbortController();
  const timer = setTimeout(() => stalled.abort(), patience);
  try {
    const response = await request(
      wanted,
      lengthOf(part),
      AbortSignal.any([stalled.signal, ...(signal ? [signal] : [])]),
    );
    const from = beginning(response, wanted, part);
    await append(response, wanted, part, from, (bytes) => {
      timer.refresh();
      onProgress?.(bytes);
    });
  } catch (error) {
    if (error instanceof MetaplastError || error instanceof Broken) throw error;
    const why = stalled.signal.aborted ? `nothing came for ${patience / 1000} s` : reasonOf(error);
    throw new Broken(why, { cause: error });
  } finally {
    clearTimeout(timer);
    stalled.abort(); // Ends the connection where its answer is of no use.
  }
  const there = lengthOf(part);
  if (there < wanted.bytes) throw new Broken(`the connection ended after ${there} of ${wanted.bytes} bytes`);
}

async function request({ url }: WantedFile, from: number, signal: AbortSignal): Promise<Response> {
  const range: Record<string, string> = from > 0 ? { range: `bytes=${from}-` } : {};
  // Packed files must come as they are, not unpacked on the way.
  const response = await fetch(address(url), {
    signal,
    headers: { ...range, 'accept-encoding': 'identity' },
  });
  if (response.ok || response.status === 416) return response;
  const answer = `the server answers ${response.status} ${response.statusText}`;
  if (response.status >= 500 || response.status === 429) throw new Broken(answer);
  throw new MetaplastError({
    what: `"${url}" cannot be fetched: ${answer}`,
    advice:
      'It may have moved: name another address that has it with --from, or copy the file from a machine that has it',
  });
}

function address(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed !== undefined && ['http:', 'https:'].includes(parsed.protocol)) return parsed;
  throw new InputError({
    what: 'This is no address to fetch from',
    got: url,
    legal: 'http://... or https://...',
  });
}

/** From which byte on the answer is to be written; where the server does not go on from where the part ends, from the first. */
function beginning(response: Response, { url }: WantedFile, part: string): number {
  if (response.status === 200) return 0;
  const from = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1];
  const there = lengthOf(part);
  if (response.status === 206 && Number(from) === there) return there;
  fs.rmSync(part, { force: true });
  throw new Broken(`the server of "${url}" does not go on from byte ${there}`);
}

/** Writes what comes behind the first `from` bytes. @throws MetaplastError where the disk fails, or more comes than there should be. */
async function append(
  response: Response,
  { url, bytes }: WantedFile,
  part: string,
  from: number,
  onProgress: (bytes: number) => void,
): Promise<void> {
  const descriptor = onDisk(part, () => fs.openSync(part, from > 0 ? 'r+' : 'w'));
  let at = from;
  try {
    for await (const chunk of response.body ?? []) {
      if (at + chunk.length > bytes) throw tooLong(url, bytes, part);
      onDisk(part, () => writeFully(descriptor, chunk, at));
      at += chunk.length;
      onProgress(at);
    }
  } finally {
    fs.closeSync(descriptor);
  }
}

function onDisk<T>(part: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw writeFailure(part, error);
  }
}

function tooLong(url: string, bytes: number, part: string): MetaplastError {
  fs.rmSync(part, { force: true });
  return new MetaplastError({
    what: `"${url}" is not the published file: more comes than its ${bytes} bytes. What came was removed`,
    advice: 'Try again, or name another address that has it with --from',
  });
}

async function checkSums({ url, bytes, md5 }: WantedFile, part: string, signal?: AbortSignal): Promise<void> {
  const found = await sumsOf(part, signal);
  if (found.bytes === bytes && found.md5 === md5) return;
  fs.rmSync(part, { force: true });
  throw new MetaplastError({
    what: `What came from "${url}" is not the published file, and was removed`,
    got: `md5 ${found.md5}, ${found.bytes} bytes`,
    legal: `md5 ${md5}, ${bytes} bytes`,
    advice: 'Try again, or name another address that has it with --from',
  });
}

/** Gives a whole file its name, so that it survives a power cut. */
export function install(whole: string, target: string): void {
  onDisk(target, () => {
    const descriptor = fs.openSync(whole, 'r+');
    try {
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
    fs.renameSync(whole, target);
    syncFolder(path.dirname(target));
  });
}

/** What fetch says hides what has happened in its causes. */
function reasonOf(error: unknown): string {
  const cause = (error as Error).cause;
  if (cause === undefined) return (error as Error).message;
  const { message } = cause as Error;
  return message === '' || message === undefined ? codeOf(cause) : message;
}

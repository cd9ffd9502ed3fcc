import fs from 'node:fs';
import { codeOf, readFailure, writeFailure } from '../core/file-failures';

/**
 * What happened to a trial. `claimed`, `resumed` (gone on with after another attempt was interrupted, or its worker fell silent) and `retried` (after
 * a crash) begin an attempt; `interrupted`, `crashed` and `lost` (another worker has taken over) end it; `ended` and `failed` end the trial.
 */
export type JournalEvent =
  | 'claimed'
  | 'resumed'
  | 'retried'
  | 'interrupted'
  | 'crashed'
  | 'lost'
  | 'ended'
  | 'failed';

/** A line of `journal.jsonl`. */
export interface JournalEntry {
  readonly event: JournalEvent;
  readonly trial: number;
  readonly attempt: number;
  readonly worker: string;
  readonly host: string;
  readonly pid: number;
  /** By that host's clock, as ISO 8601. */
  readonly time: string;
  /** Why, where it crashed or failed. */
  readonly error?: string;
  /** By the clock on the wall, and of computing, of this attempt. */
  readonly seconds?: number;
  readonly cpuSeconds?: number;
  /** What people should know besides. */
  readonly note?: string;
}

/** Characters of an error that are kept: a line stays so short that one write takes it. */
const mostOfAnError = 600;

/** The file to which every worker of a study adds what happened, a line of JSON each. It tells; what counts stands in `claims/` and `trials/`. */
export class Journal {
  /** Bytes that were read already, up to the end of a line. */
  private readTo = 0;

  constructor(private readonly file: string) {}

  /** Adds a line, in one write to the end of the file, whoever else adds at the same time. What a crash left of a line is ended first. */
  append(entry: JournalEntry): void {
    const { error, note, ...rest } = entry;
    const cut = (text: string) =>
      text.length > mostOfAnError ? `${text.slice(0, mostOfAnError - 3)}...` : text;
    const line = JSON.stringify({
      ...rest,
      error: error === undefined ? undefined : cut(error),
      note: note === undefined ? undefined : cut(note),
    });
    try {
      const descriptor = fs.openSync(this.file, 'a+');
      try {
        fs.writeSync(descriptor, `${endsWithin(descriptor) ? '\n' : ''}${line}\n`);
        fs.fsyncSync(descriptor);
      } finally {
        fs.closeSync(descriptor);
      }
    } catch (failure) {
      throw writeFailure(this.file, failure);
    }
  }

  /** What was told since the last call, at first everything. A line that is not whole is left out; the last one may yet become it. */
  news(): readonly JournalEntry[] {
    const bytes = this.unread();
    const end = bytes.lastIndexOf(0x0a) + 1;
    this.readTo += end;
    return parseLines(bytes.subarray(0, end).toString('utf8'));
  }

  private unread(): Buffer {
    let descriptor: number;
    try {
      descriptor = fs.openSync(this.file, 'r');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return Buffer.alloc(0);
      throw readFailure(this.file, error);
    }
    try {
      const bytes = Buffer.alloc(Math.max(0, fs.fstatSync(descriptor).size - this.readTo));
      const read = fs.readSync(descriptor, bytes, 0, bytes.byteLength, this.readTo);
      return bytes.subarray(0, read);
    } catch (error) {
      throw readFailure(this.file, error);
    } finally {
      fs.closeSync(descriptor);
    }
  }
}

/** Whether a file ends within a line. */
function endsWithin(descriptor: number): boolean {
  const { size } = fs.fstatSync(descriptor);
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  fs.readSync(descriptor, last, 0, 1, size - 1);
  return last[0] !== 0x0a;
}

function parseLines(text: string): JournalEntry[] {
  return text.split('\n').flatMap((line) => {
    try {
      const entry = JSON.parse(line) as Partial<JournalEntry> | null;
      const isWhole = typeof entry?.event === 'string' && Number.isSafeInteger(entry.trial);
      return isWhole ? [entry as JournalEntry] : [];
    } catch {
      return [];
    }
  });
}

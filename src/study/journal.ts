import fs from 'node:fs';
import { writeFailure } from '../core/file-failures';
import { NewLines } from './new-lines';

/**
 * What happened to a trial. `claimed`, `resumed` (gone on with after another attempt was interrupted, or its worker fell silent) and `retried` (after
 * a crash) begin an attempt; `interrupted`, `crashed` and `lost` (another worker has taken over) end it; `ended` and `failed` end the trial. In a search
 * besides: `reported` (it has come to a rung), `stopped` (it is not to go on from there) and `promoted` (it is, after all, which begins an attempt).
 */
export type JournalEvent =
  | 'claimed'
  | 'resumed'
  | 'retried'
  | 'interrupted'
  | 'crashed'
  | 'lost'
  | 'ended'
  | 'failed'
  | 'reported'
  | 'stopped'
  | 'promoted';

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
  /** Of a search: the rung, the meta-step at which its value was measured, the value, the best up to there and the mean of all; null for what is no number. */
  readonly rung?: number;
  readonly metaStep?: number;
  readonly value?: number | null;
  readonly best?: number | null;
  readonly mean?: number | null;
  /** How many trials were compared at the rung, what had to be reached, and by halving: how many were better, how many go on, whether more could come. */
  readonly of?: number;
  readonly threshold?: number | null;
  readonly rank?: number;
  readonly keep?: number;
  readonly closed?: boolean;
}

/** Characters of an error that are kept: a line stays so short that one write takes it. */
const mostOfAnError = 600;

/** The file to which every worker of a study adds what happened, a line of JSON each. It tells; what counts stands in `claims/` and `trials/`. */
export class Journal {
  private readonly lines: NewLines;

  constructor(private readonly file: string) {
    this.lines = new NewLines(file);
  }

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
    return parseLines(this.lines.read());
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

function parseLines(lines: readonly string[]): JournalEntry[] {
  return lines.flatMap((line) => {
    try {
      const entry = JSON.parse(line) as Partial<JournalEntry> | null;
      const isWhole = typeof entry?.event === 'string' && Number.isSafeInteger(entry.trial);
      return isWhole ? [entry as JournalEntry] : [];
    } catch {
      return [];
    }
  });
}

import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeDurably } from '../../core/durable-file';
import { validate } from '../../core/validate';

const timingSchema = z.record(z.string(), z.number().min(0));

/**
 * Seconds that each part of a run has taken, over all its processes. Kept in a file of its own, beside those that have the
 * same bytes whenever and wherever the run is made.
 */
export class Timing {
  private spent: Record<string, number> = {};

  constructor(
    private readonly file: string,
    resumed: boolean,
  ) {
    if (!resumed || !existsSync(file)) return;
    this.spent = validate(timingSchema, JSON.parse(readFileSync(file, 'utf8')), file);
  }

  add(part: string, seconds: number): void {
    this.spent[part] = this.seconds(part) + seconds;
  }

  seconds(part: string): number {
    return this.spent[part] ?? 0;
  }

  save(): void {
    writeDurably(this.file, `${JSON.stringify(this.spent, null, 2)}\n`);
  }
}

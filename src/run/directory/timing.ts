import { z } from 'zod';

const seconds = z.record(z.string(), z.number().min(0));

/**
 * Seconds that each part of a run has taken, over all its processes. Kept in a file of its own, beside those that have the
 * same bytes whenever and wherever the run is made.
 */
export class Timing {
  private readonly spent: Map<string, number>;

  /** @param text What the file held; nothing is spent yet where it is left out. */
  constructor(text?: string) {
    this.spent = new Map(Object.entries(seconds.parse(JSON.parse(text ?? '{}'))));
  }

  add(part: string, taken: number): void {
    this.spent.set(part, this.seconds(part) + taken);
  }

  seconds(part: string): number {
    return this.spent.get(part) ?? 0;
  }

  /** What the file is to hold. */
  format(): string {
    return `${JSON.stringify(Object.fromEntries(this.spent), null, 2)}\n`;
  }
}

import { yieldToEventLoop } from '../../../core/yield-to-event-loop';
import { isGroup } from '../../../study/compare/leaf-path';
import { recordNumbers } from '../../../study/search/course/record-numbers';
import { fileOf, type Place } from '../catalog/run-place';
import { FileProblem, readPart } from '../files/enclosure';
import { isNestedTooDeep, isTooDeep } from '../files/nesting';
import { Series } from './series';

const chunkBytes = 1024 * 1024;
const longestLine = 16 * 1024 * 1024;
const mostNames = 2000;
/** Points of one metric of one run. */
const mostPoints = 500_000;

/** What the records of a run may be counted by, the first that one has. */
const counters = ['metaStep', 'tasks', 'task', 'step', 'epoch', 'iteration'];

/** `metrics.ndjson` of a run, of which what is new is read each time. */
export class MetricsFile {
  private identity = '';
  private readTo = 0;
  /** The bytes before `readTo`, by which it is seen that the file was cut and has grown again. */
  private before = Buffer.alloc(0);
  private lines = 0;
  /** The first line that is nested too deep, from 1 on. */
  private tooDeep: number | null = null;
  private found = new Set<string>();
  private readonly wanted = new Set<string>();
  private series = new Map<string, Series>();
  private updating: Promise<void> = Promise.resolve();

  constructor(private readonly place: Place) {}

  /** Whole lines. */
  get lineCount(): number {
    return this.lines;
  }

  /** The numbers of its records, by their paths. */
  get names(): readonly string[] {
    return [...this.found];
  }

  /** What is wrong with it, in a sentence. */
  get problems(): readonly string[] {
    return this.tooDeep === null ? [] : [`metrics.ndjson: line ${this.tooDeep} ${isTooDeep}`];
  }

  /** Points that are kept. */
  get points(): number {
    return [...this.series.values()].reduce((sum, { x, even }) => sum + x.length + even.length, 0);
  }

  /** Reads what is new, and from the beginning where a metric is wanted that was not before. */
  update(metrics: readonly string[] = []): Promise<void> {
    const work = async () => {
      if (metrics.some((metric) => !this.wanted.has(metric))) this.forget();
      for (const metric of metrics) this.wanted.add(metric);
      try {
        await this.read();
      } catch (error) {
        if (!(error instanceof FileProblem)) throw error;
        this.forget(); // It is missing, or no file.
      }
    };
    this.updating = this.updating.then(work, work);
    return this.updating;
  }

  /** The series of a metric that was wanted. */
  of(metric: string): Series[] {
    return [...this.series].filter(([key]) => JSON.parse(key)[0] === metric).map(([, series]) => series);
  }

  private forget(): void {
    this.readTo = 0;
    this.before = Buffer.alloc(0);
    this.lines = 0;
    this.tooDeep = null;
    this.found = new Set();
    this.series = new Map();
  }

  private async read(): Promise<void> {
    const { enclosure } = this.place;
    const file = fileOf(this.place, 'metrics.ndjson');
    for (let isMore = true; isMore; ) {
      isMore = enclosure.using(file, ({ descriptor, stats }) => {
        const identity = `${stats.dev}.${stats.ino}`;
        const { before } = this;
        const isSame = readPart(descriptor, this.readTo - before.length, this.readTo).equals(before);
        if (identity !== this.identity || !isSame) this.forget();
        this.identity = identity;
        return this.readChunk(descriptor, stats.size);
      });
      await yieldToEventLoop();
    }
  }

  /** Whether more is left to be read. */
  private readChunk(descriptor: number, size: number): boolean {
    for (let length = chunkBytes; ; length *= 4) {
      const chunk = readPart(descriptor, this.readTo, Math.min(size, this.readTo + length));
      const end = chunk.lastIndexOf(0x0a) + 1;
      if (end > 0) {
        for (const line of chunk
          .subarray(0, end - 1)
          .toString('utf8')
          .split('\n'))
          this.add(line);
        this.before = Buffer.from(chunk.subarray(Math.max(0, end - 64), end));
        this.readTo += end;
        return this.readTo < size && end === chunk.length;
      }
      // A line that is not whole yet, or one longer than any that metaplast writes.
      if (this.readTo + length >= size || length > longestLine) return false;
    }
  }

  private add(line: string): void {
    const at = this.lines++;
    if (isNestedTooDeep(line)) {
      this.tooDeep ??= at + 1;
      return;
    }
    let record: unknown;
    try {
      record = JSON.parse(line);
    } catch {
      return; // Not as the run wrote it, which is among the damages.
    }
    if (!isGroup(record)) return;
    const by = counters.find((name) => typeof record[name] === 'number') ?? 'line';
    const x = by === 'line' ? at : Number(record[by]);
    const group = typeof record.method === 'string' ? record.method : null;
    for (const [metric, value] of recordNumbers(record)) {
      if (metric === by) continue;
      if (this.found.size < mostNames) this.found.add(metric);
      if (!this.wanted.has(metric)) continue;
      const key = JSON.stringify([metric, by, group]);
      let series = this.series.get(key);
      if (series === undefined) {
        series = new Series(by, group);
        this.series.set(key, series);
      }
      series.add(x, value !== null && Number.isFinite(value) ? value : Number.NaN, mostPoints);
    }
  }
}

import type { Span } from '../../protocol/traces';
import { residualOf } from './moments';

/** Rows of one phase, one behind the other. */
export interface PhaseRows {
  readonly count: number;
  readonly task: number;
  readonly phase: number;
  readonly beta: number;
  /** At the last row. */
  readonly step: number;
  readonly residual: number | undefined;
}

type Growing = { -readonly [Part in keyof Span]: Span[Part] };

/**
 * Makes spans of rows as they come, no more than so many: where there would be more, spans that stand one behind the other become one, two by two, so that
 * memory stays bounded however many rows there are.
 */
export class SpanMerger {
  private readonly spans: Growing[] = [];
  /** The phase that the last row was of, not yet among the spans. */
  private open: Growing | null = null;
  /** Of how many phases each span is, and how many the last one has. */
  private each = 1;
  private inLast = 0;

  /** @param most Spans, 2 or more. */
  constructor(
    private next: number,
    private readonly most: number,
  ) {}

  /** The row that comes next. */
  get row(): number {
    return this.next;
  }

  add({ count, task, phase, beta, step, residual }: PhaseRows): void {
    const row = this.next;
    this.next += count;
    const { open } = this;
    if (open !== null && open.lastTask === task && open.phase === phase && open.beta === beta) {
      open.endRow = row + count;
      open.steps = step;
      open.residual = residualOf(residual);
      return;
    }
    if (open !== null) this.close(open);
    this.open = {
      firstRow: row,
      endRow: row + count,
      firstTask: task,
      lastTask: task,
      phase,
      beta,
      steps: step,
      residual: residualOf(residual),
    };
  }

  /** The spans of all rows so far. */
  result(): { readonly spans: readonly Span[]; readonly merged: boolean } {
    if (this.open === null) return { spans: [], merged: false };
    const last = this.spans.at(-1);
    const isPart = last !== undefined && this.inLast < this.each;
    const spans = isPart ? [...this.spans.slice(0, -1), joined(last, this.open)] : [...this.spans, this.open];
    return { spans: spans.map((span) => ({ ...span })), merged: this.each > 1 };
  }

  private close(span: Growing): void {
    const last = this.spans.at(-1);
    if (last !== undefined && this.inLast < this.each) {
      this.spans[this.spans.length - 1] = joined(last, span);
      this.inLast++;
    } else {
      this.spans.push(span);
      this.inLast = 1;
    }
    // The phase that is open needs a place too.
    if (this.spans.length === this.most && this.inLast === this.each) this.halve();
  }

  private halve(): void {
    const pairs = this.spans.splice(0);
    for (let i = 0; i < pairs.length; i += 2) {
      const second = pairs[i + 1];
      this.spans.push(second === undefined ? pairs[i]! : joined(pairs[i]!, second));
    }
    this.inLast = pairs.length % 2 === 0 ? 2 * this.each : this.each;
    this.each *= 2;
  }
}

function joined(a: Span, b: Span): Growing {
  return {
    firstRow: a.firstRow,
    endRow: b.endRow,
    firstTask: a.firstTask,
    lastTask: b.lastTask,
    phase: a.phase === b.phase ? a.phase : null,
    beta: a.beta === b.beta ? a.beta : null,
    steps: b.steps,
    residual: largest(a.residual, b.residual),
  };
}

function largest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}

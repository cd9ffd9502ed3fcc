import type { Span, Timeline } from '../../protocol/traces';

/** A span, cut where the rows shown end. */
export interface ShownSpan extends Span {
  /** False where its phase goes on behind its last row, or may: what its last row says is nothing that the phase ended with. */
  readonly isWhole: boolean;
}

/**
 * The spans of the rows before `to`, of a timeline that was asked for with the row behind them: that one says whether the last phase ends there.
 * @param isOver whether nothing can come behind the last row of the trace
 */
export function shownSpans({ spans }: Pick<Timeline, 'spans'>, to: number, isOver: boolean): ShownSpan[] {
  const within = spans.filter(({ firstRow }) => firstRow < to);
  const isFollowed = within.length < spans.length;
  return within.map((span, i) => ({
    ...span,
    endRow: Math.min(span.endRow, to),
    isWhole: i < within.length - 1 || (span.endRow <= to && (isFollowed || isOver)),
  }));
}

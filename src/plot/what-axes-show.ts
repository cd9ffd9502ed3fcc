import { canShow } from './can-show';
import type { Panel, Point, Series } from './figure';

/** What of a panel its axes can show, and what is to be said of the rest. */
export interface Shown {
  readonly series: readonly Series[];
  /** Sentences for the caption. */
  readonly notes: readonly string[];
}

/**
 * Points that an axis cannot show become gaps, and are counted in a note: values that are not finite (a task has diverged,
 * say), and on a log axis those at or below 0. So a long run does not fail for one point, and nobody takes the picture for
 * the whole. An interval's end that cannot be shown is taken away, likewise.
 */
export function whatAxesShow({ x, y, series }: Panel): Shown {
  const notes: string[] = [];
  const kept = series.map((one): Series => {
    const missing = { notFinite: 0, notPositive: 0, cut: 0 };
    const points = one.points.map((point): Point => {
      if (canShow(x, point.x) && canShow(y, point.y)) {
        const [low, high] = [point.low, point.high].map((end) =>
          end === undefined || canShow(y, end) ? end : Number.NaN,
        );
        if (Number.isFinite(point.low) && Number.isNaN(low)) missing.cut++;
        return { ...point, low, high };
      }
      if (Number.isFinite(point.x) && Number.isFinite(point.y)) missing.notPositive++;
      else missing.notFinite++;
      return { x: Number.NaN, y: Number.NaN };
    });
    // Of a muted series, the panel where it is not muted says so.
    if (one.muted !== true) notes.push(...told(one.label, points.length, missing));
    return { ...one, points };
  });
  return { series: kept, notes };
}

function told(
  label: string,
  all: number,
  { notFinite, notPositive, cut }: Record<'notFinite' | 'notPositive' | 'cut', number>,
): string[] {
  const of = `of ${all} points of "${label}"`;
  return [
    ...(notFinite === 0 ? [] : [`Not shown: ${notFinite} ${of}, not finite.`]),
    ...(notPositive === 0 ? [] : [`Not shown: ${notPositive} ${of}, at or below 0 on a log axis.`]),
    ...(cut === 0 ? [] : [`Cut off: the intervals at ${cut} ${of} reach 0 or below.`]),
  ];
}

import type { ReferenceLine, Series } from '../figure';
import { grey } from '../palette';
import type { TextStyle } from './font';
import { textHeight, textLines } from './text-lines';
import { textWidth } from './text-width';

const style: TextStyle = { size: 11 };

/** Where a panel's axes lie, in pixels. */
interface Edges {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The labels of upright reference lines, each beside its line at the top, or at the bottom, where it covers fewest points of the
 * curves; each a line lower than the one before, so that none covers another.
 */
export function uprightLabels(
  {
    marks,
    domain: [from, to],
    series,
  }: {
    readonly marks: readonly ReferenceLine[];
    readonly domain: readonly [number, number];
    readonly series: readonly Series[];
  },
  { place }: { place(direction: 'x' | 'y', value: number): number },
  { left, right, bottom }: Edges,
): string {
  const lines = series.map(({ points }) => points.map(({ x, y }) => [place('x', x), place('y', y)] as const));
  const seen = marks.filter(({ at }) => at >= from && at <= to);
  return seen
    .map(({ label, at }, i) => {
      const [width, height] = [textWidth(label, style), textHeight(1, style)];
      const row = 4 + i * height;
      const boxes = [row, bottom - row - height].flatMap((y) => {
        const sides = [place('x', at) + 4, place('x', at) - 4 - width].map((x) => ({ x, y, width, height }));
        const inside = sides.filter((box) => box.x >= left && box.x + width + 4 <= right);
        return inside.length > 0 ? inside : sides.slice(1);
      });
      const covered = boxes.map((box) => lines.reduce((sum, line) => sum + pointsIn(box, line), 0));
      const { x, y } = boxes[covered.indexOf(Math.min(...covered))]!;
      return textLines([label], { ...style, fill: grey, seam: true, x, y });
    })
    .join('');
}

/** How many of the places along a line, a few pixels from each other, lie in a box. */
function pointsIn({ x, y, width, height }: Box, line: readonly (readonly [x: number, y: number])[]): number {
  let count = 0;
  line.forEach(([toX, toY], i) => {
    const [fromX, fromY] = line[i - 1] ?? [toX, toY];
    const length = Math.hypot(toX - fromX, toY - fromY);
    if (!Number.isFinite(length)) return;
    const steps = Math.max(1, Math.min(200, Math.ceil(length / 4)));
    for (let step = 1; step <= steps; step++) {
      const [atX, atY] = [fromX + ((toX - fromX) * step) / steps, fromY + ((toY - fromY) * step) / steps];
      if (atX >= x && atX <= x + width && atY >= y && atY <= y + height) count++;
    }
  });
  return count;
}

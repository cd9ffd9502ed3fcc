import type { Axis, Figure, Panel, Point, ReferenceLine, Series } from '../../src/plot/figure';
import type { Along, GrowthCurve, GrowthPoint } from './growth-curves';
import { fitLinearRange, type Measured } from './power-law';

/** What is told of a point. */
export type Measure = 'milliseconds' | 'bytes';

const alongs: readonly Along[] = ['synapses', 'samples', 'layers'];

export const measuredOf = ({ points }: GrowthCurve, measure: Measure): Measured[] =>
  points.map((point: GrowthPoint) => ({ size: point.size, value: point[measure] }));

/** Time a step and bytes of memory as figures: a panel for what grows, on logarithmic axes, with the fitted lines dashed. */
export function growthFigures(curves: readonly GrowthCurve[]): Figure[] {
  const seen =
    'Straight lines of slope 1 are linear growth; dashed are the fits, over the sizes where it is linear.';
  return [
    {
      name: 'growth-time',
      title: 'How the time of a step of the simd engine grows',
      caption: `${seen} Small sizes cost what a step costs whatever its size.`,
      panels: panels(curves, 'milliseconds', 'time a step (ms)'),
    },
    {
      name: 'growth-bytes',
      title: 'How the memory of the simd engine grows',
      caption: `${seen} Shared memory: state, activations and batch.`,
      panels: panels(curves, 'bytes', 'memory (bytes)'),
    },
  ];
}

function panels(curves: readonly GrowthCurve[], measure: Measure, label: string): Panel[] {
  return alongs
    .map((along) => ({ along, here: curves.filter((curve) => curve.along === along) }))
    .filter(({ here }) => here.length > 0)
    .map(({ along, here }) => ({
      title: `By ${along}`,
      x: logarithmic(along),
      y: logarithmic(label),
      series: here.flatMap((curve) => seriesOf(curve, measure)),
      marks: here.flatMap((curve) => marksOf(curve, measure)),
    }));
}

const logarithmic = (label: string): Axis => ({ label, scale: 'log' });

/** Where growth begins to be linear. */
function marksOf(curve: GrowthCurve, measure: Measure): ReferenceLine[] {
  const fit = fitLinearRange(measuredOf(curve, measure));
  return fit === null ? [] : [{ axis: 'x', at: fit.from, label: `${curve.what}: linear from here` }];
}

function seriesOf(curve: GrowthCurve, measure: Measure): Series[] {
  const measured = measuredOf(curve, measure);
  const fit = fitLinearRange(measured);
  const seen: Series = {
    label: `${curve.what}, ${curve.shapes}`,
    kind: 'line-and-dots',
    points: measured.map(({ size, value }): Point => ({ x: size, y: value })),
  };
  if (fit === null) return [seen];
  const ends = [fit.from, fit.to].map((x): Point => ({ x, y: fit.factor * x ** fit.slope }));
  return [seen, { label: `slope ${fit.slope.toFixed(2)}`, points: ends, dashed: true }];
}

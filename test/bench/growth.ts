import type { BlasChoice } from '../../src/engine/simd/machine/blas-choice';
import { table } from './figures';
import { type GrowthCurve, growthCurves } from './growth-curves';
import { growthFigures, type Measure, measuredOf } from './growth-figures';
import { fitLinearRange } from './power-law';
import type { Report } from './report';

/** How time a step and bytes grow, with fitted slopes. It has no goals, so that it never fails. */
export async function measureGrowth(blas: BlasChoice): Promise<Report> {
  const curves = await growthCurves(blas);
  const fits = curves.map((curve) => ({ time: fitOf(curve, 'milliseconds'), bytes: fitOf(curve, 'bytes') }));
  return {
    data: { curves: curves.map((curve, i) => ({ ...curve, fits: fits[i] })) },
    lines: curves.flatMap(describe),
    figures: growthFigures(curves),
    exitCode: 0,
  };
}

const fitOf = (curve: GrowthCurve, measure: Measure) => fitLinearRange(measuredOf(curve, measure));

function describe(curve: GrowthCurve): string[] {
  const cells = curve.points.map(({ size, milliseconds, bytes }) => [
    ...[String(size), `${milliseconds.toPrecision(3)} ms`, `${(bytes / 1e6).toPrecision(3)} MB`],
    ...[`${((1e6 * milliseconds) / size).toPrecision(3)} ns`, (bytes / size).toPrecision(3)],
  ]);
  const each = curve.along.slice(0, -1);
  const slope = (what: string, measure: Measure) => {
    const fit = fitOf(curve, measure);
    return fit === null
      ? `${what}: linear nowhere`
      : `${what}: slope ${fit.slope.toFixed(3)} from ${fit.from} to ${fit.to} ${curve.along}`;
  };
  return [
    '',
    `${curve.what} by ${curve.along} (${curve.shapes})`,
    ...table([[curve.along, 'a step', 'memory', `time a ${each}`, `bytes a ${each}`], ...cells]),
    ...[slope('time', 'milliseconds'), slope('bytes', 'bytes')],
  ];
}

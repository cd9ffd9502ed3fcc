import { z } from 'zod';
import { kebabCase } from '../core/kebab-case';
import { validate } from '../core/validate';
import { canShow } from './can-show';
import type { Axis, Figure } from './figure';

/** A number of the data: whatever was computed, for JSON writes null where it is not finite. */
const datum = z.union([
  z.custom<number>((value) => typeof value === 'number'),
  z.null().transform(() => Number.NaN),
]);

const point = z.strictObject({ x: datum, y: datum, low: datum.optional(), high: datum.optional() });

const series = z.strictObject({
  label: z.string(),
  points: z.array(point),
  kind: z.enum(['line', 'dots', 'line-and-dots', 'band']).optional(),
  dashed: z.boolean().optional(),
  group: z.string().optional(),
  muted: z.boolean().optional(),
  labelled: z.boolean().optional(),
});

const span = z
  .strictObject({
    from: z.number(),
    to: z.number(),
    label: z.string(),
    brief: z.string().optional(),
    shade: z.enum(['pale', 'warm', 'cool']),
  })
  .refine(({ from, to }) => from < to, {
    path: ['to'],
    message: 'a span goes from a smaller x to a larger one',
  });

const axis = z
  .strictObject({
    label: z.string(),
    scale: z.enum(['linear', 'log']),
    withZero: z.boolean().optional(),
    domain: z.tuple([z.number(), z.number()]).optional(),
  })
  .refine(({ domain }) => domain === undefined || domain[0] < domain[1], {
    path: ['domain'],
    message: 'it must go from a smaller value to a larger one',
  })
  .refine((given) => given.domain === undefined || canShow(given, given.domain[0]), {
    path: ['domain'],
    message: 'a log axis begins above 0',
  });

const cells = z
  .strictObject({
    label: z.string(),
    columns: z.int().min(1),
    values: z.array(datum).min(1),
    domain: z.tuple([z.number(), z.number()]).optional(),
  })
  .refine(({ columns, values }) => values.length % columns === 0, {
    path: ['values'],
    message: 'rows must be whole: a multiple of columns',
  });

const panel = z
  .strictObject({
    title: z.string().optional(),
    x: axis,
    y: axis,
    series: z.array(series),
    marks: z
      .array(z.strictObject({ axis: z.enum(['x', 'y']), at: z.number(), label: z.string() }))
      .optional(),
    spans: z.array(span).optional(),
    cells: cells.optional(),
  })
  .superRefine(({ marks = [], spans = [], ...axes }, context) => {
    const mustBeShown = (axis: Axis, value: number, path: PropertyKey[]) => {
      if (canShow(axis, value)) return;
      const message = 'a log axis has no such place; legal: above 0';
      context.addIssue({ code: 'custom', path, message });
    };
    marks.forEach(({ axis, at }, i) => {
      mustBeShown(axes[axis], at, ['marks', i, 'at']);
    });
    spans.forEach(({ from }, i) => {
      mustBeShown(axes.x, from, ['spans', i, 'from']);
    });
  });

const schema = z.strictObject({
  name: z.string().regex(kebabCase, 'a name is kebab-case, since files are called by it: error-by-beta'),
  title: z.string(),
  caption: z.string(),
  panels: z.array(panel).min(1),
  columns: z.int().min(1).max(6).optional(),
  panelHeight: z.number().min(60).max(2000).optional(),
  sharedAxes: z.array(z.enum(['x', 'y'])).optional(),
});

/**
 * The figure, where it can be drawn: read from JSON too, in which values that are not finite are null and become NaN.
 * Single points that an axis cannot show are no error: see `shown`.
 * @throws InputError naming the part that is wrong: an illegal name, a domain or a reference line at or below 0 on a log
 * axis, or a domain that does not ascend.
 */
export function checkFigure(figure: unknown, what = 'the figure'): Figure {
  return validate(schema, figure, what);
}

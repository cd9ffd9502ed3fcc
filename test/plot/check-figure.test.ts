import { InputError } from '../../src/core/errors';
import { checkFigure } from '../../src/plot/check-figure';
import type { Axis, ReferenceLine, Span } from '../../src/plot/figure';
import { exampleFigures } from './example-figures';

const figure = (
  y: Axis,
  more: { name?: string; marks?: readonly ReferenceLine[]; spans?: readonly Span[] } = {},
) => ({
  name: more.name ?? 'loss',
  title: '',
  caption: '',
  panels: [{ x: { label: 'x', scale: 'linear' }, y, series: [], marks: more.marks, spans: more.spans }],
});
const log: Axis = { label: 'y', scale: 'log' };

describe('a figure', () => {
  test.each(exampleFigures.map((example) => [example.name, example] as const))(
    'such as %s is legal',
    (_, example) => {
      expect(checkFigure(example)).toEqual(example);
    },
  );

  test.each<[string, unknown, RegExp]>([
    [
      'a log axis from 0',
      figure({ ...log, domain: [0, 1] }),
      /panels\[0\]\.y\.domain .*begins above 0\. Got \[0,1\]/,
    ],
    [
      'a domain that falls',
      figure({ ...log, domain: [2, 1] }),
      /domain .*from a smaller value to a larger one/,
    ],
    [
      'a line at 0 on a log axis',
      figure(log, { marks: [{ axis: 'y', at: 0, label: '' }] }),
      /marks\[0\]\.at .*legal: above 0/,
    ],
    [
      'a line at no number',
      figure(log, { marks: [{ axis: 'x', at: Number.NaN, label: '' }] }),
      /marks\[0\]\.at .*number/,
    ],
    [
      'a span that ends where it begins',
      figure(log, { spans: [{ from: 1, to: 1, label: '', shade: 'pale' }] }),
      /spans\[0\]\.to .*from a smaller x to a larger one/,
    ],
    ['no column', { ...figure(log), columns: 0 }, /columns .*/],
    ['a name that is no file name', figure(log, { name: '../loss' }), /name .*kebab-case/],
    ['no panel', { ...figure(log), panels: [] }, /panels .*at least 1/],
    ['an unknown key', { ...figure(log), titel: '' }, /no setting "titel" .*Did you mean "title"/],
  ])('with %s is refused', (_, wrong, message) => {
    expect(() => checkFigure(wrong)).toThrow(InputError);
    expect(() => checkFigure(wrong)).toThrow(message);
  });

  test('may begin at 0 on a log axis that has one', () => {
    const counts = figure(
      { ...log, withZero: true, domain: [0, 10] },
      { marks: [{ axis: 'y', at: 0, label: '' }] },
    );
    expect(checkFigure(counts)).toEqual(counts);
  });

  test('is read from JSON, where a value that is no number stands as null', () => {
    const point = { x: 1, y: Number.NaN };
    const panel = { ...figure(log).panels[0]!, series: [{ label: 'a', points: [point] }] };
    const text = JSON.stringify({ ...figure(log), panels: [panel] });
    expect(text).toContain('null');
    expect(checkFigure(JSON.parse(text)).panels[0]!.series[0]!.points[0]).toEqual(point);
  });
});

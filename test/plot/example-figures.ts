import type { Figure, Point } from '../../src/plot/figure';

const grid = (count: number, at: (i: number) => number): number[] =>
  Array.from({ length: count }, (_, i) => at(i));
const over = (xs: readonly number[], y: (x: number) => number): Point[] => xs.map((x) => ({ x, y: y(x) }));

const betas = grid(41, (i) => 10 ** (-4 + i / 8));

/** Five curves over both logarithms that end close together, with an optimum and a limit. */
export const closeLines: Figure = {
  name: 'close-lines',
  title: 'Error of the meta-gradient against the nudging strength',
  caption:
    'Noise falls as 1/β and bias rises with a power of β, so that each curve has a lowest place. Made-up numbers, drawn to see that five labels stay apart where five curves end together.',
  panels: [
    {
      x: { label: 'nudging strength β', scale: 'log' },
      y: { label: 'relative error of ∇̂λ', scale: 'log' },
      series: [2, 3, 4, 5]
        .map((p) => ({
          label: p === 2 ? 'forward' : `${p} points`,
          points: over(betas, (beta) => 1e-5 / beta + beta ** (p - 1) / (1 + beta ** (p - 1))),
        }))
        .concat({
          label: 'upper bound of Eq. 8',
          points: over(betas, (beta) => 2e-5 / beta + (2 * beta) / (1 + beta)),
          dashed: true,
        } as never),
      marks: [
        { axis: 'x', at: 0.0032, label: 'β* = 0.0032' },
        { axis: 'x', at: 5, label: 'too large to have a minimum' },
        { axis: 'y', at: 1e-3, label: 'float32 noise floor' },
      ],
    },
  ],
};

const tasks = grid(11, (i) => 2000 * i);
const falling = (height: number, rate: number, width: number): Point[] =>
  tasks.map((x) => {
    const y = height * Math.exp(-x / rate) + 0.1;
    return { x, y, low: y - width, high: y + width };
  });

/** Two panels side by side, with intervals, and the same colours for the same methods. */
export const twoPanels: Figure = {
  name: 'two-panels',
  title: 'What a synapse that lives through many tasks gains from it',
  caption: 'Bands are 95 % confidence intervals.',
  panels: [
    {
      title: 'Over the stream',
      x: { label: 'tasks lived', scale: 'linear' },
      y: {
        label: 'held-out loss of unseen tasks after 100 inner steps, mean squared error',
        scale: 'linear',
      },
      series: [
        { label: 'contrastive', points: falling(3, 5000, 0.2) },
        { label: 'maml', points: falling(3, 4000, 0.15), kind: 'line-and-dots' },
      ],
    },
    {
      title: 'Inside a task',
      x: { label: 'inner steps', scale: 'linear' },
      y: { label: 'held-out loss', scale: 'log' },
      series: [
        { label: 'maml', points: over(grid(5, Number), (x) => 2.1 * 0.4 ** x) },
        { label: 'contrastive', points: over(grid(5, Number), (x) => 2 * 0.5 ** x) },
      ],
      marks: [{ axis: 'y', at: 0.05, label: 'variance of the noise' }],
    },
  ],
};

/** A band between two bounds, with measured dots that have error bars. */
export const bandAndDots: Figure = {
  name: 'band-and-dots',
  title: 'Measured errors lie between the two bounds',
  caption: 'The band is what theory allows; a bar is the range over three seeds.',
  panels: [
    {
      x: { label: 'steps in the free phase', scale: 'log' },
      y: { label: 'error', scale: 'log', domain: [1e-9, 1] },
      series: [
        {
          label: 'between the bounds of Eq. 8',
          kind: 'band',
          points: grid(20, (i) => 10 ** (1 + i / 10)).map((x) => {
            const y = Math.exp(-x / 50);
            return { x, y, low: y / 3, high: y * 3 };
          }),
        },
        {
          label: 'measured',
          kind: 'dots',
          points: [10, 30, 100, 300].map((x) => {
            const y = Math.exp(-x / 50);
            return { x, y, low: y / 1.5, high: y * 1.5 };
          }),
        },
      ],
    },
  ],
};

/** Values that no axis can show, a curve of one point, a small range on a log axis, and a panel without any value. */
export const oddValues: Figure = {
  name: 'odd-values',
  title: 'What cannot be shown is said',
  caption: 'Gaps are where a value is missing.',
  panels: [
    {
      title: 'A log axis',
      x: { label: 'step', scale: 'linear' },
      y: { label: 'loss', scale: 'log' },
      series: [
        { label: 'reaches zero', points: [0.31, 0.3, 0, 0.28, 0.27].map((y, x) => ({ x, y })) },
        {
          label: 'diverged',
          points: [0.32, 0.33, Number.NaN, Number.POSITIVE_INFINITY].map((y, x) => ({ x, y })),
        },
        {
          label: 'wide',
          points: [0, 1, 2].map((x) => ({ x, y: 0.29, low: -0.1, high: 0.3 })),
          kind: 'line-and-dots',
        },
        { label: 'one point', points: [{ x: 3, y: 0.29 }] },
      ],
    },
    {
      title: 'Nothing',
      x: { label: 'step', scale: 'linear' },
      y: { label: 'loss', scale: 'linear' },
      series: [{ label: 'all diverged', points: [{ x: 0, y: Number.NaN }] }],
    },
    {
      title: 'Large and small numbers',
      x: { label: 'synapses', scale: 'linear' },
      y: { label: 'share < 1 & "rest"', scale: 'linear' },
      series: [{ label: 'a < b & "c"', points: [1e6, 3e6, 1e7].map((x) => ({ x, y: 1 / x })) }],
    },
  ],
};

const phases = ['free', 'beta = 0.1', 'beta = -0.1'].flatMap((label, i) => [
  { label, shade: (['pale', 'warm', 'cool'] as const)[i]!, from: 100 * i, to: 100 * (i + 1) },
]);

/** Two variables of one synapse below each other, through phases of which the last is too short for its label. */
export const shadedPhases: Figure = {
  name: 'shaded-phases',
  title: 'One synapse through the phases of a task',
  caption: 'Shaded: phases in which held-out data is replayed.',
  columns: 1,
  panelHeight: 120,
  panels: ['phi', 'omega'].map((variable) => ({
    x: { label: 'inner step', scale: 'linear' },
    y: { label: variable, scale: 'linear' },
    spans: [...phases, { label: 'free', shade: 'pale', from: 300, to: 302 }],
    series: [{ label: variable, points: over(grid(303, Number), (x) => 1 - Math.exp(-(x % 100) / 20)) }],
  })),
};

/** A panel for each of five curves, with the others in grey behind it. */
export const smallMultiples: Figure = {
  name: 'small-multiples',
  title: 'Five ways to learn, each beside the others',
  caption: 'Grey: the other four. Bands are 95 % confidence intervals.',
  columns: 4,
  panelHeight: 150,
  sharedAxes: ['x', 'y'],
  panels: grid(5, Number).map((own) => ({
    title: `method ${own}`,
    x: { label: 'tasks lived', scale: 'linear' },
    y: { label: 'held-out loss', scale: 'log' },
    series: grid(5, Number).map((other) => ({
      label: `method ${other}`,
      points: falling(1 + other, 4000, 0.05),
      ...(other === own ? { labelled: false } : { muted: true }),
    })),
  })),
};

/** A panel without labels whose axis ends at a long number. */
export const longNumbers: Figure = {
  name: 'long-numbers',
  title: 'Millions of steps',
  caption: 'The last tick stands at the end of the axis.',
  panels: [
    {
      x: { label: 'inner steps', scale: 'linear', domain: [0, 5_000_000] },
      y: { label: 'phi', scale: 'linear' },
      series: [
        {
          label: 'phi',
          labelled: false,
          points: over(
            grid(51, (i) => 100_000 * i),
            Math.sin,
          ),
        },
      ],
    },
  ],
};

/** A map of three rows and four columns, whose last value is missing. */
export const mapOfCells: Figure = {
  name: 'map-of-cells',
  title: 'Mean λ by place',
  caption: 'Made-up numbers, drawn to see that the top row is at the top and a missing value stays white.',
  panels: [
    {
      x: { label: 'column', scale: 'linear', domain: [0, 4] },
      y: { label: 'row', scale: 'linear', domain: [0, 3] },
      series: [],
      cells: { label: 'mean λ', columns: 4, values: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, Number.NaN] },
    },
  ],
};

export const exampleFigures: readonly Figure[] = [
  ...[closeLines, twoPanels, bandAndDots, oddValues],
  ...[shadedPhases, smallMultiples, longNumbers, mapOfCells],
];

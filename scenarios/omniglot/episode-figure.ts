import type { Batch } from '../../src/data/batch';
import type { SeenMethod } from '../../src/few-shot/few-shot-scenario';
import type { Figure, Panel } from '../../src/plot/figure';

const side = 28;
/** Pixels of white around each drawing. */
const gap = 3;
/** Pixels of white between what is learned from and what is held out. */
const sideways = 14;
/** Of a large task, so many classes and drawings of each are shown. */
const mostClasses = 5;
const mostDrawings = 15;

/** Colours: what is told right is dark, what is not is bright. */
const [right, wrong] = [0.15, 0.75];

/** The first unseen task: what there is to learn from, and the held-out drawings, those that were told wrong in another colour. */
export async function episodeFigure({
  method,
  stand,
  unseen,
  judge,
  history,
  signal,
}: SeenMethod): Promise<Figure[]> {
  const [episode] = await unseen.first(1);
  const outputs = await judge.outputs(episode!, stand, signal);
  if (outputs === null) return [];
  const { train, heldOut } = episode!;
  const classes = outputs.length / heldOut.samples;
  const told = predictions(outputs, classes);
  const isWrong = (sample: number): boolean => told[sample] !== heldOut.y[sample];
  const count = told.filter((_, sample) => !isWrong(sample)).length;
  const shown = Math.min(classes, mostClasses);
  const which = shown < classes ? `, of which ${shown} are shown` : '';
  const steps = history.steps.at(-1);
  return [
    {
      name: `${method.name}-episode`,
      title: `omniglot, ${method.name}: an unseen task, ${count} of ${heldOut.samples} drawings told right`,
      caption: `A class a row (${classes} classes${which}). Before the gap: the drawings that are learned from. Behind it: held-out drawings after ${steps} inner steps; bright and framed are those taken for another class.`,
      panels: [drawingsOf(train, heldOut, shown, isWrong)],
      panelHeight: 60 * shown,
    },
  ];
}

/** The class with the largest output, of each sample. */
function predictions(outputs: Float64Array, classes: number): number[] {
  return Array.from({ length: outputs.length / classes }, (_, sample) => {
    const own = outputs.subarray(sample * classes, (sample + 1) * classes);
    return own.indexOf(Math.max(...own));
  });
}

/** Drawings as a map of cells: of each class a row, first those that are learned from. */
function drawingsOf(
  train: Batch,
  heldOut: Batch,
  classes: number,
  isWrong: (sample: number) => boolean,
): Panel {
  const [support, query] = [train, heldOut].map((batch) => samplesOf(batch, 0).length) as [number, number];
  const tile = side + gap;
  const [columns, rows] = [(support + query) * tile + sideways, classes * tile];
  const values = new Array<number>(columns * rows).fill(Number.NaN);
  const put = (batch: Batch, sample: number, top: number, left: number, wrongly: boolean): void => {
    for (let pixel = 0; pixel < side * side; pixel++) {
      if (batch.x[sample * batch.inputs + pixel]! < 0.5) continue;
      values[(top + Math.floor(pixel / side)) * columns + left + (pixel % side)] = wrongly ? wrong : right;
    }
    if (wrongly) frame(values, columns, top, left);
  };
  for (let label = 0; label < classes; label++) {
    const top = label * tile;
    samplesOf(train, label).forEach((sample, i) => {
      put(train, sample, top, i * tile, false);
    });
    samplesOf(heldOut, label).forEach((sample, i) => {
      put(heldOut, sample, top, (support + i) * tile + sideways, isWrong(sample));
    });
  }
  const learned = support === 1 ? 'the first drawing is' : `the first ${support} drawings are`;
  return {
    x: {
      label: `${learned} learned from; ${query} are held out (pixels)`,
      scale: 'linear',
      domain: [0, columns],
    },
    y: { label: 'classes (pixels)', scale: 'linear', domain: [0, rows] },
    series: [],
    cells: { label: 'dark: right', columns, values, domain: [0, 1] },
  };
}

/** Those of one class. */
function samplesOf({ y }: Batch, label: number): number[] {
  const own = Array.from(y.keys()).filter((sample) => y[sample] === label);
  return own.slice(0, mostDrawings);
}

function frame(values: number[], columns: number, top: number, left: number): void {
  for (let i = 0; i <= side; i++) {
    for (const [row, column] of [
      [0, i],
      [side, i],
      [i, 0],
      [i, side],
    ] as const)
      values[(top + row) * columns + left + column] = wrong;
  }
}

import type { Axis, Figure, Panel, Point, Series } from '../../src/plot/figure';
import type { VisionFacts } from './facts';
import { lambdaMaps } from './lambda-map';
import type { MethodRun } from './run-method';

/** Accuracy over meta-steps and what lambda has become; or what a study compares. */
export function visionFigures(facts: VisionFacts): Figure[] {
  const runs = facts.runs.filter(({ history }) => history.train.length > 0);
  if (runs.length === 0) return [];
  if (facts.settings.study === 'steps') return [accuracyBySteps(facts)];
  if (facts.settings.study === 'beta') return [errorByBeta(facts)];
  return [accuracyOverMetaSteps({ ...facts, runs }), ...lambdaFigure({ ...facts, runs })];
}

/** From the least of them up to all. */
function accuracyAxis(shown: readonly { readonly accuracy: number }[]): Axis {
  const least = shown.reduce((low, { accuracy }) => Math.min(low, accuracy), 1);
  const from = Math.max(0, 10 * Math.floor(10 * least - 0.2));
  return { label: 'accuracy (%)', scale: 'linear', domain: [from, 101] };
}

const percentOf = (accuracy: number): number => 100 * accuracy;

function drawn({ resolved, samples, name }: VisionFacts): string {
  return `${name}, ${resolved.train} training and ${resolved.heldOut} held-out images (${samples.names.train})`;
}

function accuracyOverMetaSteps(facts: VisionFacts): Figure {
  const { runs, samples } = facts;
  const y = accuracyAxis(
    runs.flatMap(({ history: { train, heldOut, test } }) => [...train, ...heldOut, ...test]),
  );
  const panel = (title: string, of: (run: MethodRun) => readonly Point[], kind: Series['kind']): Panel => ({
    title,
    x: { label: 'meta-step', scale: 'linear' },
    y,
    series: runs.map((run) => ({ label: run.method.title, kind, points: of(run) })),
  });
  const course = (which: 'train' | 'heldOut') => (run: MethodRun) =>
    run.history[which].map(({ accuracy }, x) => ({ x, y: percentOf(accuracy) }));
  return {
    name: 'accuracy-by-meta-step',
    title: `Accuracy over meta-learning: ${drawn(facts)}`,
    caption: `Each point is a whole learning from the same first phi, before any nudge. Held-out images drive lambda; nothing learns from the ${samples.testCount} test images.`,
    panels: [
      panel('training images', course('train'), 'line'),
      panel('held-out images', course('heldOut'), 'line'),
      panel(
        'test images',
        ({ history }) =>
          history.test.map(({ metaStep, accuracy }) => ({ x: metaStep, y: percentOf(accuracy) })),
        'line-and-dots',
      ),
    ],
  };
}

function lambdaFigure(facts: VisionFacts): Figure[] {
  const { runs, network, resolved } = facts;
  const maps = runs.flatMap(({ method, lambda }) =>
    lambdaMaps(network, lambda).map((map) => ({ ...map, title: `${method.title}: ${map.title}` })),
  );
  if (maps.length === 0) return [];
  const panels = maps.map(({ title, columns, values }): Panel => {
    const rows = values.length / columns;
    return {
      title,
      x: { label: 'column', scale: 'linear', domain: [0, columns] },
      y: { label: 'row', scale: 'linear', domain: [0, rows] },
      series: [],
      cells: { label: 'mean λ', columns, values },
    };
  });
  const perMethod = maps.length / runs.length;
  const columns = perMethod > 1 ? perMethod : Math.min(2, maps.length);
  return [
    {
      name: 'lambda-map',
      title: `What λ has become: ${drawn(facts)}`,
      caption: `Mean λ of the connections that come from each place, after the last meta-step; each was ${resolved.lambda.start} before the first. What comes from bright places is held to 0 more strongly than what comes from dark ones. Each panel has colours of its own.`,
      panels,
      columns,
      // As high as wide.
      panelHeight: columns === 1 ? 570 : 380,
    },
  ];
}

/** Fig 3A. */
function accuracyBySteps(facts: VisionFacts): Figure {
  const { runs, samples, settings } = facts;
  const methods = [...new Set(runs.map(({ method }) => method))];
  const ends = runs.flatMap(({ history: { heldOut, test } }) => [heldOut.at(-1), test.at(-1)]);
  const y = accuracyAxis(ends.filter((end) => end !== undefined));
  const panel = (title: string, of: (run: MethodRun) => number | undefined): Panel => ({
    title,
    x: { label: 'inner steps of the free phase', scale: 'log' },
    y,
    series: methods.map((method) => ({
      label: method.title,
      kind: 'line-and-dots',
      points: runs
        .filter((run) => run.method === method)
        .map((run) => ({ x: run.settings.methods[method.name].steps, y: percentOf(of(run) ?? Number.NaN) })),
    })),
  });
  return {
    name: 'accuracy-by-steps',
    title: `Accuracy by inner steps: ${drawn(facts)}`,
    caption: `After ${metaStepsOf(facts)} meta-steps with so many inner steps each (Fig 3A of the paper); ${samples.testCount} test images. Hyper-parameters "${settings.hyperparameters}" of row ${settings.row}.`,
    panels: [
      panel('held-out images', (run) => endOf(run)?.accuracy),
      panel('test images', ({ history }) =>
        history.failure === null ? history.test.at(-1)?.accuracy : undefined,
      ),
    ],
  };
}

/** Fig 3B. */
function errorByBeta(facts: VisionFacts): Figure {
  const { runs, settings } = facts;
  return {
    name: 'error-by-beta',
    title: `Held-out error by nudging strength: ${drawn(facts)}`,
    caption: `After ${metaStepsOf(facts)} meta-steps of the contrastive rule (Fig 3B of the paper). The paper's theory: the more steps, the smaller the best β and its error. Hyper-parameters "${settings.hyperparameters}" of row ${settings.row}.`,
    panels: [
      {
        x: { label: 'nudging strength β', scale: 'log' },
        y: { label: 'held-out error (%)', scale: 'linear' },
        series: settings.studySteps.map((steps) => ({
          label: `${steps} steps`,
          kind: 'line-and-dots',
          points: runs
            .filter((run) => run.settings.methods.contrastive.steps === steps)
            .map((run) => ({
              x: run.settings.methods.contrastive.beta,
              y: 100 - percentOf(endOf(run)?.accuracy ?? Number.NaN),
            })),
        })),
      },
    ],
  };
}

const metaStepsOf = ({ resolved }: VisionFacts): number => resolved.metaSteps;

/** What a method came to on held-out images; undefined where it failed. */
const endOf = ({ history }: MethodRun) => (history.failure === null ? history.heldOut.at(-1) : undefined);

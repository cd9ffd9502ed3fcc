import type { Figure, Panel } from '../../src/plot/figure';
import { finished, type PermutedFacts } from './facts';
import { meansSoFar, overSeeds } from './forgetting';
import type { MethodRun } from './run-method';

/** How much is remembered after each task, of which task, and what single synapses went through. */
export function permutedFigures(facts: PermutedFacts): Figure[] {
  const shown = facts.methods.filter((method) => finished(facts, method).length > 0);
  if (shown.length === 0) return [];
  return [
    accuracyByTask({ ...facts, methods: shown }),
    matrices({ ...facts, methods: shown }),
    ...courses({ ...facts, methods: shown }),
  ];
}

const learned = 'tasks learned';
const meansOver = (seeds: number): string =>
  seeds === 1 ? 'One seed.' : `Means over ${seeds} seeds; bars are standard errors.`;

function accuracyByTask(facts: PermutedFacts): Figure {
  const { methods, settings } = facts;
  const panel = (title: string, values: (matrix: number[][]) => number[]): Panel => ({
    title,
    x: { label: learned, scale: 'linear', domain: [1, settings.tasks] },
    y: { label: 'accuracy (%)', scale: 'linear' },
    series: methods.map((method) => {
      const matrices = finished(facts, method).map(({ history }) => values(history.accuracy));
      return {
        label: method.title,
        kind: 'line-and-dots',
        points: matrices[0]!.map((_, task) => {
          const { mean, standardError } = overSeeds(matrices.map((course) => 100 * course[task]!));
          const interval =
            standardError === null ? {} : { low: mean - standardError, high: mean + standardError };
          return { x: task + 1, y: mean, ...interval };
        }),
      };
    }),
  });
  return {
    name: 'accuracy-by-task',
    title: 'What is left of tasks that follow one another: permuted MNIST',
    caption: `${meansOver(settings.seeds)} ${settings.epochs === 1 ? 'Each image is seen once a task' : `${settings.epochs} epochs a task`}; judged by ${settings.judgedBy} images.`,
    panels: [
      panel('mean of the tasks so far', meansSoFar),
      panel('the first task', (matrix) => matrix.map((row) => row[0]!)),
    ],
    sharedAxes: ['x', 'y'],
    panelHeight: 320,
  };
}

function matrices(facts: PermutedFacts): Figure {
  const { methods, settings } = facts;
  const { tasks } = settings;
  const meanAt = (runs: readonly MethodRun[], after: number, task: number): number =>
    task > after
      ? Number.NaN
      : overSeeds(runs.map(({ history }) => 100 * history.accuracy[after]![task]!)).mean;
  const panels = methods.map((method): Panel => {
    const runs = finished(facts, method);
    const values = Array.from({ length: tasks * tasks }, (_, i) =>
      meanAt(runs, Math.floor(i / tasks), i % tasks),
    );
    return {
      title: method.title,
      x: { label: 'task, the first on the left', scale: 'linear', domain: [0, tasks] },
      y: { label: learned, scale: 'linear', domain: [0, tasks] },
      series: [],
      cells: { label: 'accuracy (%)', columns: tasks, values, domain: [0, 100] },
    };
  });
  return {
    name: 'accuracy-matrix',
    title: 'Accuracy on each task after each task: permuted MNIST',
    caption: `Rows from the top: after the first task, after the second, and so on; columns: which task is judged. ${meansOver(settings.seeds)}`,
    panels,
    columns: Math.min(3, panels.length),
  };
}

/** Variables that say how plastic a synapse is, where a method has one. */
const plasticity: Readonly<Record<string, { readonly label: string; readonly scale: 'linear' | 'log' }>> = {
  sigma: { label: 'σ', scale: 'log' },
  importance: { label: 'importance', scale: 'linear' },
  lambda: { label: 'λ', scale: 'linear' },
};
const weightOf: Readonly<Record<string, string>> = { mu: 'μ', phi: 'φ' };
const mostCourses = 6;

/** The first seed's watched synapses. */
function courses(facts: PermutedFacts): Figure[] {
  const panels = facts.methods.flatMap((method): Panel[] => {
    const run = finished(facts, method)[0]!;
    const variable = method.shown.find((name) => plasticity[name] !== undefined);
    if (variable === undefined) return [];
    const weight = method.shown.find((name) => weightOf[name] !== undefined)!;
    return [
      coursePanel(facts, run, `${method.title}: ${weightOf[weight]!}`, weight, {
        label: weightOf[weight]!,
        scale: 'linear',
      }),
      coursePanel(
        facts,
        run,
        `${method.title}: ${plasticity[variable]!.label}`,
        variable,
        plasticity[variable]!,
      ),
    ];
  });
  if (panels.length === 0) return [];
  const seed = facts.runs[0]!.seed;
  return [
    {
      name: 'synapse-courses',
      title: 'What single synapses go through, task after task: permuted MNIST',
      caption: `The same synapses of seed ${seed} under each method, by layer, the unit they come from and the one they end on; they begin alike. An importance, or λ, is how strongly φ is held to what it was; σ is how uncertain a weight is, and so how far it moves.`,
      panels,
      columns: 2,
    },
  ];
}

function coursePanel(
  { settings }: PermutedFacts,
  { history, names, chunksPerTask }: MethodRun,
  title: string,
  variable: string,
  y: Panel['y'],
): Panel {
  const rows = history.courses[variable]!;
  const shown = Math.min(mostCourses, names.length);
  const which = Array.from({ length: shown }, (_, i) => Math.floor((i * names.length) / shown));
  return {
    title,
    x: { label: learned, scale: 'linear', domain: [0, settings.tasks] },
    y,
    series: which.map((i) => ({
      label: names[i]!,
      points: rows.map((row, chunk) => ({ x: (chunk + 1) / chunksPerTask, y: row[i]! })),
    })),
    marks: Array.from({ length: settings.tasks - 1 }, (_, task) => ({ axis: 'x', at: task + 1, label: '' })),
  };
}

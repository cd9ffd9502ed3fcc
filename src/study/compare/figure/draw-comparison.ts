import path from 'node:path';
import { writeDurably } from '../../../core/durable-file';
import { InputError } from '../../../core/errors';
import { makeFolder } from '../../../core/make-folder';
import { shellPath, shellWord } from '../../../core/shell-word';
import { figureSvg, type MadeFigure } from '../../../plot/figure-svg';
import { svgPng } from '../../../plot/svg-png';
import type { Comparison } from '../comparison';
import { nameSetting } from '../name-setting';
import type { ScenarioComparison } from '../scenario-comparison';
import { varyingTogether } from '../varying-together';
import { coursePanels } from './course-panels';
import { sweepPanels } from './sweep-panels';

/** How a comparison is drawn. */
export interface ComparisonDrawing {
  /** Ends with .svg or .png. */
  readonly file: string;
  /** The setting on the x axis, or `metaStep`. Default: the numeric setting that differs, or else metaStep. */
  readonly x?: string;
  /** Patterns of the metrics asked for. */
  readonly metrics: readonly string[];
  /** What was compared. */
  readonly paths: readonly string[];
  readonly where: readonly string[];
  /** As typed. */
  readonly groupBy?: string;
}

/**
 * Draws means over seeds with their 95 % bands, into one file.
 * @returns What of the runs is missing in it.
 * @throws InputError where the file's name says no format, there are several scenarios, or nothing can be drawn over what is asked for.
 */
export function drawComparison(comparison: Comparison, drawing: ComparisonDrawing): readonly string[] {
  const { file } = drawing;
  const format = path.extname(file).toLowerCase();
  if (format !== '.svg' && format !== '.png') {
    throw new InputError({
      what: '--figure writes a picture',
      got: file,
      legal: 'a file ending with .svg or .png',
    });
  }
  const one = onlyScenario(comparison);
  const over = horizontalOf(one, drawing.x);
  const { warnings, ...drawn } =
    over === metaStep
      ? coursePanels(one, drawing.metrics)
      : sweepPanels(one, over, drawing.metrics.length > 0);
  const figure: MadeFigure = { name: 'comparison', ...drawn, command: commandOf(drawing) };
  const svg = figureSvg(figure);
  makeFolder(path.dirname(file));
  writeDurably(file, format === '.svg' ? svg : svgPng(svg));
  return warnings;
}

const metaStep = 'metaStep';

function onlyScenario({ scenarios }: Comparison): ScenarioComparison {
  const [one, ...more] = scenarios;
  if (one !== undefined && more.length === 0) return one;
  const names = scenarios.map(({ scenario }) => scenario);
  throw new InputError({
    what: 'A figure is of one scenario, and these are runs of several',
    got: names.join(', '),
    advice: `Keep one: --where scenario=${names[0]}`,
  });
}

/** What the x axis is. */
function horizontalOf({ runs, by, groups }: ScenarioComparison, asked: string | undefined): string {
  if (asked === metaStep) return metaStep;
  const numbersOf = (name: string) => {
    const values = groups.map(({ settings }) => settings.get(name));
    return new Set(values.filter((value) => typeof value === 'number'));
  };
  if (asked !== undefined) {
    const found = nameSetting(asked, runs);
    if (by.includes(found) && numbersOf(found).size > 1) return found;
    const legal = by.filter((name) => numbersOf(name).size > 1);
    throw new InputError({
      what: '--x is no setting that is a number, and differs between the rows',
      got: asked,
      legal: [...legal, metaStep].join(', '),
    });
  }
  // What varies together is one choice; of several, the one with the most values.
  const all = varyingTogether(groups, by).flatMap(({ path: first, together }) => {
    const numeric = [first, ...together].find((name) =>
      groups.every(({ settings }) => typeof settings.get(name) === 'number'),
    );
    return numeric === undefined ? [] : [numeric];
  });
  const most = Math.max(0, ...all.map((name) => numbersOf(name).size));
  return all.find((name) => numbersOf(name).size === most && most > 1) ?? metaStep;
}

/** What draws it again; the folders of somebody's machine stay out of it. */
function commandOf({ file, x, metrics, paths, where, groupBy }: ComparisonDrawing): string {
  const shown = (name: string) => (path.isAbsolute(name) ? path.basename(name) : name);
  const runs =
    paths.length > mostNamed ? [`RUN... (${paths.length})`] : paths.map((each) => shellPath(shown(each)));
  const words = [
    ...where.flatMap((condition) => ['--where', shellWord(condition)]),
    ...(groupBy === undefined ? [] : ['--group-by', shellWord(groupBy)]),
    ...metrics.flatMap((metric) => ['--metric', shellWord(metric)]),
    '--figure',
    shellPath(shown(file)),
    ...(x === undefined ? [] : ['--x', shellWord(x)]),
  ];
  return ['npx metaplast compare', ...runs, ...words].join(' ');
}

const mostNamed = 3;

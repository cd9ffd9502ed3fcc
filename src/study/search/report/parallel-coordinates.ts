import path from 'node:path';
import { writeDurably } from '../../../core/durable-file';
import type { ParallelAxis, ParallelFigure } from '../../../plot/parallel/parallel-figure';
import { canonical, settingText } from '../../compare/settings';
import type { Swept } from '../../plan/axis';
import { type Study, workCommandOf } from '../../study-directory';
import type { Better } from '../decisions/verdict';
import type { SearchedTrial } from './searched-trial';

/** The trials of a search as lines through its settings, the metric last. */
function parallelFigure(
  { directory, plan }: Study,
  trials: readonly SearchedTrial[],
  best: number | null,
): ParallelFigure {
  const { metric, better } = plan.search!;
  const begun = trials.filter(({ outcome }) => outcome !== null);
  const settings = Object.entries(plan.space).map(([setting, swept]) => axisOf(setting, swept));
  const numbers = begun.flatMap(({ value }) => (value === null ? [] : [value]));
  const scale = scaleOf(numbers, better);
  const [low, high] = scale.domain;
  const beyond = numbers.filter((value) => value < low || value > high).length;
  const onAxis = (value: number | null) => value && Math.min(high, Math.max(low, value));
  const without = begun.length - numbers.length;
  const stopped = begun.filter(({ outcome }) => outcome === 'stopped').length;
  const lines = begun.map((trial) => ({
    values: [...settings.map(({ place }) => place(trial)), onAxis(trial.value)],
    pale: trial.outcome !== 'ended',
    ...(trial.trial === best ? { label: `trial ${best}` } : {}),
  }));
  return {
    title: `${plan.scenario}: what ${metric} came to with which settings`,
    caption: [
      `${begun.length} trials, ${better === 'lower' ? 'dark and low' : 'light and high'} is better.`,
      ...(stopped === 0 ? [] : [`${stopped} that were stopped early are pale, with their last value.`]),
      ...(without === 0 ? [] : [`${without} have no value: grey, and end before the last axis.`]),
      ...(beyond === 0 ? [] : [`${beyond} that are worse than the axis goes are at its end.`]),
      ...(best === null ? [] : ['The best is drawn over the others.']),
    ].join(' '),
    command: `npx ${workCommandOf(path.basename(directory))}`,
    axes: [...settings.map(({ axis }) => axis), { label: metric, ...scale }],
    lines,
  };
}

/** Draws it into a search's folder, as `parallel.svg` and `parallel.png`; best is the number of the best trial. */
export function drawParallel(study: Study, trials: readonly SearchedTrial[], best: number | null): string {
  const { parallelSvg } =
    require('../../../plot/parallel/parallel-svg') as typeof import('../../../plot/parallel/parallel-svg');
  const { svgPng } = require('../../../plot/svg-png') as typeof import('../../../plot/svg-png');
  const svg = parallelSvg(parallelFigure(study, trials, best));
  const file = path.join(study.directory, 'parallel.png');
  writeDurably(path.join(study.directory, 'parallel.svg'), svg);
  writeDurably(file, svgPng(svg));
  return file;
}

/** What was listed has a level for each value; a range goes from end to end. */
function axisOf(
  setting: string,
  swept: Swept,
): { axis: ParallelAxis; place: (trial: SearchedTrial) => number } {
  if (!('values' in swept)) {
    const { kind, low, high } = swept;
    const axis = {
      label: setting,
      scale: kind === 'loguniform' ? 'log' : 'linear',
      domain: [low, high],
    } as const;
    return { axis, place: ({ settings }) => settings[setting] as number };
  }
  const known = swept.values.map((value) => canonical(value));
  const levels = swept.values.map((value) => shortText(value));
  return {
    axis: { label: setting, scale: 'levels', domain: [0, Math.max(0, levels.length - 1)], levels },
    place: ({ settings }) => known.indexOf(canonical(settings[setting])),
  };
}

const shortText = (value: unknown): string =>
  typeof value === 'number' ? String(Number(value.toPrecision(3))) : settingText(value);

/**
 * The axis of the metric: by its logarithm, where values are above 0 and span a decade. It ends where outliers begin on the worse side (1.5 interquartile
 * ranges beyond the quartile, Tukey 1977): losses that came near to diverging would leave the others no room.
 */
function scaleOf(values: readonly number[], better: Better): Pick<ParallelAxis, 'scale' | 'domain'> {
  if (values.length === 0) return { scale: 'linear', domain: [0, 1] };
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[0]!, sorted.at(-1)!];
  const isLog = low > 0 && high / low >= 10;
  const [onto, back] = isLog ? [Math.log, Math.exp] : [Number, Number];
  const quartile = (part: number) => onto(sorted[Math.floor(part * (sorted.length - 1))]!);
  const beyond = 1.5 * (quartile(0.75) - quartile(0.25));
  const [first, last] = [back(quartile(0.25) - beyond), back(quartile(0.75) + beyond)];
  const within = sorted.filter((value) => (better === 'lower' ? value <= last : value >= first));
  const domain = [within[0]!, within.at(-1)!] as const;
  return { scale: isLog && domain[1] / domain[0] >= 10 ? 'log' : 'linear', domain };
}

import { InputError } from '../../core/errors';
import type { Comparison } from '../compare/comparison';
import { betterOf } from '../compare/known-metrics';
import { chooseMetrics } from '../compare/match-metrics';
import { varyingTogether } from '../compare/varying-together';
import { type SettingImportance, settingImportance, type Tried } from './setting-importance';

/** What a metric of compared runs depends on. */
export interface ComparedImportance extends SettingImportance {
  readonly scenario: string;
  readonly metric: string;
}

/**
 * What a metric of runs depends on, of all settings by which they differ. Runs that have failed are the worst, where it is known which way that is.
 * @param asked As `--metric` names one.
 * @throws InputError where it names none or several, there are runs of several scenarios, or too few to say.
 */
export function comparedImportance({ scenarios }: Comparison, asked: string): ComparedImportance {
  const [one, ...more] = scenarios;
  if (more.length > 0)
    throw new InputError({
      what: 'Importance is of settings of one scenario, and these are runs of several',
      got: scenarios.map(({ scenario }) => scenario).join(', '),
      advice: `Keep one: --where scenario=${one!.scenario}`,
    });
  const { scenario, runs, leftOut, differing, allMetrics, groups } = one!;
  const [metric, ...others] = chooseMetrics([asked], allMetrics);
  if (others.length > 0)
    throw new InputError({
      what: 'Importance is of one metric, and this stands for several',
      got: asked,
      legal: [metric, ...others].join(', '),
    });
  const better = betterOf(scenario, metric!);
  const methods = new Set(runs.flatMap(({ measured }) => measured.map(({ method }) => method)));
  const tried: Tried[] = runs.flatMap(({ seed, settings, measured }) =>
    measured.map(({ method, metrics }) => ({
      seed,
      settings: { ...Object.fromEntries(settings), method },
      value: metrics.get(metric!) ?? null,
    })),
  );
  const failed: Tried[] = leftOut.flatMap(({ state, run }) =>
    state === 'failed' && run !== null && better !== null && methods.size === 1
      ? [{ seed: run.seed, settings: Object.fromEntries(run.settings), value: null }]
      : [],
  );
  const paths = [
    ...varyingTogether(groups, differing).map(({ path }) => path),
    ...(methods.size > 1 ? ['method'] : []),
  ];
  const importance = settingImportance([...tried, ...failed], paths, better ?? 'lower');
  if (importance !== null) return { scenario, metric: metric!, ...importance };
  throw new InputError({
    what: 'These runs do not say which of their settings matter',
    got: `${tried.length + failed.length} runs, which differ in ${paths.length} settings`,
    legal: '10 runs or more, which differ in one setting or more',
  });
}

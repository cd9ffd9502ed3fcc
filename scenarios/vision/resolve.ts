import type { ContrastiveValues, Hyperparameters, ImplicitValues, Row } from './row';
import type { VisionSettings } from './schema';

/** Settings with every number that a row gives in place of null. */
export interface ResolvedSettings {
  readonly row: string;
  readonly train: number;
  readonly heldOut: number;
  /** Samples of an inner step; 0 for all. */
  readonly minibatch: number;
  readonly metaSteps: number;
  readonly momentum: number;
  readonly lambda: { readonly start: number; readonly by: 'projection' | 'logarithm' };
  readonly stride: number;
  readonly methods: {
    readonly contrastive: ContrastiveValues &
      Pick<VisionSettings['contrastive'], 'estimator' | 'optimizerState'>;
    readonly t1t2: ImplicitValues;
    readonly 'conjugate-gradient': ImplicitValues & { readonly cgSteps: number };
    readonly neumann: ImplicitValues & { readonly terms: number; readonly seriesRate: number };
    readonly exact: ImplicitValues;
  };
}

/** Fills in what the row gives. Methods that the paper has no values for take those of the contrastive rule's free phase. */
export function resolve(settings: VisionSettings, row: Row): ResolvedSettings {
  const { contrastive: given, momentum, stride, lambda } = settings;
  const standard: Hyperparameters = row[settings.hyperparameters];
  const filled = <T extends object>(own: { readonly [K in keyof T]: T[K] | null }, from: T): T =>
    Object.fromEntries(
      Object.entries(own).map(([name, value]) => [name, value ?? from[name as keyof T] ?? null]),
    ) as T;
  const { contrastive } = standard;
  const implicit = (name: 'conjugate-gradient' | 'neumann' | 'exact') => {
    const { rate, steps, metaRate } = settings[name];
    return filled<ImplicitValues>({ rate, steps, metaRate }, contrastive);
  };
  const neumann = implicit('neumann');
  const { terms, seriesRate } = settings.neumann;
  return {
    row: settings.row,
    train: settings.train ?? row.train,
    heldOut: settings.heldOut ?? row.heldOut,
    minibatch: settings.minibatch ?? row.minibatch,
    metaSteps: settings.metaSteps ?? standard.metaSteps,
    momentum,
    lambda: { start: lambda.start ?? standard.lambda, by: lambda.by },
    stride,
    methods: {
      contrastive: filled(given, { ...given, ...contrastive }) as ResolvedSettings['methods']['contrastive'],
      t1t2: filled(settings.t1t2, standard.t1t2),
      'conjugate-gradient': {
        ...implicit('conjugate-gradient'),
        cgSteps: settings['conjugate-gradient'].cgSteps,
      },
      neumann: { ...neumann, terms, seriesRate: seriesRate ?? neumann.rate },
      exact: implicit('exact'),
    },
  };
}

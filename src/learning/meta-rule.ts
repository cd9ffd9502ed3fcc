import type { Flow } from '../synapse/flow';
import type { SynapseModel } from '../synapse/model';
import type { Rule } from '../synapse/rule';
import type { Scalars } from '../synapse/rule-executor';
import type { ContrastTerm } from './estimators';

/** A local rule as text: what ran, to be read by somebody who has only a record of its numbers. */
export interface RecordedRule {
  readonly name: string;
  /** In the order that they run; later ones see what earlier ones wrote. */
  readonly steps: readonly { readonly writes: string; readonly source: string }[];
}

/** How one slow variable learns: rules on `value`, `gradient` and the optimiser's buffers, one after the other. */
export interface LearnedBy {
  readonly optimizer: string;
  /** Per-synapse quantities that the optimiser keeps between meta-steps. */
  readonly buffers: readonly string[];
  /** Its numbers for all synapses. */
  readonly scalars: readonly string[];
  readonly rules: readonly RecordedRule[];
}

/** How slow variables move between tasks, as text: the contrast (Eq. 4), the meta-step, and what they do by themselves. */
export interface MetaRule {
  /** The fast variable. */
  readonly fast: string;
  /** All slow variables of the synapse model. */
  readonly slow: readonly string[];
  /** The energy R of one synapse, whose derivatives by the slow variables are contrasted. */
  readonly penalty: string;
  /** Which ends of phases are contrasted; null where the gradient is no contrast of the fast variable. */
  readonly terms: readonly ContrastTerm[] | null;
  /** By slow variable: accumulated <- accumulated + coefficient (dR/dtheta at `nudged` - at `reference`). */
  readonly contrast: Readonly<Record<string, RecordedRule>>;
  /** Of those slow variables that learn. */
  readonly learned: Readonly<Record<string, LearnedBy>>;
  /** Null where slow variables do nothing by themselves. */
  readonly flow: { readonly variables: readonly string[]; readonly rule: RecordedRule } | null;
}

/** What a meta-step saw of one slow variable, and made of it; one entry a synapse. */
export interface MetaMove {
  /** Before the meta-step. */
  readonly value: Float64Array;
  /** The meta-gradient; null where the variable does not learn, and moves by its flow alone. */
  readonly gradient: Float64Array | null;
  /** The optimiser's buffers before the meta-step. */
  readonly buffers: Readonly<Record<string, Float64Array>>;
  readonly scalars: Scalars;
  /** After the meta-step, before the flow; null where the variable does not flow. */
  readonly stepped: Float64Array | null;
}

/** What a meta-update saw and did, by slow variable. */
export type MetaMoves = Readonly<Record<string, MetaMove>>;

/** A rule's text. */
export const textOf = ({ name, steps }: Rule): RecordedRule => ({
  name,
  steps: steps.map(({ writes, kernel }) => ({ writes, source: kernel.source })),
});

/** What a model and its estimator say of the contrast and the flow. */
export function contrastInWords(
  { fast, meta, penalty, contrast, flow }: SynapseModel,
  terms: readonly ContrastTerm[] | null,
): Omit<MetaRule, 'learned'> {
  const texts = meta.map((variable) => [variable, textOf(contrast[variable]!)] as const);
  return {
    fast,
    slow: meta,
    penalty,
    terms,
    contrast: terms === null ? {} : Object.fromEntries(texts),
    flow: flow === null ? null : flowInWords(flow),
  };
}

const flowInWords = ({ variables, rule }: Flow) => ({ variables, rule: textOf(rule) });

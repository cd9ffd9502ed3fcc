import { hasFields, made } from '../core/validate';
import type { Rule } from './rule';

/** Per-synapse quantities by name, all of one length. */
export type Quantities = Readonly<Record<string, Float64Array>>;
/** Numbers shared by all synapses, by name. */
export type Scalars = Readonly<Record<string, number>>;

/** What executed the rules, for the run's record. */
export interface ExecutorReport {
  /** `plain` or `gpujs`. */
  readonly executor: string;
  /** `float64`, or `float32` where values pass through single precision. */
  readonly precision: 'float64' | 'float32';
  /** GPU.js mode: `webgpu`, `webgl2`, `headlessgl`, `webasm`, `cpu`; null for plain. */
  readonly mode: string | null;
  /** Why GPU.js took a slower mode than the one asked for; null where it did not. */
  readonly fallbackReason: string | null;
  /** What this device makes otherwise of numbers that are infinite or none, where it does. */
  readonly caveat?: string;
}

/** Executes local rules, written once as kernels. Every executor gives the same numbers up to its precision. */
export interface RuleExecutor {
  readonly report: ExecutorReport;
  /**
   * Runs the rule once for every synapse: reads its quantities, and writes its results in place.
   * @throws InputError where a quantity or scalar that the rule reads is missing, or lengths differ.
   */
  run(rule: Rule, quantities: Quantities, scalars?: Scalars): void;
  /** Frees compiled kernels and the device. */
  close(): void;
}

/** Executors, of the library's or of a user's own. */
export const executorSchema = made<RuleExecutor>('an executor of rules, such as plainExecutor()', (value) =>
  hasFields(value, { report: 'object', run: 'function', close: 'function' }),
);

import { z } from 'zod';
import { allFinite, ofLength, wholeNumber } from '../core/checks';
import { copyState } from '../core/copy-state';
import { InputError, MetaplastError } from '../core/errors';
import { anArrayOfNumbers, distinctNames, float64ArraySchema, validate } from '../core/validate';
import type { Rule } from '../synapse/rule';
import { executorSchema, type Quantities, type RuleExecutor } from '../synapse/rule-executor';
import { fromLogRule, projectRule, toLogRule } from '../synapse/rules/constraints';
import { type LearnedBy, type MetaMove, type MetaMoves, textOf } from './meta-rule';
import { type Optimizer, optimizerSchema } from './optimizers';

/** How slow variables learn: by which optimiser, which of them, and which by their logarithm. */
export interface MetaSettings {
  /** Moves the slow variables down their meta-gradient, once a task. */
  readonly optimizer: Optimizer;
  /** Which slow variables learn; the others stay as they are. Default: all of the model's. */
  readonly learn?: readonly string[];
  /** Slow variables that are learned by their logarithm, which keeps them above 0. Default: those that the synapse declares so; its other
   * non-negative variables are projected onto >= 0 after each meta-step. */
  readonly logarithmic?: readonly string[];
  /**
   * Meta-steps after which the mean of what is learned is kept beside it, over all meta-steps from the next one on (Polyak and Juditsky 1992). It is
   * in what a learner saves, as `meta.averages`, and changes nothing of how it goes on. Default: none is kept.
   */
  readonly averageAfter?: number;
}

/** How slow variables learn. */
export const metaSettingsSchema = z.strictObject({
  optimizer: optimizerSchema,
  learn: distinctNames.optional(),
  logarithmic: distinctNames.optional(),
  averageAfter: z.int().min(0).optional(),
});

const constructorArguments = z.strictObject({
  slow: z.record(z.string(), float64ArraySchema),
  nonNegative: z.array(z.string()),
  settings: metaSettingsSchema,
});

/** What a meta-update must remember between tasks: its optimiser's buffers and its count of steps. */
export interface MetaState {
  steps: number;
  buffers: Record<string, Record<string, Float64Array>>;
  /** Means of what is learned over the meta-steps so far, by variable, once `averageAfter` is past. */
  averages?: Record<string, Float64Array>;
}

/** What a meta-update saves. */
export const metaStateSchema = z.strictObject({
  steps: z.int().min(0),
  buffers: z.record(z.string(), z.record(z.string(), anArrayOfNumbers)),
  averages: z.record(z.string(), anArrayOfNumbers).optional(),
});

/** Applies meta-gradients to the slow variables by local rules. Holds the meta-optimiser's state. */
export class MetaUpdate {
  readonly learned: readonly string[];
  private readonly lengths: Readonly<Record<string, number>>;
  private state: MetaState = { steps: 0, buffers: {} };

  /**
   * @param slow The slow variables' arrays by name, of which only names and lengths are read here.
   * @param nonNegative Which of them must not fall below 0.
   */
  constructor(
    slow: Quantities,
    private readonly nonNegative: readonly string[],
    private readonly settings: MetaSettings,
  ) {
    validate(constructorArguments, { slow, nonNegative, settings }, 'the arguments of MetaUpdate');
    const names = Object.keys(slow);
    this.learned = settings.learn ?? names;
    this.lengths = Object.fromEntries(Object.entries(slow).map(([name, { length }]) => [name, length]));
    for (const variable of [...this.learned, ...(settings.logarithmic ?? [])]) {
      if (names.includes(variable)) continue;
      throw new InputError({
        what: 'There is no such slow variable',
        got: variable,
        legal: names.join(', '),
      });
    }
    for (const variable of this.learned) {
      const { buffers: names, first = {} } = settings.optimizer;
      const { length } = slow[variable]!;
      const buffers = names.map((name) => {
        if (first[name] !== undefined) ofLength(`The first values of buffer "${name}"`, first[name], length);
        return [name, first[name]?.slice() ?? new Float64Array(length)];
      });
      this.state.buffers[variable] = Object.fromEntries(buffers);
    }
  }

  /**
   * One meta-step: theta <- theta - step(gradient), each variable kept in its legal range.
   * @throws InputError where a variable at 0 is to be learned by its logarithm, or an argument is not legal; MetaplastError where a
   * gradient is not finite, or a value leaves the range of numbers. In each case nothing has changed.
   * @returns what it saw of each variable
   */
  apply(slow: Quantities, gradients: Quantities, executor: RuleExecutor): MetaMoves {
    validate(executorSchema, executor, 'the executor of a meta-update');
    const next = this.save();
    next.steps++;
    const values = this.learned.map((variable) => {
      const value = this.given(slow, variable, 'slow').slice();
      const gradient = this.given(gradients, variable, 'gradients').slice();
      checkGradient(variable, gradient);
      const quantities = { value, gradient, ...next.buffers[variable] };
      this.move(variable, quantities, next.steps, executor);
      checkFinite(variable, value);
      return [variable, value] as const;
    });
    this.average(next, values);
    const moves = values.map(([variable]): [string, MetaMove] => [
      variable,
      this.moveOf(variable, slow[variable]!, gradients[variable]!, next.steps),
    ]);
    for (const [variable, value] of values) slow[variable]!.set(value);
    this.state = next;
    return Object.fromEntries(moves);
  }

  private moveOf(variable: string, value: Float64Array, gradient: Float64Array, step: number): MetaMove {
    const buffers = this.state.buffers[variable]!;
    const scalars = this.settings.optimizer.scalarsAt(step);
    return { value: value.slice(), gradient, buffers, scalars, stepped: null };
  }

  /** How each variable learns, as text. */
  get inWords(): Readonly<Record<string, LearnedBy>> {
    const { name: optimizer, buffers, rule } = this.settings.optimizer;
    return Object.fromEntries(
      this.learned.map((variable) => {
        const rules = this.rulesOf(variable).map(textOf);
        return [variable, { optimizer, buffers, scalars: rule.scalars, rules }];
      }),
    );
  }

  /** The rules of one meta-step, in their order. */
  private rulesOf(variable: string): Rule[] {
    const { optimizer, logarithmic = [] } = this.settings;
    if (logarithmic.includes(variable)) return [toLogRule, optimizer.rule, fromLogRule];
    return this.nonNegative.includes(variable) ? [optimizer.rule, projectRule] : [optimizer.rule];
  }

  /** mean <- mean + (value - mean) / n at the n-th meta-step that counts. */
  private average(next: MetaState, values: readonly (readonly [string, Float64Array])[]): void {
    const { averageAfter = Infinity } = this.settings;
    const count = next.steps - averageAfter;
    if (!(count >= 1)) return;
    const means = next.averages ?? Object.fromEntries(values.map(([name, value]) => [name, value.slice()]));
    for (const [name, value] of values) {
      const mean = means[name]!;
      for (let i = 0; i < mean.length; i++) mean[i]! += (value[i]! - mean[i]!) / count;
    }
    next.averages = means;
  }

  /** What a caller gives for a variable. */
  private given(quantities: Quantities, variable: string, which: string): Float64Array {
    const values = validate(
      float64ArraySchema,
      quantities?.[variable],
      `${which}.${variable} of a meta-update`,
    );
    ofLength(`${which}.${variable}`, values, this.lengths[variable]!);
    return values;
  }

  private move(
    variable: string,
    quantities: Quantities & { readonly value: Float64Array },
    step: number,
    executor: RuleExecutor,
  ): void {
    const { optimizer, logarithmic = [] } = this.settings;
    if (logarithmic.includes(variable)) checkAboveZero(variable, quantities.value);
    for (const rule of this.rulesOf(variable)) {
      if (rule === optimizer.rule) executor.run(rule, quantities, optimizer.scalarsAt(step));
      else executor.run(rule, quantities);
    }
  }

  /** The optimisers' buffers and steps. */
  save(): MetaState {
    return copyState(this.state);
  }

  /** @throws InputError where it is not a state of this update; then nothing has changed. */
  restore(state: MetaState): void {
    this.check(state);
    this.state = structuredClone(state);
  }

  /** @throws InputError where `restore` would. */
  check(state: MetaState): void {
    validate(metaStateSchema, state, 'the saved state of a meta-update');
    const { steps, buffers, averages = {} } = state;
    wholeNumber('The count of meta-updates', steps);
    for (const [name, values] of Object.entries(averages)) {
      ofLength(`The average of ${name}`, values, this.lengths[name] ?? 0);
      allFinite(`The average of ${name}`, values);
    }
    const named = (of: MetaState['buffers']): string =>
      Object.entries(of)
        .map(([variable, kept]) => `${variable}: ${Object.keys(kept).sort().join(', ') || 'none'}`)
        .sort()
        .join('; ');
    const [got, legal] = [named(buffers), named(this.state.buffers)];
    if (got !== legal) {
      throw new InputError({ what: 'The saved buffers are not those of this meta-optimiser', got, legal });
    }
    for (const [variable, kept] of Object.entries(this.state.buffers)) {
      for (const [name, { length }] of Object.entries(kept)) {
        const values = buffers[variable]![name]!;
        ofLength(`${name} of ${variable}`, values, length);
        allFinite(`${name} of ${variable}`, values);
      }
    }
  }
}

/** A gradient of no finite number moves nothing: it says that the energy has no derivative there, or that numbers were too large. */
function checkGradient(variable: string, gradient: Float64Array): void {
  const wrong = gradient.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return;
  throw new MetaplastError({
    what: `The meta-gradient of ${variable}[${wrong}] is no finite number, so the meta-step was not taken`,
    got: gradient[wrong],
    advice: `Look at where the phases of synapse ${wrong} ended: the penalty's derivative by ${variable} is not finite there, or its value is beyond the range of numbers`,
  });
}

function checkFinite(variable: string, values: Float64Array): void {
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return;
  throw new MetaplastError({
    what: `The meta-step would make ${variable}[${wrong}] no finite number, so it was not taken`,
    got: values[wrong],
    advice: "Lower the meta-optimiser's rate, or raise beta",
  });
}

function checkAboveZero(variable: string, values: Float64Array): void {
  const zero = values.findIndex((value) => !(value > 0));
  if (zero < 0) return;
  throw new InputError({
    what: `${variable}[${zero}] cannot be learned by its logarithm`,
    got: values[zero],
    legal: `${variable} > 0`,
    advice: `Start ${variable} above 0, or leave it out of \`logarithmic\``,
  });
}

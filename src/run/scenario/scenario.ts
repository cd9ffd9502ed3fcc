import { z } from 'zod';
import type { RunPlan } from '../../clock/schedule';
import { InputError } from '../../core/errors';
import { kebabCase, kebabCaseInWords } from '../../core/kebab-case';
import { didYouMean } from '../../core/nearest';
import { aFunction, formatPath, isSchema, made, validate } from '../../core/validate';
import type { SynapseModel } from '../../synapse/model';
import type { Judged } from '../../theory/trust/judge';
import type { RunContext } from '../run-context';

/** Sizes that every scenario offers: seconds, minutes on two cores, the published numbers. */
export const presetNames = ['smoke', 'cpu', 'paper'] as const;
/** Sizes that every scenario has: `smoke` takes seconds, `cpu` minutes, `paper` is the published size. */
export type PresetName = (typeof presetNames)[number];

/** What a size changes; or a function that says it, of what the user asks for beside it, not checked yet: `{ ways: 20 }`. */
export type Preset<Settings = Readonly<Record<string, unknown>>> =
  | Partial<Settings>
  | ((asked: Readonly<Record<string, unknown>>) => Partial<Settings>);

/** What a finished run gives back. */
export interface Outcome {
  /** Becomes `summary.json`; JSON values only, and nothing that depends on the clock on the wall. */
  readonly summary: Readonly<Record<string, unknown>>;
  /** The same for people, printed at the end. */
  readonly report: string;
  /** Why a run that came to its end has failed all the same, in a sentence: then it exits with status 1. Default: it has not. */
  readonly failure?: string;
}

/** What `run` of a scenario returns. */
export const outcomeSchema = z.looseObject({
  summary: z.record(z.string(), z.unknown()),
  report: z.string(),
  failure: z.string().optional(),
});

/** What a scenario gets to judge the meta-gradients of a run. */
export interface DiagnoseContext<Config = unknown>
  extends Pick<RunContext<Config>, 'config' | 'seed' | 'random' | 'engine' | 'workers' | 'rules' | 'signal'> {
  /** What each part of the run saved last, in the order of its parts; the random streams are those of a new run. */
  readonly parts: readonly unknown[];
}

/** One meta-gradient of a run, judged. */
export interface Diagnosis {
  /** Whose: the scenario's or the method's name. */
  readonly label: string;
  readonly trust: Judged;
}

/** A way to learn, as `--method` names it. What else it is, the scenarios that take it check. */
export interface AddedMethod {
  /** The word for it. */
  readonly name: string;
}

/** One experiment that a user can run. */
export interface Scenario<S extends z.ZodObject = z.ZodObject> {
  /** Kebab-case, as the file is named. */
  readonly name: string;
  /** The question that it answers, as one sentence. */
  readonly question: string;
  /** Every setting with its default, legal range, and a description that says what it is and in which unit. */
  readonly config: S;
  /** What `--engine auto` means for it, where that is not the fastest engine: `reference`, where float64 is needed. */
  readonly engine?: string;
  /** What `--rules auto` means for it, where that is not `gpujs`: `plain`, where float64 is needed. */
  readonly rules?: string;
  /** Whether it learns whole tasks that others can learn for it (`host` of its context), as scenarios over a stream of tasks do. Default: not. */
  readonly sharesTasks?: boolean;
  /**
   * Whether its networks can take their credit from any source: then it has a setting `credit` (see `creditSetting`), and the engine that it is given opens
   * networks with that. Default: not.
   */
  readonly takesCredit?: boolean;
  /** What each size changes; further ones may stand beside those that every scenario has. */
  readonly presets: Readonly<Record<PresetName, Preset<z.input<S>>>> &
    Readonly<Record<string, Preset<z.input<S>>>>;
  /** Who runs when: printed by `metaplast schedule`. */
  schedule(config: z.output<S>): RunPlan;
  /**
   * Looks whether what a run needs from outside is there, such as a data set; called before a run directory is made, or gone on with.
   * @throws InputError where it is not. Default: nothing is needed.
   */
  prepare?(config: z.output<S>): void;
  /** Answers the question; what takes long goes through `context.repeat`. */
  run(context: RunContext<z.output<S>>): Promise<Outcome>;
  /** Judges the meta-gradients of a run at a checkpoint, for `metaplast diagnose`. */
  diagnose?(context: DiagnoseContext<z.output<S>>): Promise<readonly Diagnosis[]>;
  /** The same scenario with other synapses, for `--synapse`; its settings follow from what they declare. Default: it takes no others. */
  withSynapse?(synapse: SynapseModel): Scenario;
  /** The same scenario with further methods, for those that a project's configuration adds. Default: it has none to choose from. */
  withMethods?(methods: readonly AddedMethod[]): Scenario;
}

const objectSchema = made<z.ZodObject>(
  'a schema of an object, such as z.strictObject({ rate: z.number().default(0.1) })',
  (value) => (value as { type?: unknown }).type === 'object' && isSchema(value),
);

/** What every size is given as: settings that differ from the defaults. */
const preset = z.union([z.record(z.string(), z.unknown()), aFunction<() => object>()]);

/** Kebab-case, as files and run directories are named. */
export const scenarioName = z.string().regex(kebabCase, { error: kebabCaseInWords });

const scenarioSchema = z.strictObject({
  name: scenarioName,
  question: z.string(),
  config: objectSchema,
  engine: z.string().optional(),
  rules: z.string().optional(),
  sharesTasks: z.boolean().optional(),
  takesCredit: z.boolean().optional(),
  presets: z.object({ smoke: preset, cpu: preset, paper: preset }).catchall(preset),
  schedule: aFunction<Scenario['schedule']>(),
  prepare: aFunction<NonNullable<Scenario['prepare']>>().optional(),
  run: aFunction<Scenario['run']>(),
  diagnose: aFunction<NonNullable<Scenario['diagnose']>>().optional(),
  withSynapse: aFunction<NonNullable<Scenario['withSynapse']>>().optional(),
  withMethods: aFunction<NonNullable<Scenario['withMethods']>>().optional(),
});

/**
 * Defines a scenario; its file's default export.
 * @throws InputError where a part is missing, unknown or not legal.
 */
export function defineScenario<S extends z.ZodObject>(scenario: Scenario<S>): Scenario<S> {
  checkScenario(scenario, 'the scenario');
  return scenario;
}

/**
 * @param what What errors call it.
 * @throws InputError where it is no scenario.
 */
export function checkScenario(scenario: unknown, what: string): asserts scenario is Scenario {
  validate(scenarioSchema, scenario, what);
}

/** The names of a scenario's presets, those that every scenario has first. */
export function presetsOf({ presets }: Pick<Scenario, 'presets'>): readonly string[] {
  return [...new Set([...presetNames, ...Object.keys(presets)])];
}

/**
 * What a preset changes.
 * @param asked What is asked for beside it, by which it may differ.
 * @throws InputError where the scenario has no such preset.
 */
export function presetOf(
  scenario: Pick<Scenario, 'name' | 'presets'>,
  preset: string,
  asked: Readonly<Record<string, unknown>> = {},
): object {
  const legal = presetsOf(scenario);
  if (!legal.includes(preset)) {
    throw new InputError({
      what: `Scenario "${scenario.name}" has no such preset`,
      got: preset,
      legal: legal.join(', '),
      advice: didYouMean(preset, legal),
    });
  }
  const found = scenario.presets[preset]!;
  return typeof found === 'function' ? found(asked) : found;
}

/** A setting as typed: `nudged.steps=200`. */
export type Override = string;

/**
 * A scenario's configuration: its defaults, the preset's changes, then the user's.
 * @throws InputError for an unknown preset or setting, naming the nearest legal one, or a value out of range.
 */
export function resolveConfig<S extends z.ZodObject>(
  scenario: Scenario<S>,
  preset: string,
  overrides: readonly Override[],
): z.output<S> {
  const asked: Record<string, unknown> = {};
  for (const override of overrides) applyOverride(asked, override);
  const given = copyOf(presetOf(scenario, preset, asked)) as Record<string, unknown>;
  for (const override of overrides) applyOverride(given, override);
  return validate(scenario.config, given, `the configuration of "${scenario.name}"`);
}

/** A copy in which no two parts are one object, so that setting the one leaves the other, as structuredClone would not. */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copyOf(part)]));
}

function applyOverride(config: Record<string, unknown>, override: Override): void {
  const equals = override.indexOf('=');
  if (equals < 1) {
    throw new InputError({
      what: '--set needs a setting and a value',
      got: override,
      legal: '--set key.path=value',
    });
  }
  const path = override.slice(0, equals).split('.');
  const last = path.pop()!;
  let part = config;
  for (const key of path) {
    const inner = Object.hasOwn(part, key) ? part[key] : undefined;
    if (inner !== undefined && (typeof inner !== 'object' || inner === null || Array.isArray(inner))) {
      throw new InputError({
        what: `"${formatPath(path)}" is one value, it holds no "${last}"`,
        got: override,
      });
    }
    const next = (inner ?? {}) as Record<string, unknown>;
    Object.defineProperty(part, key, { value: next, enumerable: true, writable: true, configurable: true });
    part = next;
  }
  const value = parseValue(override.slice(equals + 1));
  Object.defineProperty(part, last, { value, enumerable: true, writable: true, configurable: true });
}

/** Numbers, true, false, null, arrays and objects as JSON; everything else, and what has spaces around it, is text. */
export function parseValue(text: string): unknown {
  if (text !== text.trim()) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A setting, for people. */
export interface SettingDescription {
  /** As `--set` takes it: `nudged.steps`. */
  readonly path: string;
  /** What it is where nobody sets it. */
  readonly standard: unknown;
  /** The legal values, where they can be listed. */
  readonly choices: readonly unknown[] | null;
  /** What it is, with its unit and legal range. */
  readonly description: string;
}

/** Every setting of a scenario, in the order of its schema. */
export function describeConfig(scenario: Scenario): SettingDescription[] {
  return describeProperties(z.toJSONSchema(scenario.config, { io: 'input' }) as JsonSchema, '');
}

interface JsonSchema {
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: unknown[];
  readonly properties?: Record<string, JsonSchema>;
}

function describeProperties({ properties = {} }: JsonSchema, above: string): SettingDescription[] {
  return Object.entries(properties).flatMap(([key, part]) => {
    const path = above + key;
    if (part.properties !== undefined) return describeProperties(part, `${path}.`);
    return [
      { path, standard: part.default, choices: part.enum ?? null, description: part.description ?? '' },
    ];
  });
}

import { join } from 'node:path';
import { InputError } from '../../core/errors';
import type { MetaRule } from '../../learning/meta-rule';
import { traceNamed } from '../../trace/read-trace';
import { RecordedSynapses } from '../../trace/recorded-synapses';
import type { TraceEntry, TraceIndex } from '../../trace/recorder';
import { openRows } from '../../trace/trace-rows';
import type { Account, AccountLine, Moment, VariableAccount } from '../protocol/traces';
import { checkAccount } from './account-schema';
import { phaseEnds, type TaskEnds } from './phase-ends';
import { type Numbers, numberText, stepLine } from './rule-lines';

/** Tasks of one meta-update that are shown; a batch may have hundreds. */
const mostTasks = 512;

/** What of one synapse a row of a trace with an account holds. */
interface Recorded {
  readonly moment: Moment;
  /** The tasks that the meta-update is of. */
  readonly tasks: readonly [first: number, last: number];
  /** By the names of the trace's variables: `lambda.gradient`. */
  readonly values: Readonly<Numbers>;
}

/**
 * What the rule saw and did at one meta-update to one synapse: each formula that ran, as its text was recorded, with the synapse's own numbers
 * in it, and beside what it comes to what the run recorded. Where rules ran in float32, the two are some 1e-7 apart.
 * @param folder The run's `traces/`.
 * @throws InputError where the trace has no account, or no such row or column.
 */
export function readAccount(
  folder: string,
  index: TraceIndex,
  trace: string,
  row: number,
  column: number,
): Account {
  const entry = traceNamed(index, trace);
  if (entry.account === undefined) {
    throw new InputError({
      what: `Trace "${trace}" does not say what the rule saw`,
      legal: accountedIn(index),
      advice: "Record one: { at: 'meta-update', account: true }",
    });
  }
  const { rule } = checkAccount(entry);
  const recorded = readRow(folder, entry, row, column);
  const synapse = new RecordedSynapses(entry.synapses).at(column).index;
  const [first, last] = recorded.tasks;
  const all = last - first + 1;
  const tasks = [Math.max(first, last - mostTasks + 1), last] as const;
  const found =
    rule.terms === null
      ? null
      : phaseEnds(folder, index, { source: entry.source, fast: rule.fast, synapse, tasks });
  const ends = found?.reaches ? found.tasks : null;
  const notes: string[] = [];
  if (rule.terms === null) notes.push('The meta-gradient of this method is no contrast of this synapse.');
  else if (found !== null && !found.reaches)
    notes.push(`The ends of phases up to task ${last} are not recorded yet.`);
  else if (ends === null)
    notes.push(
      `The ends of phases were not recorded for this synapse: { variables: ['${rule.fast}'], at: 'phase-end' }.`,
    );
  else if (all > mostTasks)
    notes.push(
      `Of the ${all} tasks of this meta-batch the last ${mostTasks} are shown, and their mean is not that of all.`,
    );
  const variables = rule.slow.flatMap((variable) => {
    const account = accountOf(variable, rule, recorded.values, ends, notes);
    return account === null ? [] : [account];
  });
  const { penalty } = rule;
  return {
    ...{ moment: recorded.moment, column, penalty, variables },
    ...{ equilibria: ends ?? [], notes: [...new Set(notes)] },
  };
}

function accountedIn(index: TraceIndex): string {
  const names = Object.entries(index).filter(([, { account }]) => account !== undefined);
  return names.map(([name]) => name).join(', ') || 'none: no trace of this run does';
}

function accountOf(
  variable: string,
  rule: MetaRule,
  values: Readonly<Numbers>,
  ends: readonly TaskEnds[] | null,
  notes: string[],
): VariableAccount | null {
  const of = (role: string): number => values[`${variable}.${role}`] ?? Number.NaN;
  const [before, after] = [of('value'), of('after')];
  const lines: AccountLine[] = [];
  if (Object.hasOwn(rule.learned, variable)) {
    if (ends !== null) lines.push(...contrastLines(variable, rule, values, ends, notes));
    lines.push(...stepLines(variable, rule, values, notes));
  }
  lines.push(...flowLines(variable, rule, values, notes));
  return lines.length === 0 ? null : { variable, lines, before, after, change: after - before };
}

/** The contrast of each task, and their mean. */
function contrastLines(
  variable: string,
  rule: MetaRule,
  values: Readonly<Numbers>,
  ends: readonly TaskEnds[],
  notes: string[],
): AccountLine[] {
  const recorded = values[`${variable}.gradient`]!;
  const tasks: AccountLine[][] = [];
  for (const end of ends) {
    const lines = contrastOfTask(variable, rule, values, end, ends.length > 1);
    if (lines === null) {
      notes.push(`The contrast of ${variable} is too long to be shown as a formula.`);
      return [];
    }
    // A task that was skipped has no part in the mean.
    if (lines.length < rule.terms!.length)
      notes.push(
        `Not all phases of task ${end.task} are recorded: it was skipped, or they are not recorded yet.`,
      );
    else tasks.push(lines);
  }
  const found = tasks.map((lines) => lines.at(-1)!.value);
  const [only] = tasks;
  if (only === undefined) return [];
  if (found.length === 1) return [...only.slice(0, -1), { ...only.at(-1)!, recorded }];
  const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
  const sum = `(${found.map((value) => numberText(value)).join(' + ')}) / ${found.length}`;
  const words = `mean over ${found.length} tasks of this meta-batch`;
  return [
    ...tasks.flat(),
    { words, formula: 'gradient = sum over tasks / tasks', numbers: sum, value: mean, recorded },
  ];
}

/**
 * One line for each term of the estimator.
 * @returns fewer where the task ended before all its phases; null where the rule is too long to be shown
 */
function contrastOfTask(
  variable: string,
  { fast, slow, terms, contrast }: MetaRule,
  values: Readonly<Numbers>,
  { task, phases }: TaskEnds,
  isOneOfMany: boolean,
): AccountLine[] | null {
  const before = Object.fromEntries(slow.map((name) => [name, values[`${name}.value`] ?? Number.NaN]));
  const at = new Map(phases.map(({ beta, value }) => [beta, value]));
  const lines: AccountLine[] = [];
  let accumulated = 0;
  for (const [i, { nudged, reference, coefficient }] of terms!.entries()) {
    const [one, other] = [at.get(nudged), at.get(reference)];
    if (one === undefined || other === undefined) break;
    const numbers = { ...before, nudged: one, reference: other, coefficient, accumulated };
    const against = reference === 0 ? 'the free phase' : `that of beta ${reference}`;
    const step = Object.hasOwn(contrast, variable) ? contrast[variable]!.steps[0]! : null;
    if (step === null) return null;
    const line = stepLine(step, numbers, {
      words: `contrast of ${variable}${isOneOfMany ? `, task ${task}` : ''}: the phase of beta ${nudged} against ${against}`,
      called: { nudged: `${fast}[${nudged}]`, reference: `${fast}[${reference}]`, accumulated: 'gradient' },
      ...(i === 0 ? { zero: 'accumulated' } : {}),
    });
    if (line === null) return null;
    accumulated = line.value;
    lines.push(line);
  }
  return lines;
}

/** What the optimiser, and what keeps the variable in its range, made of the recorded gradient. */
function stepLines(
  variable: string,
  { learned, flow }: MetaRule,
  values: Readonly<Numbers>,
  notes: string[],
): AccountLine[] {
  const { buffers, scalars, rules } = learned[variable]!;
  const of = (role: string): number => values[`${variable}.${role}`] ?? Number.NaN;
  const numbers: Numbers = { value: of('value'), gradient: of('gradient') };
  for (const name of buffers) numbers[name] = of(`buffer.${name}`);
  for (const name of scalars) numbers[name] = of(`scalar.${name}`);
  const lines: AccountLine[] = [];
  for (const rule of rules) {
    for (const step of rule.steps) {
      const words = `${rule.name}: ${step.writes === 'value' ? variable : step.writes}`;
      const line = stepLine(step, numbers, { words, called: { value: variable } });
      if (line === null) {
        notes.push(`Rule "${rule.name}" is too long to be shown as a formula.`);
        return lines;
      }
      lines.push(line);
    }
  }
  const flows = flow?.variables.includes(variable) ?? false;
  const last = lines.findLastIndex(({ formula }) => formula.startsWith(`${variable} = `));
  return lines.map((line, i) => (i === last ? { ...line, recorded: of(flows ? 'stepped' : 'after') } : line));
}

/** What the variable did by itself. */
function flowLines(
  variable: string,
  { slow, flow }: MetaRule,
  values: Readonly<Numbers>,
  notes: string[],
): AccountLine[] {
  // The rule first writes the next value of each variable aside, in their order, and then takes all of them over.
  const step = flow?.rule.steps[flow.variables.indexOf(variable)];
  if (step === undefined) return [];
  const stepped = (name: string): number =>
    values[`${name}.stepped`] ?? values[`${name}.after`] ?? Number.NaN;
  const numbers: Numbers = Object.fromEntries(slow.map((name) => [name, stepped(name)]));
  const words = `flow of ${variable}, from where all slow variables stood after the meta-step`;
  const line = stepLine(step, numbers, { words, called: { [step.writes]: variable } });
  if (line !== null) return [{ ...line, recorded: values[`${variable}.after`]! }];
  notes.push(`The flow of ${variable} is too long to be shown as a formula.`);
  return [];
}

function readRow(folder: string, entry: TraceEntry, row: number, column: number): Recorded {
  const [, height, width] = entry.shape;
  const values = openRows(join(folder, entry.file), height * width, false);
  const when = openRows(join(folder, entry.when.file), entry.when.columns.length, false);
  try {
    const rows = Math.min(values.present, when.present);
    const range = (what: string, got: number, count: number): void => {
      if (Number.isInteger(got) && got >= 0 && got < count) return;
      throw new InputError({ what: `The trace has no such ${what}`, got, legal: `0 to ${count - 1}` });
    };
    range('row', row, rows);
    range('column', column, width);
    const all = values.read(row, 1);
    const named = entry.variables.map((name, v) => [name, all[v * width + column]!]);
    const [task, phase, beta, step] = when.read(row, 1) as unknown as [number, number, number, number];
    const moment = { row, task, phase, beta, step, residual: null };
    const tasks = [task - Math.max(1, step) + 1, task] as const;
    return { moment, tasks, values: Object.fromEntries(named) };
  } finally {
    values.close();
    when.close();
  }
}

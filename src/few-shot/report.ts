import type { RunPlan } from '../clock/schedule';
import type { Interval } from '../core/interval';
import { terminalChart } from '../plot/terminal-chart';
import { ranBy, trustLines, trustSummary } from '../run/trust/report-lines';
import type { ExecutorReport } from '../synapse/rule-executor';
import type { Trust } from '../theory/trust/trust';
import type { Method } from './methods/method';
import type { StreamHistory } from './run-stream';
import type { FewShotSettings } from './settings';

/** One method after its stream. */
export interface FewShotResult {
  readonly method: Method;
  readonly history: StreamHistory;
  /** Its meta-gradient on the first unseen task at the end, judged; null for a method that is not the contrastive rule. */
  readonly trust: Trust | null;
  readonly plan: RunPlan;
  /** Wall-clock time, judging included, over all processes of the run. */
  readonly seconds: number;
}

export interface FewShotFacts {
  /** The scenario's name. */
  readonly name: string;
  readonly settings: Pick<FewShotSettings, 'unseen' | 'batch'>;
  readonly results: readonly FewShotResult[];
  /** How many tasks the methods were judged by. */
  readonly unseen: number;
  readonly rules: ExecutorReport;
  /** What the losses are: `mean squared error`. */
  readonly loss: string;
}

/** The numbers of a run, for `summary.json`; a loss that is no number (a task diverged) is null there. */
export function fewShotSummary({ name, settings, results, unseen, rules }: FewShotFacts) {
  const { steps } = settings.unseen;
  const byStep = (losses: readonly Interval[]) => losses.map((loss, i) => ({ steps: steps[i]!, ...loss }));
  const methods = results.map(({ method, history, trust, plan }) => {
    const { learned, skipped, unconverged, residual, ended, work, curve } = history;
    return [
      method.name,
      {
        tasks: learned + skipped,
        learned,
        skipped,
        streamEnded: ended,
        heldOutLoss: byStep(curve.at(-1)!.losses),
        gradientsPerTask: perTask(work.gradients, history),
        hessianVectorsPerTask: perTask(work.hessianVectors, history),
        phases: phasesOf(plan, unconverged, residual),
        trust: trust && trustSummary(trust),
        curve: curve.map(({ tasks, losses }) => ({ tasks, heldOutLoss: byStep(losses) })),
      },
    ] as const;
  });
  return { scenario: name, unseenTasks: unseen, methods: Object.fromEntries(methods), rules };
}

const perTask = (count: number, { learned, skipped }: StreamHistory): number =>
  count === 0 ? 0 : count / (learned + skipped);

/** How phases ended; null for a method without free and nudged phases. */
function phasesOf({ plan }: RunPlan, unconverged: number, residual: StreamHistory['residual']) {
  if (Number.isNaN(residual.free)) return null;
  const definedBy = plan.phases.some(({ tolerance }) => tolerance === 0) ? 'step budget' : 'tolerance';
  return { definedBy, unconverged, lastResidual: residual };
}

/** The same for people. */
export function fewShotReport({ settings, results, unseen, rules }: FewShotFacts): string {
  const { steps } = settings.unseen;
  return [
    `Held-out loss on ${unseen} unseen tasks after so many inner steps (mean +- 95 % confidence interval over tasks):`,
    '',
    ...table([
      [
        'method',
        ...steps.map((count) => `${count} ${count === 1 ? 'step' : 'steps'}`),
        'tasks lived',
        'gradients a task',
        'seconds',
      ],
      ...results.map(({ method, history, seconds }) => [
        method.name,
        ...history.curve.at(-1)!.losses.map(told),
        String(history.learned + history.skipped),
        workOf(history),
        seconds.toFixed(1),
      ]),
    ]),
    ...(results.some(({ history }) => history.work.hessianVectors > 0)
      ? ['', 'Hv: Hessian-vector products, each of which costs about two gradients.']
      : []),
    ...results.flatMap((result) => story(result, steps.at(-1)!)),
    '',
    ranBy(rules),
  ].join('\n');
}

/** The curve of one method, and what is to be known of its phases and its stream. */
function story({ method, history, trust, plan }: FewShotResult, steps: number): string[] {
  const { curve, skipped, ended } = history;
  const lines = ['', `${method.name}: ${method.summary}.`];
  if (skipped > 0) lines.push(`  ${skipped} tasks were skipped; see the warnings.`);
  if (ended) lines.push('  The stream ended early; see the warnings.');
  lines.push(...phaseStory(history, plan));
  if (trust !== null)
    lines.push('  Is its meta-gradient a derivative? On the first unseen task:', ...trustLines(trust));
  if (curve.length < 2) return lines;
  const title = `  Held-out loss of unseen tasks after ${steps} inner steps`;
  lines.push(
    terminalChart(
      curve.map(({ losses }) => losses.at(-1)!.mean),
      { title, across: 'tasks lived', last: curve.at(-1)!.tasks },
    ),
  );
  return lines;
}

/** Whether phases ended at equilibria, or their step budget defines them. */
function phaseStory({ residual, unconverged }: StreamHistory, { plan }: RunPlan): string[] {
  if (Number.isNaN(residual.free)) return [];
  const budget = plan.phases.map(({ beta, steps }) => `${steps} at beta = ${beta}`).join(', ');
  const ends = `mean residuals of the last meta-step ${residual.free.toExponential(1)} (free), ${residual.nudged.toExponential(1)} (nudged)`;
  const lines = [`  Inner steps: ${budget}; ${ends}.`];
  if (unconverged > 0) lines.push(`  ${unconverged} phases did not reach their tolerance.`);
  if (plan.phases.some(({ tolerance }) => tolerance === 0)) {
    lines.push('  The step budget defines the phases: their ends are not claimed to be equilibria.');
  }
  return lines;
}

const told = ({ mean, halfWidth }: Interval): string =>
  Number.isNaN(mean) ? 'diverged' : `${mean.toPrecision(3)} +- ${halfWidth.toPrecision(2)}`;

function workOf(history: StreamHistory): string {
  const [gradients, products] = [history.work.gradients, history.work.hessianVectors].map((count) =>
    Number(perTask(count, history).toPrecision(4)),
  );
  return products === 0 ? `${gradients}` : `${gradients} + ${products} Hv`;
}

/** Columns side by side, the first to the left, the others to the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => {
    const cells = row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)));
    return `  ${cells.join('  ')}`;
  });
}

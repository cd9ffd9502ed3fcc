import type { RunPlan } from '../clock/schedule';
import type { Interval } from '../core/interval';
import { terminalChart } from '../plot/terminal-chart';
import { leadsDown, ranBy, trustLines, trustSummary } from '../run/trust/report-lines';
import type { Judged } from '../theory/trust/judge';
import type { FewShotFacts, FewShotResult } from './facts';
import { failureOf } from './failure';
import { type CurvePoint, inPercent, inTheEnd, type StreamHistory } from './run-stream';

/** The numbers of a run, for `summary.json`; a loss that is no number (a task diverged) is null there. */
export function fewShotSummary(facts: FewShotFacts) {
  const { name, results, unseen, validation, rules } = facts;
  const methods = results.map((result) => {
    const { method, history, trust, still, plan } = result;
    const { learned, skipped, unconverged, residual, ended, work, curve, steps, best } = history;
    const byStep = ({ losses, diverged }: CurvePoint) =>
      losses.map((loss, i) => ({ steps: steps[i]!, ...loss, diverged: diverged[i]! }));
    const accuracyOf = ({ accuracies }: CurvePoint) =>
      accuracies === null ? {} : { accuracy: accuracies.map((each, i) => ({ steps: steps[i]!, ...each })) };
    const end = inTheEnd(history);
    return [
      method.name,
      {
        tasks: learned + skipped,
        learned,
        skipped,
        streamEnded: ended,
        failure: failureOf(result, facts),
        heldOutLoss: byStep(end),
        ...accuracyOf(end),
        ...(best === null ? {} : { bestAfterTasks: curve[best.point]!.tasks }),
        gradientsPerTask: perTask(work.gradients, history),
        hessianVectorsPerTask: perTask(work.hessianVectors, history),
        phases: phasesOf(plan, unconverged, residual),
        neverMoved: still,
        trust: trust && trustSummary(trust),
        curve: curve.map((point) => ({
          tasks: point.tasks,
          heldOutLoss: byStep(point),
          ...accuracyOf(point),
        })),
      },
    ] as const;
  });
  const validated = validation === null ? {} : { validationTasks: validation };
  return { scenario: name, unseenTasks: unseen, ...validated, methods: Object.fromEntries(methods), rules };
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
export function fewShotReport(facts: FewShotFacts): string {
  const { results, rules, tellsClasses } = facts;
  return [
    ...(tellsClasses ? accuracyTable(facts) : lossTable(facts)),
    ...(results.some(({ history }) => history.work.hessianVectors > 0)
      ? ['', 'Hv: Hessian-vector products, each of which costs about two gradients.']
      : []),
    ...results.flatMap((result) => story(result, facts)),
    '',
    ranBy(rules),
  ].join('\n');
}

function lossTable({ settings, results, unseen }: FewShotFacts): string[] {
  const { steps } = settings.unseen;
  const counts = steps.map((count) => `${count} ${count === 1 ? 'step' : 'steps'}`);
  return [
    `Held-out loss on ${unseen} unseen tasks after so many inner steps (mean +- 95 % confidence interval over tasks):`,
    '',
    ...table([
      ['method', ...counts, 'tasks lived', 'gradients a task', 'seconds'],
      ...results.map((result) => {
        const { losses, diverged } = inTheEnd(result.history);
        return [
          result.method.name,
          ...losses.map((loss, i) => told(loss, diverged[i]!, unseen)),
          ...costs(result),
        ];
      }),
    ]),
  ];
}

function accuracyTable({ results, unseen, validation }: FewShotFacts): string[] {
  const by =
    validation === null
      ? ''
      : `, each from the best of its stream by ${validation} tasks for validation, which are not among them`;
  return [
    `Held-out samples of ${unseen} unseen tasks told right (mean +- 95 % confidence interval over tasks)${by}:`,
    '',
    ...table([
      [
        'method',
        'accuracy',
        'inner steps',
        'before any',
        'validation',
        'best after',
        'tasks lived',
        'gradients a task',
        'seconds',
      ],
      ...results.map((result) => {
        const { history, method } = result;
        const { steps, best, curve } = history;
        const { accuracies } = inTheEnd(history);
        const chosen = best === null ? null : curve[best.point]!;
        return [
          method.name,
          percent(accuracies!.at(-1)!),
          String(steps.at(-1)!),
          steps[0] === 0 && steps.length > 1 ? percent(accuracies![0]!) : '',
          chosen === null ? '' : percent(chosen.accuracies!.at(-1)!),
          chosen === null ? '' : `${chosen.tasks} tasks`,
          ...costs(result),
        ];
      }),
    ]),
  ];
}

const percent = (share: Interval): string => {
  const { mean, halfWidth } = inPercent(share);
  return `${mean.toFixed(2)} +- ${halfWidth.toFixed(2)} %`;
};

const costs = ({ history, seconds }: FewShotResult): string[] => [
  String(history.learned + history.skipped),
  workOf(history),
  seconds.toFixed(1),
];

/** The curve of one method, and what is to be known of its phases and its stream. */
function story(result: FewShotResult, facts: FewShotFacts): string[] {
  const { method, history, trust, still, plan } = result;
  const { curve, skipped, ended } = history;
  const steps = history.steps.at(-1)!;
  const lines = ['', `${method.name}: ${method.summary}.`];
  const failure = failureOf(result, facts);
  if (failure !== null) lines.push(`  Failed: ${failure}`);
  if (still.length > 0) lines.push(`  ${still.join(' and ')} never moved; see the warnings.`);
  if (skipped > 0) lines.push(`  ${skipped} tasks were skipped; see the warnings.`);
  if (ended) lines.push('  The stream ended early; see the warnings.');
  lines.push(...phaseStory(history, plan));
  if (trust !== null) {
    lines.push('  Is its meta-gradient a derivative? On the first unseen task:', ...trustLines(trust));
    lines.push(...howBothCanBe(history, trust, facts.settings.batch));
  }
  if (curve.length < 2) return lines;
  const those = facts.validation === null ? 'unseen tasks' : 'tasks for validation';
  const title = `  ${facts.tellsClasses ? 'Held-out accuracy (%)' : 'Held-out loss'} of ${those} after ${steps} inner steps`;
  lines.push(
    terminalChart(
      curve.map(({ losses, accuracies }) =>
        accuracies === null ? losses.at(-1)!.mean : 100 * accuracies.at(-1)!.mean,
      ),
      { title, across: 'tasks lived', last: curve.at(-1)!.tasks },
    ),
  );
  return lines;
}

/** How a loss can fall under a verdict that is not good. */
function howBothCanBe({ curve }: StreamHistory, { verdict, descent }: Judged, batch: number): string[] {
  const [first, last] = [curve[0]!, curve.at(-1)!].map(({ losses }) => losses.at(-1)!.mean);
  const times = first! / last!;
  if (verdict === 'good' || !(times >= 2)) return [];
  const why =
    descent !== null && leadsDown(descent)
      ? 'the verdict says how near the meta-gradient is to the derivative at an equilibrium, and to lower a loss it need only lead down, as it does'
      : `the verdict is on one task alone: errors that differ from task to task cancel in the mean over ${batch} tasks a meta-step, and from one meta-step to the next`;
  return [`  The loss of unseen tasks fell to 1/${Number(times.toPrecision(2))} all the same: ${why}.`];
}

/** Whether phases ended at equilibria, or their step budget defines them. */
function phaseStory({ residual, unconverged }: StreamHistory, { plan }: RunPlan): string[] {
  if (Number.isNaN(residual.free)) return [];
  const budget = plan.phases.map(({ beta, steps }) => `${steps} at beta = ${beta}`).join(', ');
  const where = plan.phases.every(({ residualAtEnd = true }) => residualAtEnd) ? '' : ', before last steps,';
  const { neurons } = residual;
  const ofNeurons = neurons === undefined ? '' : `, ${neurons.toExponential(1)} (neurons)`;
  const ends = `mean residuals of the last meta-step${where} ${residual.free.toExponential(1)} (free), ${residual.nudged.toExponential(1)} (nudged)${ofNeurons}`;
  const lines = [`  Inner steps: ${budget}; ${ends}.`];
  if (unconverged > 0) lines.push(`  ${unconverged} phases did not reach their tolerance.`);
  if (plan.phases.some(({ tolerance }) => tolerance === 0)) {
    lines.push('  The step budget defines the phases: their ends are not claimed to be equilibria.');
  }
  return lines;
}

/** Where any task has diverged there is no mean. */
function told({ mean, halfWidth }: Interval, diverged: number, tasks: number): string {
  if (diverged > 0) return diverged === tasks ? 'diverged' : `${diverged} of ${tasks} diverged`;
  return Number.isNaN(mean) ? 'unknown' : `${mean.toPrecision(3)} +- ${halfWidth.toPrecision(2)}`;
}

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

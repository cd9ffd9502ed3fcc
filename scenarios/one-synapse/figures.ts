import type { Figure, Panel, Point, Series } from '../../src/plot/figure';
import { phaseSpans, shadesInWords } from '../../src/run/synapse-figures/phase-spans';
import type { ComplexRoles } from '../../src/synapse/complex-roles';
import { type Course, equilibrium, type SlowVariables, type Targets } from './closed-form';

/** phi through the phases of one task. */
export interface ShownTask extends SlowVariables {
  readonly task: number;
  /** Their phi, first where they begin, and then after so many steps. */
  readonly phases: { readonly beta: number; readonly steps: number[]; readonly phi: number[] }[];
}

export interface OneSynapseFacts {
  /** What its variables are called. */
  readonly names: ComplexRoles;
  readonly targets: Targets;
  readonly beta: number;
  readonly shown: readonly ShownTask[];
  /** As simulated. */
  readonly simulated: Course;
  /** With equilibria worked out by hand; and with the exact gradient in place of the contrast. */
  readonly byHand: Course;
  readonly exact: Course;
}

export function oneSynapseFigures(facts: OneSynapseFacts): Figure[] {
  return [phiFigure(facts), slowFigure(facts)];
}

function phiFigure({ names, targets, shown }: OneSynapseFacts): Figure {
  const { fast, anchor } = names;
  const betas = shown[0]!.phases.map(({ beta }) => beta);
  const ends = shown.map(({ phases }) => readable(phases[0]!.phi.at(-1)!)).join(', ');
  return {
    name: 'phi-through-phases',
    title: `One synapse: ${fast} settles in the free phase, and elsewhere when held-out data nudge it`,
    caption:
      `A free phase settles where training data and ${anchor} are in balance; a nudged one starts from there, and settles where ` +
      `held-out data pull too, with weight beta. Dashed: in closed form. The free phases shown end at ${fast} = ${ends}. ` +
      shadesInWords(betas),
    sharedAxes: ['y'],
    panels: shown.map((task) => taskPanel(names, targets, task)),
  };
}

const readable = (value: number): string => value.toPrecision(3).replace('-', '−');

function taskPanel(
  { fast, anchor, strength }: ComplexRoles,
  targets: Targets,
  { task, phases, omega, lambda }: ShownTask,
): Panel {
  const phi: Point[] = [];
  const settled: Series[] = [];
  const stretches: { beta: number; begin: number; end: number }[] = [];
  let begin = 0;
  for (const { beta, steps, phi: values } of phases) {
    values.forEach((y, i) => {
      phi.push({ x: begin + steps[i]!, y });
    });
    const end = begin + steps.at(-1)!;
    stretches.push({ beta, begin, end });
    const y = equilibrium(targets, { omega, lambda }, beta);
    const points = [begin, end].map((x) => ({ x, y: y! }));
    if (y !== null) settled.push({ label: 'closed form', points, dashed: true });
    begin = end;
  }
  return {
    title: `task ${task}: ${anchor} = ${readable(omega)}, ${strength} = ${readable(lambda)}`,
    x: { label: 'inner steps', scale: 'linear', domain: [0, begin] },
    y: { label: fast, scale: 'linear' },
    spans: phaseSpans(stretches),
    series: [
      { label: fast, points: phi },
      ...settled.map((one, i) => (i < settled.length - 1 ? { ...one, labelled: false } : one)),
    ],
    marks: [
      { axis: 'y', at: targets.trainTarget, label: 'training data' },
      { axis: 'y', at: targets.heldOutTarget, label: 'held-out data' },
    ],
  };
}

/** Of more tasks, dots would run into each other. */
const mostDots = 60;

function slowFigure({ names, beta, simulated, byHand, exact }: OneSynapseFacts): Figure {
  const { fast, anchor, strength } = names;
  const course = (values: readonly number[], most = Infinity) =>
    values.slice(0, most).map((y, x) => ({ x, y }));
  const kind = simulated.omega.length <= mostDots ? 'dots' : 'line';
  const panel = (title: string, label: string, of: keyof Course): Panel => ({
    title,
    x: { label: 'tasks lived', scale: 'linear' },
    y: { label, scale: 'linear' },
    series: [
      { label: 'exact gradient', points: course(exact[of], simulated[of].length), dashed: true },
      { label: 'closed form', points: course(byHand[of], simulated[of].length) },
      { label: 'simulated', points: course(simulated[of]), kind },
    ],
  });
  const cut = byHand.omega.length < simulated.omega.length;
  return {
    name: 'omega-and-lambda-by-task',
    title: 'One synapse: what it learns from task to task, and what that gains on held-out data',
    caption:
      `Closed form: the same meta-updates, of the contrast (beta = ${beta}) between equilibria worked out by hand. ` +
      'Exact gradient (dashed): the same meta-updates of the gradient that the contrast estimates.' +
      (cut ? ' The closed form ends where a nudged phase has no minimum.' : ''),
    panels: [
      panel(`A: what ${fast} is drawn to`, anchor, 'omega'),
      panel('B: how strongly', strength, 'lambda'),
      panel('C: what it gains', 'held-out loss (squared error)', 'heldOut'),
    ],
  };
}

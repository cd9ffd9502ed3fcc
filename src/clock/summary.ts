import { checkRunPlan, type NeuralPlan, type RunPlan } from './schedule';

/**
 * The schedule of a scenario for people: who runs when, for how long at the most.
 * `metaplast schedule boston` prints it.
 * @throws InputError where the plan is not legal.
 */
export function scheduleSummary(run: RunPlan): string {
  const { plan, tasks, batch = 1 } = checkRunPlan(run);
  const batches = batch === 1 ? '' : ` in meta-batches of ${batch}`;
  const lines = [`${counted(tasks, 'task')}${batches}, each:`];
  plan.phases.forEach(({ beta, steps, tolerance }, phase) => {
    const kind = beta === 0 ? 'free phase' : 'nudged phase';
    const data = beta === 0 ? 'training data' : `training data + ${beta} x replayed held-out data`;
    const start = phase === 0 ? 'from the start of the task' : 'from the end of the free phase';
    lines.push(
      `  ${phase + 1}. ${kind}, beta = ${beta}: ${tolerance === 0 ? '' : 'up to '}${counted(steps, 'step')} on ${data}, ${start}`,
    );
  });
  const { end = "contrast of the phases' ends, per synapse" } = plan;
  const update = 'meta-update of its slow variables';
  lines.push(`  ${plan.phases.length + 1}. ${end}${batch === 1 ? `; ${update}` : ''}`);
  if (batch > 1) lines.push(`After each meta-batch: mean over its tasks, in their order; ${update}`);
  const most = tasks * plan.phases.reduce((sum, { steps }) => sum + steps, 0);
  lines.push(
    `One step event stands for ${counted(plan.stride, 'step')}. At most ${counted(most, 'inner step')} in all.`,
  );
  if (plan.neural !== undefined) lines.push(sweepsInWords(plan.neural));
  return lines.join('\n');
}

function sweepsInWords({ sweeps, stride }: NeuralPlan): string {
  const told = stride === 1 ? 'each sweep' : `sweep 0, ${stride}, ${2 * stride}, ...`;
  return `Before each step event neurons settle by ${counted(sweeps, 'sweep')} on training data, in nudged phases on what is replayed too; ${told} is an event.`;
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

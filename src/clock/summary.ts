import type { TaskPlan } from './schedule';

/**
 * The schedule of a scenario for people: who runs when, for how long at the most.
 * `metaplast schedule boston` prints it.
 */
export function scheduleSummary(plan: TaskPlan, tasks: number): string {
  const lines = [`${counted(tasks, 'task')}, each:`];
  plan.phases.forEach(({ beta, steps }, phase) => {
    const kind = beta === 0 ? 'free phase' : 'nudged phase';
    const data = beta === 0 ? 'training data' : `training data + ${beta} x replayed held-out data`;
    const start = phase === 0 ? 'from the start of the task' : 'from the end of the free phase';
    lines.push(
      `  ${phase + 1}. ${kind}, beta = ${beta}: up to ${counted(steps, 'step')} on ${data}, ${start}`,
    );
  });
  lines.push(
    `  ${plan.phases.length + 1}. contrast of the phases' ends, per synapse; meta-update of its slow variables`,
  );
  const most = tasks * plan.phases.reduce((sum, { steps }) => sum + steps, 0);
  lines.push(
    `One step event stands for ${counted(plan.stride, 'step')}. At most ${counted(most, 'inner step')} in all.`,
  );
  return lines.join('\n');
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

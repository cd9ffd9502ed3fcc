import type { SimulationEvent } from '../../src/learning/events';
import type { ComplexRoles } from '../../src/synapse/complex-roles';
import type { Synapse } from '../../src/synapse/synapse';
import type { ShownTask } from './figures';

/** Of longer phases, not every step is kept. */
const mostSteps = 4000;

/** The tasks that are shown: the first, the middle and the last one. */
function shownTasks(metaSteps: number): number[] {
  return [...new Set([0, Math.floor((metaSteps - 1) / 2), metaSteps - 1])];
}

/** Listens to a simulation, and keeps phi step by step in the tasks that are shown. */
export class TaskWatch {
  private readonly tasks: ReadonlySet<number>;
  private readonly stride: number;

  /**
   * @param budget Steps of all phases of a task, at most.
   * @param shown Where they are kept.
   */
  constructor(
    private readonly synapse: Synapse,
    private readonly names: ComplexRoles,
    metaSteps: number,
    budget: number,
    private readonly shown: () => ShownTask[],
  ) {
    this.tasks = new Set(shownTasks(metaSteps));
    this.stride = Math.ceil(budget / mostSteps);
  }

  readonly hear = (event: SimulationEvent): void => {
    if (!this.tasks.has(event.task)) return;
    const { synapse, names } = this;
    const phi = synapse.get(names.fast);
    switch (event.kind) {
      case 'task-start':
        this.shown().push({
          task: event.task,
          omega: synapse.get(names.anchor),
          lambda: synapse.get(names.strength),
          phases: [],
        });
        break;
      case 'phase-start':
        this.shown()
          .at(-1)!
          .phases.push({ beta: event.beta, steps: [0], phi: [phi] });
        break;
      case 'step':
        if ((event.first + event.count) % this.stride === 0) this.keep(event.first + event.count, phi);
        break;
      case 'phase-end':
        if (this.shown().at(-1)!.phases.at(-1)!.steps.at(-1) !== event.steps) this.keep(event.steps, phi);
        break;
    }
  };

  private keep(step: number, value: number): void {
    const { steps, phi } = this.shown().at(-1)!.phases.at(-1)!;
    steps.push(step);
    phi.push(value);
  }
}

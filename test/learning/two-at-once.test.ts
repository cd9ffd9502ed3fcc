import fc from 'fast-check';
import { filter, firstValueFrom, take } from 'rxjs';
import { ClosedError, InputError, Interruption } from '../../src/core/errors';
import type { Simulation } from '../../src/learning/simulator';
import type { TaskResult } from '../../src/learning/task-learner';
import { smallSimulation, systems } from './systems';

const lossesOf = (results: readonly TaskResult[]) => results.map(({ loss }) => loss);

/** What a simulation comes to where everything is waited for; then it is closed. */
async function cameTo(simulation: Simulation, work: (of: Simulation) => Promise<TaskResult[]>) {
  const results = await work(simulation);
  const state = simulation.save();
  await simulation.close();
  return { losses: lossesOf(results), state };
}

const once = (simulation: Simulation, kind: string) =>
  firstValueFrom(
    simulation.events$.pipe(
      filter((event) => event.kind === kind),
      take(1),
    ),
  );

describe('of two things at once', () => {
  it.each<[string, (s: Simulation) => Promise<TaskResult[]>, (s: Simulation) => Promise<TaskResult[]>]>([
    [
      'two meta-steps',
      (s) => Promise.all([s.metaStep(), s.metaStep()]),
      async (s) => [await s.metaStep(), await s.metaStep()],
    ],
    [
      'two runs',
      async (s) => (await Promise.all([s.run({ metaSteps: 2 }), s.run({ metaSteps: 1 })])).flat(),
      (s) => s.run({ metaSteps: 3 }),
    ],
    [
      'an estimate beside meta-steps',
      (s) => Promise.all([s.metaStep(), s.estimate(), s.metaStep()]),
      async (s) => [await s.metaStep(), await s.estimate(), await s.metaStep()],
    ],
    [
      'an estimate that a listener waits for, in the middle of a run',
      async (s) => {
        const asked = once(s, 'step').then(() => s.estimate());
        return [...(await s.run({ metaSteps: 2 })), await asked];
      },
      async (s) => [...(await s.run({ metaSteps: 2 })), await s.estimate()],
    ],
    [
      'going back to a saved state',
      async (s) => {
        const saved = s.save();
        const [first, , second] = await Promise.all([s.metaStep(), s.restore(saved), s.metaStep()]);
        return [first, second];
      },
      async (s) => {
        const saved = s.save();
        const first = await s.metaStep();
        await s.restore(saved);
        return [first, await s.metaStep()];
      },
    ],
    [
      'a session of its own, used beside a meta-step',
      async (s) => {
        const stepping = s.metaStep();
        const session = await s.open();
        await session.write('phi', new Float64Array(s.network.size).fill(7));
        await session.gradient(s.task.train);
        await session.write('lambda', new Float64Array(s.network.size));
        return [await stepping, await s.metaStep()];
      },
      async (s) => [await s.metaStep(), await s.metaStep()],
    ],
  ])('%s: the numbers are those of one after the other', async (_what, hasty, patient) => {
    expect(await cameTo(smallSimulation(), hasty)).toEqual(await cameTo(smallSimulation(), patient));
  });
});

describe.each(systems)('on every engine, with one worker and with more, %s:', (_name, system) => {
  const make = () => smallSimulation(system);
  const twoSteps = (of: Simulation) => of.run({ metaSteps: 2 });

  it('what is asked for at once gives the numbers of one after the other', async () => {
    const hasty = async (s: Simulation): Promise<TaskResult[]> => {
      const saved = s.save();
      const going = [
        s.metaStep(),
        s.estimate(),
        s.run({ metaSteps: 2 }),
        s.restore(saved),
        s.metaStep(),
      ] as const;
      const session = await s.open();
      await session.write('phi', new Float64Array(s.network.size).fill(7));
      await session.gradient(s.task.train);
      const [first, estimate, steps, , last] = await Promise.all(going);
      return [first, estimate, ...steps, last];
    };
    const patient = async (s: Simulation): Promise<TaskResult[]> => {
      const saved = s.save();
      const results = [await s.metaStep(), await s.estimate(), ...(await s.run({ metaSteps: 2 }))];
      await s.restore(saved);
      return [...results, await s.metaStep()];
    };
    expect(await cameTo(make(), hasty)).toEqual(await cameTo(make(), patient));
  });

  it('closing interrupts what is learned, and leaves what runs beside it and what is opened then right', async () => {
    const alone = await cameTo(make(), twoSteps);
    for (const kind of ['phase-start', 'step']) {
      const closed = make();
      const beside = cameTo(make(), twoSteps);
      const running = closed.run({ metaSteps: 100 });
      await once(closed, kind);
      await closed.close();
      expect(await cameTo(make(), twoSteps)).toEqual(alone);
      expect(await beside).toEqual(alone);
      await expect(running).rejects.toThrow(Interruption);
      await expect(running).rejects.toThrow('The simulation was closed before its run() was done');
    }
  });
});

describe('closing', () => {
  const questions: [string, (of: Simulation) => Promise<unknown>][] = [
    ['metaStep', (s) => s.metaStep()],
    ['estimate', (s) => s.estimate()],
    ['run', (s) => s.run({ metaSteps: 1 })],
    ['open', (s) => s.open()],
    ['restore', async (s) => s.restore(s.save())],
  ];

  it.each(questions)('refuses %s afterwards, and leaves what was learned to be read', async (name, ask) => {
    const simulation = smallSimulation();
    await simulation.metaStep();
    await simulation.close();
    const before = simulation.save();
    await expect(ask(simulation)).rejects.toThrow(ClosedError);
    await expect(ask(simulation)).rejects.toThrow(`The simulation is closed, so ${name}() is refused`);
    expect(simulation.save()).toEqual(before);
    await simulation.close();
  });

  it('by a listener interrupts the meta-step; after the meta-update that one ends, and the next one does not begin', async () => {
    const early = smallSimulation();
    const closing = once(early, 'phase-end').then(() => early.close());
    const before = early.save();
    await expect(early.metaStep()).rejects.toThrow(Interruption);
    await closing;
    expect(early.save()).toMatchObject({ metaSteps: 0, meta: before.meta, start: before.start });

    const late = smallSimulation();
    late.events$.subscribe(({ kind }) => {
      if (kind === 'meta-update') void late.close();
    });
    await expect(late.run({ metaSteps: 3 })).rejects.toThrow(Interruption);
    expect(late.metaStepsTaken).toBe(1);
  });

  it('ends the events, behind the last of what was going on', async () => {
    const simulation = smallSimulation();
    const heard: string[] = [];
    simulation.events$.subscribe({
      next: ({ kind }) => heard.push(kind),
      complete: () => heard.push('complete'),
    });
    const running = simulation.metaStep();
    await once(simulation, 'step');
    await simulation.close();
    await expect(running).rejects.toThrow(Interruption);
    expect(heard.at(-1)).toBe('complete');
    expect(heard.filter((kind) => kind === 'complete')).toHaveLength(1);
  });

  it('closes the sessions that were opened for questions', async () => {
    const simulation = smallSimulation();
    const [one, two] = [await simulation.open(), await simulation.open()];
    await one.close();
    expect(await two.read('lambda')).toEqual(simulation.population.values('lambda'));
    await simulation.close();
    await expect(two.read('lambda')).rejects.toThrow(ClosedError);
  });
});

describe('while a task is learned', () => {
  it('synapses refuse to be set, until the slow variables have moved', async () => {
    const simulation = smallSimulation();
    const [synapse] = simulation.synapses;
    const refused: string[] = [];
    simulation.events$.subscribe(({ kind }) => {
      for (const [variable, value] of [
        ['phi', 1],
        ['omega', 2],
        ['lambda', 3],
      ] as const) {
        try {
          synapse![variable] = value;
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          expect((error as Error).message).toMatch(/cannot be set while a task is learned/);
          refused.push(`${kind} ${variable}`);
        }
      }
      if (kind === 'step') expect(() => simulation.population.set('lambda', 1)).toThrow(InputError);
    });
    await simulation.metaStep();
    expect(new Set(refused)).toEqual(
      new Set(
        ['task-start', 'phase-start', 'step', 'phase-end'].flatMap((kind) =>
          ['phi', 'omega', 'lambda'].map((variable) => `${kind} ${variable}`),
        ),
      ),
    );
    expect(synapse).toMatchObject({ phi: 1, omega: 2, lambda: 3 });
    synapse!.omega = 4;
    expect(synapse!.omega).toBe(4);
  });

  it('what is written into the arrays of variables changes none of its numbers', async () => {
    const [left, spoiled] = [smallSimulation(), smallSimulation()];
    spoiled.events$.subscribe(({ kind }) => {
      if (kind === 'meta-update' || kind === 'task-end') return;
      for (const variable of ['phi', 'omega', 'lambda']) spoiled.population.values(variable).fill(9);
    });
    const [expected, result] = [await left.metaStep(), await spoiled.metaStep()];
    expect(result).toEqual(expected);
    const { variables, ...rest } = left.save();
    // phi is what was written last; nothing is learned from it.
    expect(spoiled.save()).toEqual({
      ...rest,
      variables: { ...variables, phi: variables.phi!.map(() => 9) },
    });
  });

  it('the state can be saved at any event, and gone on from as if nothing had been saved', async () => {
    const whole = smallSimulation();
    await whole.run({ metaSteps: 3 });
    const end = whole.save();
    const count = await eventsOf(smallSimulation());
    await fc.assert(
      fc.asyncProperty(fc.nat(count - 1), async (at) => {
        const saving = smallSimulation();
        let heard = 0;
        let saved = saving.save();
        saving.events$.subscribe(() => {
          if (heard++ === at) saved = saving.save();
        });
        await saving.run({ metaSteps: 3 });
        const second = smallSimulation();
        await second.restore(saved);
        await second.run({ metaSteps: 3 - saved.metaSteps });
        expect(second.save()).toEqual(end);
      }),
      { numRuns: 30 },
    );
  });
});

async function eventsOf(simulation: Simulation): Promise<number> {
  let count = 0;
  simulation.events$.subscribe(() => count++);
  await simulation.run({ metaSteps: 3 });
  return count;
}

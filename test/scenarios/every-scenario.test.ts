import { scheduleSummary } from '../../src/clock/summary';
import { builtInScenarios, findScenario } from '../../src/run/scenario/find-scenario';
import { describeConfig, presetNames, resolveConfig } from '../../src/run/scenario/scenario';

test('boston and one-synapse come with metaplast', () => {
  expect(builtInScenarios()).toEqual(expect.arrayContaining(['boston', 'one-synapse']));
});

describe.each(builtInScenarios())('the scenario %s', (name) => {
  test('has its file’s name and asks a question', async () => {
    const { scenario, file } = await findScenario(name);
    expect(file).toBeNull();
    expect(scenario.name).toBe(name);
    expect(scenario.question).toMatch(/^[A-Z].*\?$/);
  });

  test('describes every setting, and gives it a default', async () => {
    const { scenario } = await findScenario(name);
    const settings = describeConfig(scenario);
    expect(settings.length).toBeGreaterThan(3);
    for (const { path, standard, description } of settings) {
      expect({ path, description }).toEqual({ path, description: expect.stringMatching(/^\S.{5,}/) });
      expect({ path, standard }).not.toEqual({ path, standard: undefined });
    }
  });

  test.each(presetNames)('has the preset %s, whose schedule can be told', async (preset) => {
    const { scenario } = await findScenario(name);
    const run = scenario.schedule(resolveConfig(scenario, preset, []));
    const { plan, tasks } = run;
    expect(plan.phases[0]).toMatchObject({ beta: 0 });
    expect(plan.phases.length).toBeGreaterThan(1);
    expect(scheduleSummary(run)).toMatch(new RegExp(`^${tasks} tasks.*, each:\\n`));
  });

  test('takes fewer tasks in its smoke preset than in its paper preset', async () => {
    const { scenario } = await findScenario(name);
    const tasks = (preset: string) => scenario.schedule(resolveConfig(scenario, preset, [])).tasks;
    expect(tasks('smoke')).toBeLessThan(tasks('paper'));
  });

  test('is not touched by what a user sets', async () => {
    const { scenario } = await findScenario(name);
    const before = resolveConfig(scenario, 'paper', []);
    for (const { path, standard } of describeConfig(scenario)) {
      resolveConfig(scenario, 'smoke', [`${path}=${JSON.stringify(standard)}`]);
      resolveConfig(scenario, 'paper', [`${path}=${JSON.stringify(standard)}`]);
    }
    expect(resolveConfig(scenario, 'paper', [])).toEqual(before);
  });
});

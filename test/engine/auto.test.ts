import { InputError } from '../../src/core/errors';
import { chooseEngine, engineNamed, engineNames } from '../../src/engine/auto';

describe('an engine by its name', () => {
  it('is one of those that are listed, and can say what it runs on', async () => {
    expect(engineNames).toContain('reference');
    for (const name of engineNames) {
      const engine = await engineNamed(name).catch((error: InputError) => error);
      // One that this machine lacks the device for says so instead.
      if (engine instanceof InputError) expect(engine.message).toContain('is not available here');
      else expect(await engine.probe()).toMatchObject({ available: true });
    }
  });

  it('called reference computes in float64 everywhere', async () => {
    const engine = await engineNamed('reference');
    expect(engine.name).toBe('reference');
    expect(await engine.probe()).toMatchObject({ available: true, precision: 'float64' });
  });

  it('called auto is an engine that is there', async () => {
    const engine = await engineNamed('auto');
    expect(engineNames).toContain(engine.name);
    expect(engine.name).not.toBe('auto');
  });

  it('called auto is GPU.js only on a graphics processor, and says why not', async () => {
    const { engine, passedOver } = await chooseEngine('auto');
    expect(engine.name).not.toBe('gpujs');
    expect(passedOver[0]).toMatch(/^gpujs: GPU\.js has no graphics processor here: /);
    expect(await chooseEngine('gpujs')).toMatchObject({ engine: { name: 'gpujs' }, passedOver: [] });
  });

  it('that is not there is refused, with the nearest', async () => {
    await expect(engineNamed('refrence')).rejects.toThrow(InputError);
    await expect(engineNamed('refrence')).rejects.toThrow(/Got "refrence"\..*Did you mean "reference"\?/);
  });
});

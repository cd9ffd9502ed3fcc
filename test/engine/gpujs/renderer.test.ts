import { rendererOf, whyNoHardware } from '../../../src/engine/gpujs/renderer';

describe('whether a graphics processor could name itself', () => {
  it('is plain in Node, which has neither WebGPU nor an OffscreenCanvas', () => {
    expect(whyNoHardware()).toMatch(/neither WebGPU nor an OffscreenCanvas/);
  });

  it.each(['navigator', 'OffscreenCanvas'])('must be asked where there is %s', (name) => {
    const value = name === 'navigator' ? { gpu: {} } : class {};
    withGlobal(name, value, () => expect(whyNoHardware()).toBeUndefined());
  });
});

it('an adapter of WebGPU that is not there at the first question is asked for again', async () => {
  const answers = [null, { info: { vendor: 'nvidia', architecture: '', device: '', description: '' } }];
  const gpu = { requestAdapter: async () => answers.shift() };
  await withGlobal('navigator', { gpu }, async () => {
    expect(await rendererOf('webgpu')).toEqual({ name: 'nvidia', hardware: true });
  });
});

/** Also where the work is a promise: it asks for the global before it waits. */
function withGlobal<T>(name: string, value: unknown, work: () => T): T {
  const before = Object.getOwnPropertyDescriptor(globalThis, name);
  Object.defineProperty(globalThis, name, { value, configurable: true });
  try {
    return work();
  } finally {
    if (before === undefined) delete (globalThis as Record<string, unknown>)[name];
    else Object.defineProperty(globalThis, name, before);
  }
}

import { whyNoHardware } from '../../../src/engine/gpujs/renderer';

describe('whether a graphics processor could name itself', () => {
  it('is plain in Node, which has neither WebGPU nor an OffscreenCanvas', () => {
    expect(whyNoHardware()).toMatch(/neither WebGPU nor an OffscreenCanvas/);
  });

  it.each(['navigator', 'OffscreenCanvas'])('must be asked where there is %s', (name) => {
    const before = Object.getOwnPropertyDescriptor(globalThis, name);
    const value = name === 'navigator' ? { gpu: {} } : class {};
    Object.defineProperty(globalThis, name, { value, configurable: true });
    try {
      expect(whyNoHardware()).toBeUndefined();
    } finally {
      if (before === undefined) delete (globalThis as Record<string, unknown>)[name];
      else Object.defineProperty(globalThis, name, before);
    }
  });
});

import './page';
import { rendererOf, webgpuAdapter } from '../../src/engine/gpujs/renderer';
import { answerWork, timeRule, timeWork } from './timings';

/** What a browser says of who draws, in its own words, and what the engine makes of it. */
async function describeDevices(): Promise<object> {
  const adapter = await webgpuAdapter();
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter?.info ?? {};
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter?.limits ?? {};
  return {
    adapter: adapter === null ? null : { vendor, architecture, device, description, isFallbackAdapter },
    limits: { maxBufferSize, maxStorageBufferBindingSize },
    webgpu: await rendererOf('webgpu'),
    webgl2: await rendererOf('webgl2'),
  };
}

Object.assign(globalThis, { answerWork, describeDevices, timeRule, timeWork });

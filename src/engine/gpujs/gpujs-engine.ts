import { z } from 'zod';
import { InputError } from '../../core/errors';
import { madeBy } from '../../core/origin';
import { validate } from '../../core/validate';
import type { Network } from '../../network/network';
import { checkGpu } from '../../synapse/check-gpu';
import { type GpujsMode, gpujsModes, synchronousModes } from '../../synapse/gpujs-modes';
import type { Engine } from '../engine';
import { PausingSession } from '../pausing-session';
import { SerialSession } from '../serial-session';
import { checkIndices } from './check-indices';
import type { GpujsReport } from './gpujs-report';
import { GpujsSession } from './gpujs-session';
import { layerKernels, lossKernels } from './kernel-tables';
import { type Renderer, rendererOf, webgpuAdapter } from './renderer';

/** Settings of the engine `gpujs`. */
export interface GpujsOptions {
  /** Default `auto`: WebGPU where an adapter answers, else the fastest mode that GPU.js finds here. */
  readonly mode?: GpujsMode;
  /** Whether plans in WebAssembly may use several threads. Default false: it pays for large layers only. */
  readonly threads?: boolean;
}

const gpujsOptions = z.strictObject({
  mode: z.enum(gpujsModes).default('auto'),
  threads: z.boolean().default(false),
});

/**
 * Multiplications of steps that take some 20 ms together, where GPU.js works in this thread: of a processor, and of a graphics card, for which
 * what crosses to it and back costs more than the steps do.
 */
const sliceWork = { processor: 2e6, card: 4e8 };

export interface GpujsEngine extends Engine {
  /** null before anything has run. */
  readonly report: GpujsReport | null;
}

/**
 * Networks and rules as kernels of GPU.js, in float32. A chunk of a phase is one plan (`createPipeline`): in modes `webgpu`
 * and `webasm` GPU.js fuses it into one launch; in `webgl2`, `headlessgl` and `cpu` it runs the plan's kernels one by one,
 * which keep their results as textures or arrays of the device's own.
 *
 * Networks with another source of credit than `backprop` have their neurons settle on the processor, in float64; the rules of their synapses run as kernels, one
 * launch each, in the modes that answer at once. The report says so.
 * @throws InputError where there is no such mode, or an option is unknown or not legal.
 */
export function gpujsEngine(options: GpujsOptions = {}): GpujsEngine {
  const { mode, threads } = validate(gpujsOptions, options, 'the options of the engine gpujs');
  let report: GpujsReport | null = null;
  return madeBy('src/engine/gpujs/gpujs-engine', 'gpujsEngine', [{ mode, threads }], {
    name: 'gpujs',
    get report() {
      return report;
    },
    async probe() {
      try {
        const device = await openDevice(mode);
        const { name, hardware } = await rendererOf(device.mode);
        await device.gpu.destroy();
        return {
          available: true,
          device: `GPU.js mode ${device.mode}, ${name}`,
          brief: `${device.mode}, ${name}`,
          precision: 'float32',
          byNameOnly: hardware ? undefined : `GPU.js has no graphics processor here: ${name}`,
          ...(report === null ? {} : { report }),
        };
      } catch (error) {
        return { available: false, why: (error as Error).message };
      }
    },
    async open(network: Network) {
      if (network.credit.kind !== 'backprop') {
        checkIndices(network);
        const { GpujsLocalSession } = await import('./credit/gpujs-local-session');
        const { gpu, Input } = await openDevice(mode, 'at once');
        const session = await GpujsLocalSession.open(network, gpu, Input, (latest) => {
          report = latest;
        });
        return new SerialSession(new PausingSession(session, network, sliceWork.processor / costOfLocal));
      }
      network.layers.forEach(layerKernels);
      lossKernels(network.loss);
      checkIndices(network);
      const { gpu, Input, mode: opened } = await openDevice(mode);
      const caveat = await checkGpu(gpu);
      const work = sliceWork[(await drawsOnCard(opened)) ? 'card' : 'processor'];
      const session = new GpujsSession(network, {
        ...{ gpu, Input, threads },
        report: (latest) => {
          if (report?.fallbackReason != null) return;
          report = { mode: opened, ...latest, ...(caveat === null ? {} : { caveat }) };
        },
      });
      return new SerialSession(opened === 'webgpu' ? session : new PausingSession(session, network, work));
    },
  });
}

/** Neurons that settle on the processor take about so many times as long as a backward pass. */
const costOfLocal = 40;

/** By mode: asked once in a process, since each question opens a context, and browsers close the oldest of many. */
const cards = new Map<string, Promise<Renderer>>();

async function drawsOnCard(mode: string): Promise<boolean> {
  const asked = cards.get(mode) ?? rendererOf(mode);
  cards.set(mode, asked);
  return (await asked).hardware;
}

/** GPU.js takes a while to load, so it is loaded where it is needed. */
async function openDevice(asked: GpujsMode, answers: 'at once' | 'later' = 'later') {
  const { GPU, Input } = await import('gpu.js');
  if (answers === 'at once' && asked === 'webgpu') {
    throw new InputError({
      what: 'In GPU.js mode "webgpu" results come later, and neurons that settle on the processor wait for each rule',
      got: asked,
      legal: synchronousModes.join(', '),
      advice: 'Take the engine gpujs in its mode auto, or another engine',
    });
  }
  const mayAsk = answers === 'later' && (asked === 'auto' || asked === 'webgpu');
  const available = mayAsk && (await webgpuAdapter()) !== null;
  const taken = asked === 'auto' && available ? 'webgpu' : asked;
  try {
    if (taken === 'webgpu' && !available) throw new Error('no WebGPU adapter answers');
    const gpu = new GPU(taken === 'auto' ? {} : { mode: taken as never });
    return { gpu, Input, mode: gpu.mode };
  } catch (error) {
    throw new InputError({
      what: `GPU.js cannot run in mode "${asked}" on this machine: ${(error as Error).message}`,
      got: asked,
      legal: gpujsModes.join(', '),
      advice: 'Take "auto" for the fastest mode that this machine has',
    });
  }
}

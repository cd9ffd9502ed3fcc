import type { GPU, Input } from 'gpu.js';
import type { Network } from '../../../network/network';
import { gpujsExecutor } from '../../../synapse/gpujs-executor';
import type { SynchronousMode } from '../../../synapse/gpujs-modes';
import { LocalSession } from '../../reference/credit/local-session';
import type { GpujsReport } from '../gpujs-report';
import { gpuLearning } from './gpu-learning';

/** What a session works with, and what is to be closed with it. */
interface Device {
  readonly gpu: GPU;
  readonly learning: ReturnType<typeof gpuLearning>;
  readonly executor: ReturnType<typeof gpujsExecutor>;
  /** Hears what ran the rules, each time that one has run. */
  readonly report: (report: GpujsReport) => void;
}

/**
 * Credit on GPU.js: neurons settle on the processor, by the reference engine's arithmetic in float64 on synapses in float32; all rules of synapses, that of the
 * credit over all samples, the pull and the optimiser's, run as kernels of GPU.js. What they leave comes back after each rule.
 */
export class GpujsLocalSession extends LocalSession {
  override readonly engine = 'gpujs';

  private constructor(
    network: Network,
    private readonly device: Device,
  ) {
    const { gpu, learning, executor, report } = device;
    super(network, learning, (rule, quantities) => (scalars) => {
      executor.run(rule, quantities, scalars);
      const { mode, fallbackReason, caveat } = executor.report;
      report({
        ...{ mode: gpu.mode, backend: mode ?? gpu.mode, executorKind: 'rule after rule', fallbackReason },
        neurons: 'settle on the processor, in float64',
        ...(caveat === undefined ? {} : { caveat }),
      });
    });
  }

  /** @throws InputError where the network, its loss or its credit has no arithmetic; the device is given back. */
  static async open(
    network: Network,
    gpu: GPU,
    input: typeof Input,
    report: Device['report'],
  ): Promise<GpujsLocalSession> {
    const executor = gpujsExecutor(gpu.mode as SynchronousMode);
    const device = { gpu, executor, learning: gpuLearning(gpu, input), report };
    try {
      return new GpujsLocalSession(network, device);
    } catch (error) {
      await closeDevice(device);
      throw error;
    }
  }

  /** What is written is rounded to single precision, as the device has it. */
  override write(variable: string, values: ArrayLike<number>): Promise<void> {
    return super.write(variable, Float32Array.from(values));
  }

  override async close(): Promise<void> {
    await super.close();
    await closeDevice(this.device);
  }
}

async function closeDevice({ gpu, learning, executor }: Device): Promise<void> {
  learning.close();
  executor.close();
  await gpu.destroy();
}

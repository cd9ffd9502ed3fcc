import type { GPU, IPipelineRunShortcut } from 'gpu.js';
import type { Handle } from './kernel-maker';

/** What GPU.js ran a plan with. */
export interface PlanReport {
  /** The mode of the kernels that ran; GPU.js says `gpu` for WebGL of every kind. */
  readonly backend: string;
  /** `fused-sync` and `fused-threaded` (webasm), `fused-encoder` (webgpu): one launch; `generic`: kernel after kernel. */
  readonly executorKind: string;
  /** Why a plan was not fused, in the words of GPU.js; null where it was. */
  readonly fallbackReason: string | null;
}

export type Handles = Readonly<Record<string, Handle>>;
/** What a plan is called with: vectors, activations (GPU.js `Input`), and numbers. */
export type PlanValues = Readonly<Record<string, unknown>>;
/** Vectors come back as Float32Array, activations as one Float32Array a sample. */
export type PlanResults = Readonly<Record<string, Float32Array | Float32Array[]>>;

/**
 * A computation of many kernels, written down once and then run as a whole: its values go to the device, all kernels
 * run there, its results come back.
 */
export class Plan {
  private readonly pipeline: IPipelineRunShortcut;

  /** @param write calls kernels with the handles of the named values; it runs once, when the plan is first run. */
  constructor(
    gpu: GPU,
    private readonly names: readonly string[],
    threads: boolean,
    write: (values: Handles) => Handles,
  ) {
    const orchestrate = (...handles: Handle[]) =>
      write(Object.fromEntries(names.map((name, i) => [name, handles[i]!])));
    // GPU.js makes as many handles as the function says that it has parameters.
    Object.defineProperty(orchestrate, 'length', { value: names.length });
    this.pipeline = gpu.createPipeline(orchestrate as never, { threads });
  }

  async run(values: PlanValues): Promise<PlanResults> {
    return (await this.pipeline(...(this.names.map((name) => values[name]) as never[]))) as PlanResults;
  }

  /** After a run. */
  get report(): PlanReport {
    const { backend, executorKind, fallbackReason } = this.pipeline;
    return { backend: backend ?? 'none', executorKind, fallbackReason };
  }

  async destroy(): Promise<void> {
    await this.pipeline.destroy();
  }
}

import { sizeOf } from '../../../core/shape';
import type { Layer, ParameterRole } from '../../../network/layer';
import { flatten } from '../../../network/layers/flatten';
import type { Network } from '../../../network/network';
import { type RunningLayout, runningLayout } from '../../../network/running-statistics';
import { layerKernels, lossKernels } from '../kernel-tables';
import type {
  Activations,
  BoundLayer,
  LayerStatistics,
  ParameterPlace,
  SharedArrays,
  Wanted,
} from '../layer-kernels';
import type { BoundLoss } from '../loss-kernels';
import type { Kernels } from '../machine/kernels';
import { type Allocation, inFloat64, type Vector } from '../machine/shared-memory';
import { activationsAt, layoutOf, Place } from './activation-places';
import { runAll, type Stage, StageList } from './stages';
import { Workspaces } from './workspaces';

/** The flat vectors of one role, which are the session's. */
export interface RoleVectors {
  readonly values: Vector;
  readonly gradient: Vector;
  readonly direction: Vector;
  readonly product: Vector;
}

interface SimdPassOptions {
  readonly network: Network;
  readonly samples: number;
  readonly vectors: Readonly<Record<ParameterRole, RoleVectors>>;
  readonly allocation: Allocation;
  readonly kernels: Kernels;
  /** An array of all parts of a batch, by its layer and name; of this part, where the batch is left whole. */
  shared?(name: string, count: number): SharedArrays;
  /**
   * Whether second derivatives are asked for: then what the passes leave at each layer stays. Else gradients by activations share two arrays.
   * Default: not.
   */
  readonly second?: boolean;
}

/**
 * Forward, backward and tangent passes over batches of one number of samples, in arrays that are allocated once each is asked for. Layers
 * that treat numbers one by one work in place.
 */
export class SimdPass {
  private readonly described: readonly Layer[];
  private readonly running: RunningLayout;
  private readonly values: readonly Activations[];
  private readonly inputs = { pointer: 0 };
  private readonly targets = { pointer: 0 };
  /** Where batch norm finds and leaves statistics. */
  private readonly statistics = { given: 0, noted: 0 };
  private readonly bound: BoundLoss;
  /** [1]: the sum that the loss is a mean of. */
  private readonly sum: Float64Array;
  private readonly layers: readonly BoundLayer[];
  /** The lowest layer with parameters of a role: nothing below it is asked for. */
  private readonly lowest: Readonly<Record<ParameterRole, number>>;
  private readonly vectorsOf: Readonly<
    Record<'gradients' | 'tangents' | 'gradientTangents', readonly Activations[]>
  >;
  private readonly workspaces = new Workspaces((count) => this.allocate(count).pointer);
  private readonly own: Vector[] = [];

  constructor(private readonly options: SimdPassOptions) {
    const { network, samples, kernels, second = false } = options;
    this.described = inRows(network);
    this.running = runningLayout(network);
    this.values = this.inPlace(activationsAt(this.inputs, layoutOf(network.inputShape)));
    const gradients = second ? this.apart() : this.byTurns();
    const [tangents, gradientTangents] = [this.apart(), this.apart()];
    this.vectorsOf = { gradients, tangents, gradientTangents };
    const sum = this.allocate(2);
    this.sum = inFloat64(sum);
    this.bound = lossKernels(network.loss).bind({
      ...{ kernels, samples, outputs: this.outputs, targets: activationsAt(this.targets, this.outputs) },
      ...{ gradient: gradients.at(-1)!, outputsTangent: tangents.at(-1)! },
      ...{ gradientTangent: gradientTangents.at(-1)!, sum: sum.pointer },
    });
    const lowest = (role: ParameterRole) => Math.min(...this.blocks(role).map(({ layer }) => layer));
    this.lowest = { fast: lowest('fast'), meta: lowest('meta') };
    this.layers = this.bind();
  }

  /**
   * Takes another batch of the same number of samples: where its inputs and targets lie.
   * @param statistics where batch norm finds and leaves statistics; 0 for those of the batch at hand, and for nowhere
   */
  use(inputs: number, targets: number, { given = 0, noted = 0 } = {}): this {
    this.inputs.pointer = inputs;
    this.targets.pointer = targets;
    this.statistics.given = given;
    this.statistics.noted = noted;
    return this;
  }

  /** The predictions, in `outputs`, and L of the batch. */
  evaluate(): void {
    runAll(this.stages(() => this.bound.forward(null)));
  }

  get outputs(): Activations {
    return this.values.at(-1)!;
  }

  /** L of the batch, once the kernels of a pass have run. */
  get loss(): number {
    return this.bound.mean * this.sum[0]!;
  }

  /** Bytes of the arrays that it has by now. */
  get bytes(): number {
    return this.own.reduce((sum, { values }) => sum + values.byteLength, 0);
  }

  /** gradient = (add ? gradient : 0) + weight dL/dparameters of one role; the other role's gradient stays as it is. */
  gradient(weight: number, add: boolean, role: ParameterRole = 'fast'): void {
    runAll(this.gradientStages(weight, add, role));
  }

  /** The same in stages, between which what layers need of all samples is joined. */
  gradientStages(weight: number, add: boolean, role: ParameterRole = 'fast'): Stage[] {
    return this.stages(() => this.bound.forward(weight), { role, add });
  }

  /** product = (d2L/dphi2) direction for the fast parameters, by the R-operator. Writes the gradient too. */
  hessianVector(): void {
    this.gradient(1, false);
    const stages = new StageList();
    for (const layer of this.layers) stages.through(layer, 'forwardTangent', () => layer.forwardTangent());
    stages.do(() => this.bound.tangent());
    this.backwards(stages, 'backwardTangent', 'fast', false);
    runAll(stages.all);
  }

  /** Gives its arrays back. */
  close(): void {
    for (const vector of this.own) this.options.allocation.release(vector);
  }

  private stages(loss: () => void, back?: { role: ParameterRole; add: boolean }): Stage[] {
    const stages = new StageList();
    for (const layer of this.layers) stages.through(layer, 'forward', () => layer.forward());
    stages.do(loss);
    if (back !== undefined) this.backwards(stages, 'backward', back.role, back.add);
    return stages.all;
  }

  /** From the last layer down to the lowest one that has parameters of the role. */
  private backwards(
    stages: StageList,
    passage: 'backward' | 'backwardTangent',
    role: ParameterRole,
    add: boolean,
  ): void {
    const lowest = this.lowest[role];
    for (let l = this.layers.length - 1; l >= lowest; l--) {
      const layer = this.layers[l]!;
      const wanted: Wanted = { role, add, below: l > lowest };
      stages.through(layer, passage, () => layer[passage](wanted));
    }
  }

  private allocate(count: number): Vector {
    const vector = this.options.allocation.vector(count);
    this.own.push(vector);
    return vector;
  }

  /** The shapes of activations, from the input to what the loss sees. */
  private get shapes(): Network['shapes'] {
    const { shapes, outputShape } = this.options.network;
    return this.described.length < shapes.length ? shapes : [...shapes, [sizeOf(outputShape)]];
  }

  private place(index: number): Place {
    const { rows, stride } = layoutOf(this.shapes[index]!);
    return new Place(() => this.allocate(this.options.samples * rows * stride).pointer);
  }

  /** Activations each in its own array, for tangents. */
  private apart(): Activations[] {
    return this.shapes.map((shape, i) => activationsAt(this.place(i), layoutOf(shape)));
  }

  /** Values: a layer that can, and may, leaves its output where its input was. */
  private inPlace(input: Activations): Activations[] {
    const values = [input];
    this.described.forEach((layer, l) => {
      const shares = l > 0 && layerKernels(layer).inPlace === true && !readsOutput(this.described[l - 1]!);
      values.push(shares ? values[l]! : activationsAt(this.place(l + 1), layoutOf(this.shapes[l + 1]!)));
    });
    return values;
  }

  /** Gradients by activations, where none is read again behind the layer that it came to: by turns in two arrays. */
  private byTurns(): Activations[] {
    const layouts = this.shapes.map(layoutOf);
    const most = Math.max(...layouts.slice(1).map(({ rows, stride }) => rows * stride));
    const two = [0, 1].map(() => new Place(() => this.allocate(this.options.samples * most).pointer));
    let turn = 0;
    const places: Activations[] = [];
    for (let i = layouts.length - 1; i >= 0; i--) {
      places.unshift(activationsAt(two[turn]!, layouts[i]!));
      const layer = this.described[i - 1];
      if (layer !== undefined && layerKernels(layer).inPlace !== true) turn = 1 - turn;
    }
    return places;
  }

  private bind(): BoundLayer[] {
    const { samples, kernels } = this.options;
    const { gradients, tangents, gradientTangents } = this.vectorsOf;
    const { values, shapes, workspaces } = this;
    return this.described.map((layer, l) =>
      layerKernels(layer).bind({
        ...{ layer, samples, kernels, inputShape: shapes[l]!, outputShape: shapes[l + 1]! },
        allocate: (count) => this.allocate(count),
        workspace: (name, count) => workspaces.of(name, count),
        shared: (name, count) => this.shared(`${l} ${name}`, count),
        statistics: this.statisticsOf(l),
        parameters: layer.parameters.map(({ name, role }) => this.parameterAt(l, name, role)),
        ...{ input: values[l]!, output: values[l + 1]! },
        ...{ inputGradient: gradients[l]!, outputGradient: gradients[l + 1]! },
        ...{ inputTangent: l > 0 ? tangents[l]! : null, outputTangent: tangents[l + 1]! },
        inputGradientTangent: gradientTangents[l]!,
        outputGradientTangent: gradientTangents[l + 1]!,
      }),
    );
  }

  private statisticsOf(layer: number): LayerStatistics {
    const at = this.running.layers.find((features) => features.layer === layer);
    const place = (pointer: number) =>
      pointer === 0 || at === undefined
        ? null
        : { means: pointer + 4 * at.mean, variances: pointer + 4 * at.variance };
    return { given: () => place(this.statistics.given), noted: () => place(this.statistics.noted) };
  }

  private shared(name: string, count: number): SharedArrays {
    const given = this.options.shared?.(name, count);
    if (given !== undefined) return given;
    const { pointer } = this.allocate(count);
    return { own: pointer, first: pointer, parts: 1, bytes: 4 * count };
  }

  private parameterAt(layer: number, name: string, role: ParameterRole): ParameterPlace {
    const { offset } = this.blocks(role).find((block) => block.layer === layer && block.spec.name === name)!;
    const at = (vector: Vector): number => vector.pointer + 4 * offset;
    const { values, gradient, direction, product } = this.options.vectors[role];
    return {
      ...{ role, values: at(values), gradient: at(gradient) },
      ...{ direction: at(direction), product: at(product) },
    };
  }

  private blocks(role: ParameterRole): Network['blocks'] {
    const { network } = this.options;
    return role === 'fast' ? network.blocks : network.meta.blocks;
  }
}

/** The network's layers, and behind an image a row of its numbers: losses, and whoever reads outputs, know rows. */
function inRows({ layers, outputShape }: Network): readonly Layer[] {
  return layoutOf(outputShape).rows === 1 ? layers : [...layers, flatten()];
}

/** Whether a layer's backward passes read its output. */
function readsOutput(layer: Layer): boolean {
  const { inPlace, readsOutput: reads } = layerKernels(layer);
  return inPlace === true || reads === true;
}

import type { Network } from '../../../network/network';
import type { Activation, NeuronStage } from '../../../network/neuron-chain';
import { lossKernels } from '../kernel-tables';
import type { Activations } from '../layer-kernels';
import type { BoundLoss } from '../loss-kernels';
import type { Kernels } from '../machine/kernels';
import { padded, type Vector } from '../machine/shared-memory';
import { activationsAt } from '../passes/activation-places';
import { DenseProducts } from '../passes/dense-products';
import type { StageWeights } from './stage-weights';

interface ChainOptions {
  readonly network: Network;
  readonly chain: readonly NeuronStage[];
  readonly weights: readonly StageWeights[];
  readonly samples: number;
  readonly kernels: Kernels;
  /** Where the batch lies. */
  readonly inputs: { readonly pointer: number };
  readonly targets: { readonly pointer: number };
  allocate(count: number): Vector;
}

/** Layers of neurons and what goes up and down between them, for batches of one number of samples. Arrays of a stage are [samples][neurons, padded]. */
export class Chain {
  /** The index of the outputs. */
  readonly last: number;
  /** W rho(s below) + b of the forward pass. */
  readonly drives: readonly Vector[];
  /** What the next stage sees of them; where that is the drives themselves, the same arrays. */
  readonly rates: readonly Vector[];
  private readonly inputRates: Vector | null;
  private readonly products: readonly DenseProducts[];
  private readonly sum: Vector;

  constructor(private readonly options: ChainOptions) {
    const { chain, samples, kernels, allocate } = options;
    this.last = chain.length - 1;
    this.drives = chain.map((_, l) => this.array(l));
    this.rates = this.drives.map((drive, l) => (this.activation(l) === 'identity' ? drive : this.array(l)));
    const { activation, inputs } = chain[0]!;
    this.inputRates = activation === 'identity' ? null : allocate(samples * padded(inputs));
    this.products = chain.map(
      (stage) =>
        new DenseProducts({ kernels, samples, allocate, inputs: stage.inputs, outputs: stage.outputs }),
    );
    this.sum = allocate(2);
  }

  /** What synapses see of a stage's neurons: of the outputs, their states. */
  activation(stage: number): Activation {
    return this.options.chain[stage + 1]?.activation ?? 'identity';
  }

  shape(stage: number): NeuronStage {
    return this.options.chain[stage]!;
  }

  /** Numbers of an array of a stage. */
  count(stage: number): number {
    return this.options.samples * padded(this.options.chain[stage]!.outputs);
  }

  array(stage: number): Vector {
    return this.options.allocate(this.count(stage));
  }

  /** The numbers of an array of a stage, [samples][neurons]. */
  numbers(stage: number, { values }: Vector): Float64Array {
    const { outputs } = this.options.chain[stage]!;
    const row = padded(outputs);
    const numbers = new Float64Array(this.options.samples * outputs);
    for (let i = 0; i < numbers.length; i++)
      numbers[i] = values[Math.floor(i / outputs) * row + (i % outputs)]!;
    return numbers;
  }

  /** The forward pass. */
  forward(): void {
    const { kernels, chain, samples, inputs, weights } = this.options;
    const { drives, rates, inputRates } = this;
    if (inputRates !== null) {
      const count = samples * padded(chain[0]!.inputs);
      kernels[ratesOf(chain[0]!.activation)!](inputs.pointer, inputRates.pointer, count);
    }
    for (let l = 0; l <= this.last; l++) {
      if (l === 0) {
        const { plain, bias } = weights[0]!;
        this.products[0]!.apply(this.seenOf(-1, rates), plain, bias, drives[0]!.pointer, 0);
      } else this.drive(l, rates[l - 1]!, drives[l]!);
      this.rate(l, drives[l]!, rates[l]!);
    }
  }

  /** rates = rho(states) of a stage, where these are two arrays. */
  rate(stage: number, states: Vector, rates: Vector): void {
    const rate = ratesOf(this.activation(stage));
    if (rate !== null) this.options.kernels[rate](states.pointer, rates.pointer, this.count(stage));
  }

  /** to = W below + b of a stage behind the first. */
  drive(stage: number, below: Vector, to: Vector): void {
    const { turned, bias } = this.options.weights[stage]!;
    this.products[stage]!.applyTurned(below.pointer, turned, bias, to.pointer);
  }

  /** The same without b. */
  driveMove(stage: number, below: Vector, to: Vector): void {
    this.products[stage]!.applyTurned(below.pointer, this.options.weights[stage]!.turned, 0, to.pointer);
  }

  /** to = W^T above, with the weights that leave a stage. */
  bringBack(stage: number, above: Vector, to: Vector): void {
    const { plain } = this.options.weights[stage + 1]!;
    this.products[stage + 1]!.applyBack(above.pointer, plain, to.pointer, 0);
  }

  /** The gradients of a stage's synapses: of weights, slopes times what they see; of biases, slopes. */
  learn(stage: number, slopes: Vector, seen: readonly Vector[], add: boolean): void {
    this.options.weights[stage]!.learn(slopes.pointer, this.options.samples, add, (to, more) =>
      this.products[stage]!.collect(slopes.pointer, this.seenOf(stage - 1, seen), to, more),
    );
  }

  /** The network's loss of outputs in one array, with its gradient to another. */
  loss(outputs: Vector, gradient: Vector): BoundLoss {
    const { network, kernels, samples, targets } = this.options;
    const [at, to] = [this.outputsAt(outputs), this.outputsAt(gradient)];
    return lossKernels(network.loss).bind({
      ...{ kernels, samples, outputs: at, outputsTangent: at, gradient: to, gradientTangent: to },
      ...{ targets: activationsAt(targets, at), sum: this.sum.pointer },
    });
  }

  get targets(): number {
    return this.options.targets.pointer;
  }

  private seenOf(stage: number, seen: readonly Vector[]): number {
    return stage < 0 ? (this.inputRates ?? this.options.inputs).pointer : seen[stage]!.pointer;
  }

  private outputsAt(place: Vector): Activations {
    const { outputs } = this.options.chain[this.last]!;
    return activationsAt(place, { rows: 1, width: outputs, stride: padded(outputs) });
  }
}

function ratesOf(activation: Activation): 'tanhOf' | 'relu' | null {
  return activation === 'identity' ? null : activation === 'tanh' ? 'tanhOf' : 'relu';
}

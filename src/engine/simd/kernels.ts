/** Pointers, counts and numbers; 0 for a pointer is "none", and 0 or 1 stand for false and true. */
type Kernel = (...given: number[]) => void;

/** The functions of `assembly/`; their parameters are named there. */
export interface Kernels {
  readonly multiplyAdd: Kernel;
  readonly multiplyTransposed: Kernel;
  readonly copyRows: Kernel;
  readonly addRows: Kernel;
  readonly sumRows: Kernel;
  readonly scale: Kernel;
  readonly relu: Kernel;
  readonly reluSlope: Kernel;
  readonly tanhOf: Kernel;
  readonly tanhSlope: Kernel;
  readonly tanhCurve: Kernel;
  readonly modulate: Kernel;
  readonly sumProducts: Kernel;
  readonly squaredErrors: (...given: number[]) => number;
  readonly softmax: (...given: number[]) => number;
  readonly crossEntropyGradient: Kernel;
  readonly softmaxTangent: Kernel;
}

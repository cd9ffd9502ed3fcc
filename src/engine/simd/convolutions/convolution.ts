import type { Conv2dLayer } from '../../../network/layers/conv2d';
import type { Windows } from '../image-geometry';
import type { LayerKernels } from '../layer-kernels';

type Surroundings = Parameters<LayerKernels<Conv2dLayer>['bind']>[0];

/** What a convolution of a batch, or of a part of it, works with. */
export interface ConvolutionPlaces
  extends Pick<Surroundings, 'samples' | 'kernels' | 'allocate' | 'workspace'> {
  /** Channels of the outputs. */
  readonly outputs: number;
  readonly windows: Windows;
}

/** A bilinear map of images and arranged weights (`ArrangedKernel`), and its transposes; with `add` 1, added to what is there. */
export interface Convolution {
  /** How it takes weights: numbers of one place of a kernel, and of a whole kernel. */
  readonly arrangement: { readonly channels: number; readonly columns: number };
  /** to = weights * images + start; start = 0 is none. */
  apply(images: number, weights: number, start: number, to: number, add: number): void;
  /** to = what reaches the images of a slope by the outputs. */
  applyBack(slope: number, weights: number, to: number, add: number): void;
  /** to = the gradient by the arranged weights. */
  collect(slope: number, images: number, to: number, add: number): void;
}

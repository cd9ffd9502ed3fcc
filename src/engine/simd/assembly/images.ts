// Where the windows of a layer lie in its images, and images with zeros around them. An image is [rows][columns][channels], the channels
// padded with zeros to a multiple of 4; in a frame they lie as the table says, padded or without. Where windows lie is the same for all samples,
// and is read from a table of whole numbers that `image-geometry.ts` writes:
//   channels in a frame, rows, columns of an image; zeros before its first row and column; rows and columns with zeros; rows of a window;
//   windows of a sample; channels of an image, padded; then, for each window of the samples that are worked off together, where it begins
//   in a frame, in bytes.

import { store4 } from './lanes';
import { transposeRows } from './rows';

/** Numbers from one pixel in a frame to the next. */
export function channelsOf(geometry: usize): i32 {
  return load<i32>(geometry);
}

export function windowRows(geometry: usize): i32 {
  return load<i32>(geometry, 24);
}

export function windowsOf(geometry: usize): i32 {
  return load<i32>(geometry, 28);
}

export function placesOf(geometry: usize): usize {
  return geometry + 36;
}

/** Bytes of one row of an image, with the zeros around it. */
export function framedRowBytes(geometry: usize): usize {
  return (<usize>(load<i32>(geometry, 20) * channelsOf(geometry))) << 2;
}

/** Bytes of an image with its zeros. */
export function framedBytes(geometry: usize): usize {
  return <usize>load<i32>(geometry, 16) * framedRowBytes(geometry);
}

/** Numbers from one pixel of an image to the next. */
function strideOf(geometry: usize): i32 {
  return load<i32>(geometry, 32);
}

/**
 * Copies images into frames of zeros, which stay as they are. Where the channels of a frame are not padded, up to three numbers behind an
 * image's last pixel are written: zeros of its padding.
 */
export function frameImages(images: usize, geometry: usize, samples: i32, frames: usize): void {
  const rows = load<i32>(geometry, 4);
  const columns = load<i32>(geometry, 8);
  const channels = channelsOf(geometry);
  const stride = strideOf(geometry);
  const rowBytes = (<usize>(columns * stride)) << 2;
  const to = frames + inFrame(geometry);
  for (let s = 0; s < samples; s++) {
    let at = to + <usize>s * framedBytes(geometry);
    for (let y = 0; y < rows; y++) {
      if (channels === stride) memory.copy(at, images, rowBytes);
      else closeUp(images, stride, columns, channels, at);
      images += rowBytes;
      at += framedRowBytes(geometry);
    }
  }
}

/** Pixels without the zeros behind their channels; those of the last pixel are written, those of others by the next one. */
function closeUp(from: usize, stride: i32, pixels: i32, channels: i32, to: usize): void {
  const bytes = (<usize>stride) << 2;
  for (let x = 0; x < pixels; x++) {
    for (let c: usize = 0; c < bytes; c += 16) v128.store(to + c, v128.load(from + c));
    from += bytes;
    to += (<usize>channels) << 2;
  }
}

/** Takes images out of their frames, or adds them to what is there. */
export function unframeImages(frames: usize, geometry: usize, samples: i32, images: usize, add: bool): void {
  const rows = load<i32>(geometry, 4);
  const columns = load<i32>(geometry, 8);
  const channels = channelsOf(geometry);
  const stride = strideOf(geometry);
  const rowBytes = (<usize>(columns * stride)) << 2;
  const from = frames + inFrame(geometry);
  for (let s = 0; s < samples; s++) {
    let at = from + <usize>s * framedBytes(geometry);
    for (let y = 0; y < rows; y++) {
      if (channels !== stride) spreadOut(at, channels, columns, stride, images, add);
      else if (add) {
        for (let i: usize = 0; i < rowBytes; i += 16) {
          v128.store(images + i, f32x4.add(v128.load(images + i), v128.load(at + i)));
        }
      } else memory.copy(images, at, rowBytes);
      images += rowBytes;
      at += framedRowBytes(geometry);
    }
  }
}

/** The transpose of `closeUp`: pixels with zeros behind their channels, which fill less than one vector. */
function spreadOut(from: usize, channels: i32, pixels: i32, stride: i32, to: usize, add: bool): void {
  const whole = (<usize>(stride - 4)) << 2;
  const last = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(channels - (stride - 4)));
  for (let x = 0; x < pixels; x++) {
    for (let c: usize = 0; c < whole; c += 16) store4(to + c, v128.load(from + c), add);
    store4(to + whole, v128.and(last, v128.load(from + whole)), add);
    from += (<usize>channels) << 2;
    to += whole + 16;
  }
}

/** Where in its frame an image begins. */
function inFrame(geometry: usize): usize {
  const before = <usize>load<i32>(geometry, 12);
  return before * framedRowBytes(geometry) + ((before * <usize>channelsOf(geometry)) << 2);
}

/** Images as rows of numbers, channel after channel: to[s][c][pixel] = images[s][pixel][c], for c < channels. */
export function flattenImages(
  images: usize,
  pixels: i32,
  stride: i32,
  channels: i32,
  to: usize,
  toRow: i32,
  samples: i32,
): void {
  for (let s = 0; s < samples; s++) {
    transposeRows(images, stride, to, pixels, pixels, channels);
    images += (<usize>(pixels * stride)) << 2;
    to += (<usize>toRow) << 2;
  }
}

/** The same backwards. */
export function unflattenImages(
  from: usize,
  fromRow: i32,
  images: usize,
  pixels: i32,
  stride: i32,
  channels: i32,
  samples: i32,
): void {
  const bytes = (<usize>(pixels * stride)) << 2;
  for (let s = 0; s < samples; s++) {
    if (channels < stride) memory.fill(images, 0, bytes);
    transposeRows(from, pixels, images, stride, channels, pixels);
    from += (<usize>fromRow) << 2;
    images += bytes;
  }
}

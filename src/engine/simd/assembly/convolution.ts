// Convolutions of images with kernels, and their two transposes, without a matrix of all windows. See `images` for what a table of
// geometry holds. `frames` has room for the images that are worked off together, with zeros around them; 0 where there are none.
// Weights come "arranged": [outputs][window rows][window columns][channels], as windows lie.

import {
  channelsOf,
  framedBytes,
  framedRowBytes,
  frameImages,
  placesOf,
  unframeImages,
  windowRows,
  windowsOf,
} from './images';
import { multiplyPacked } from './multiply-packed';
import { placedStrip } from './placed-tiles';
import { transposeRows } from './rows';
import { deepest, strip, stripOf } from './strips';

/** Numbers of weights that are worked off at once, so that they stay in a core's first cache: 16 KB. */
const fewWeights = 4096;

/**
 * to[o][k][c] = weights[o][c][k], for k < places of a kernel; a place's channels take `stride` numbers and an output `columns`, of which what is
 * behind the channels stays as it is.
 */
export function arrangeKernel(
  weights: usize,
  outputs: i32,
  channels: i32,
  size: i32,
  stride: i32,
  columns: i32,
  to: usize,
): void {
  for (let o = 0; o < outputs; o++) {
    transposeRows(weights, size, to, stride, channels, size);
    weights += (<usize>(channels * size)) << 2;
    to += (<usize>columns) << 2;
  }
}

/** The same backwards, added to what is there where asked. */
export function bringKernelBack(
  from: usize,
  outputs: i32,
  channels: i32,
  size: i32,
  stride: i32,
  columns: i32,
  weights: usize,
  add: bool,
): void {
  for (let o = 0; o < outputs; o++) {
    for (let c = 0; c < channels; c++) {
      let at = from + ((<usize>c) << 2);
      for (let k = 0; k < size; k++) {
        const value = load<f32>(at);
        store<f32>(weights, add ? load<f32>(weights) + value : value);
        weights += 4;
        at += (<usize>stride) << 2;
      }
    }
    from += (<usize>columns) << 2;
  }
}

/** Arranged weights, [outputs][depth], as strips of 16, 8 or 4 outputs: [strip][depth][outputs of it]. `outputs` is a multiple of 4. */
function packStrips(arranged: usize, outputs: i32, depth: i32, to: usize): void {
  for (let o = 0; o < outputs; ) {
    const wide = stripOf(outputs - o);
    transposeRows(arranged + ((<usize>(o * depth)) << 2), depth, to, wide, wide, depth);
    to += (<usize>(wide * depth)) << 2;
    o += wide;
  }
}

/**
 * to[s][window][o] = (add ? to : 0) + start[o] + the sum over a window of image[s] times weight[o].
 * @param arranged with zeros for the outputs behind the last, up to width
 * @param image numbers of one image
 * @param windows of one image
 * @param depth numbers of one row of a window
 * @param columns numbers of a window, padded to a multiple of 4
 * @param width outputs, padded to a multiple of 4
 * @param together samples that are worked off together
 * @param strips room for the weights, packed
 * @param _room which a library of the system needs instead
 */
export function convolve(
  images: usize,
  geometry: usize,
  frames: usize,
  arranged: usize,
  image: i32,
  windows: i32,
  depth: i32,
  columns: i32,
  start: usize,
  to: usize,
  width: i32,
  samples: i32,
  together: i32,
  add: bool,
  strips: usize,
  _room: usize,
): void {
  packStrips(arranged, width, columns, strips);
  const rows = windowRows(geometry);
  const rowBytes = framedRowBytes(geometry);
  const toRow = (<usize>width) << 2;
  for (let s = 0; s < samples; s += together) {
    const now = min(together, samples - s);
    let from = images + ((<usize>(s * image)) << 2);
    if (frames !== 0) {
      frameImages(from, geometry, now, frames);
      from = frames;
    }
    for (let o = 0; o < width; ) {
      const wide = stripOf(width - o);
      const toC = to + ((<usize>o) << 2);
      let weights = strips + ((<usize>(o * columns)) << 2);
      const rowsAtOnce = max(1, fewWeights / (depth * wide));
      let begin: usize = start === 0 ? 0 : start + ((<usize>o) << 2);
      let more = add;
      for (let i = 0; i < rows; i += rowsAtOnce) {
        const high = min(rowsAtOnce, rows - i);
        const a = from + <usize>i * rowBytes;
        const places = placesOf(geometry);
        placedStrip(wide, a, places, now * windows, rowBytes, high, depth, weights, begin, toC, toRow, more);
        weights += (<usize>(high * depth * wide)) << 2;
        begin = 0;
        more = true;
      }
      o += wide;
    }
    to += <usize>(now * windows) * toRow;
  }
}

/**
 * to[o][k] = (add ? to : 0) + the sum over samples and windows of slope[s][window][o] times number k of the window: the gradient by the
 * arranged weights. Summed up over `deepest` windows at a time, and then over these.
 * @param scratch room for deepest times (16 + width) numbers
 * @param room for `deepest` windows as rows of a matrix
 */
export function correlate(
  images: usize,
  geometry: usize,
  frames: usize,
  slope: usize,
  width: i32,
  outputs: i32,
  image: i32,
  windows: i32,
  depth: i32,
  columns: i32,
  to: usize,
  samples: i32,
  together: i32,
  add: bool,
  scratch: usize,
  room: usize,
): void {
  const columnBytes = (<usize>columns) << 2;
  const panel = scratch;
  const turned = scratch + 4 * deepest * 16;
  for (let s = 0; s < samples; s += together) {
    const now = min(together, samples - s);
    let from = images + ((<usize>(s * image)) << 2);
    if (frames !== 0) {
      frameImages(from, geometry, now, frames);
      from = frames;
    }
    const count = now * windows;
    for (let m = 0; m < count; m += deepest) {
      const deep = min(deepest, count - m);
      transposeRows(slope, width, turned, deepest, deep, width);
      slope += (<usize>(deep * width)) << 2;
      const places = placesOf(geometry) + ((<usize>m) << 2);
      // Rows of a window that are no multiple of a vector are brought together first, all of them.
      const apart = (depth & 3) !== 0;
      if (apart) gather(from, geometry, places, deep, depth, columns, room);
      for (let k = 0; k < columns; ) {
        const wide = stripOf(columns - k);
        const b = apart ? room + ((<usize>k) << 2) : panel;
        const bRow = apart ? columnBytes : (<usize>wide) << 2;
        if (!apart) packWindows(from, geometry, places, deep, k, wide, depth, panel);
        const toC = to + ((<usize>k) << 2);
        strip(wide, turned, 4 * deepest, 4, b, bRow, 0, toC, columnBytes, outputs, deep, add);
        k += wide;
      }
      add = true;
    }
  }
}

/** Some numbers of each window, side by side: panel[m][0..wide) = numbers k to k + wide of window m. */
function packWindows(
  from: usize,
  geometry: usize,
  places: usize,
  count: i32,
  k: i32,
  wide: i32,
  depth: i32,
  panel: usize,
): void {
  const end = places + ((<usize>count) << 2);
  const first = from + offsetOf(geometry, k, depth);
  if (wide === 16) {
    const second = from + offsetOf(geometry, k + 4, depth);
    const third = from + offsetOf(geometry, k + 8, depth);
    const fourth = from + offsetOf(geometry, k + 12, depth);
    for (; places < end; places += 4, panel += 64) {
      const place = <usize>load<i32>(places);
      v128.store(panel, v128.load(first + place));
      v128.store(panel, v128.load(second + place), 16);
      v128.store(panel, v128.load(third + place), 32);
      v128.store(panel, v128.load(fourth + place), 48);
    }
  } else if (wide === 8) {
    const second = from + offsetOf(geometry, k + 4, depth);
    for (; places < end; places += 4, panel += 32) {
      const place = <usize>load<i32>(places);
      v128.store(panel, v128.load(first + place));
      v128.store(panel, v128.load(second + place), 16);
    }
  } else {
    for (; places < end; places += 4, panel += 16)
      v128.store(panel, v128.load(first + <usize>load<i32>(places)));
  }
}

/** Where number k of a window lies, in bytes from where the window begins. */
function offsetOf(geometry: usize, k: i32, depth: i32): usize {
  const row = k / depth;
  return <usize>row * framedRowBytes(geometry) + ((<usize>(k - row * depth)) << 2);
}

/** Windows as rows of a matrix, for the samples that are worked off together: to[window][k], and behind it up to three numbers more. */
export function gatherWindows(
  images: usize,
  geometry: usize,
  frames: usize,
  depth: i32,
  columns: i32,
  to: usize,
  samples: i32,
): void {
  if (frames !== 0) {
    frameImages(images, geometry, samples, frames);
    images = frames;
  }
  gather(images, geometry, placesOf(geometry), samples * windowsOf(geometry), depth, columns, to);
}

/** The same for windows at some places. Vectors that reach over a row's end are overwritten by what comes next; what they leave behind a window's last row means nothing. */
function gather(
  from: usize,
  geometry: usize,
  places: usize,
  count: i32,
  depth: i32,
  columns: i32,
  to: usize,
): void {
  const rows = windowRows(geometry);
  const rowBytes = framedRowBytes(geometry);
  const bytes = (<usize>depth) << 2;
  const end = places + ((<usize>count) << 2);
  for (; places < end; places += 4) {
    let row = from + <usize>load<i32>(places);
    let at = to;
    for (let i = 0; i < rows; i++) {
      for (let d: usize = 0; d < bytes; d += 16) v128.store(at + d, v128.load(row + d));
      at += bytes;
      row += rowBytes;
    }
    to += (<usize>columns) << 2;
  }
}

/** Adds up what windows give to the pixels that they cover, for the samples that are worked off together; pixels without are 0, or stay. */
export function scatterWindows(
  windows: usize,
  geometry: usize,
  frames: usize,
  depth: i32,
  columns: i32,
  to: usize,
  samples: i32,
  add: bool,
): void {
  const images = frames === 0 ? to : frames;
  if (frames !== 0 || !add) memory.fill(images, 0, <usize>samples * framedBytes(geometry));
  const count = samples * windowsOf(geometry);
  const rows = windowRows(geometry);
  const rowBytes = framedRowBytes(geometry);
  const bytes = (<usize>depth) << 2;
  const places = placesOf(geometry);
  for (let m = 0; m < count; m++) {
    let at = images + <usize>load<i32>(places + ((<usize>m) << 2));
    let from = windows;
    for (let i = 0; i < rows; i++) {
      let d: usize = 0;
      for (; d + 16 <= bytes; d += 16) {
        v128.store(at + d, f32x4.add(v128.load(at + d), v128.load(from + d)));
      }
      for (; d < bytes; d += 4) store<f32>(at + d, load<f32>(at + d) + load<f32>(from + d));
      from += bytes;
      at += rowBytes;
    }
    windows += (<usize>columns) << 2;
  }
  if (frames === 0) return;
  unframeImages(frames, geometry, samples, to, add);
  // What fell on the zeros around an image is nobody's, and the next image needs zeros there.
  memory.fill(frames, 0, <usize>samples * framedBytes(geometry));
}

/**
 * to[s] = (add ? to[s] : 0) + the gradient by the images of what reaches the outputs.
 * @param arranged weights as `arrangeKernel` gives them, [outputs][columns]
 * @param room for the windows of the samples that are worked off together
 * @param scratch room for `multiplyPacked`
 */
export function convolveBack(
  slope: usize,
  geometry: usize,
  frames: usize,
  arranged: usize,
  image: i32,
  windows: i32,
  depth: i32,
  columns: i32,
  width: i32,
  outputs: i32,
  to: usize,
  samples: i32,
  together: i32,
  add: bool,
  room: usize,
  scratch: usize,
): void {
  const rowBytes = (<usize>columns) << 2;
  const slopeRow = (<usize>width) << 2;
  for (let s = 0; s < samples; s += together) {
    const now = min(together, samples - s);
    const count = now * windows;
    multiplyPacked(
      slope,
      slopeRow,
      4,
      arranged,
      rowBytes,
      4,
      0,
      room,
      rowBytes,
      count,
      outputs,
      columns,
      false,
      scratch,
    );
    scatterWindows(room, geometry, frames, depth, columns, to + ((<usize>(s * image)) << 2), now, add);
    slope += <usize>count * slopeRow;
  }
}

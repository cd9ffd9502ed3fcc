// Convolutions of 3 x 3 by Winograd's minimal filtering F(2 x 2, 3 x 3) (Winograd 1980; Lavin and Gray 2016, section 4.1): 16 multiplications
// give four outputs that take 36 otherwise. An image is cut into tiles of 4 x 4 pixels that overlap by two; a tile d and a kernel g become
//   V = B' d B,  U = G g G',  M = sum over channels of U V, number by number,  Y = A' M A,  the tile's 2 x 2 outputs, where
//   B' = [1 0 -1 0; 0 1 1 0; 0 -1 1 0; 0 1 0 -1],  G = [1 0 0; .5 .5 .5; .5 -.5 .5; 0 0 1],  A' = [1 1 1 0; 0 1 -1 -1].
// Each of the 16 numbers has a plane, [tile][channel], so that the sums over channels are 16 products of matrices. All maps are linear, and
// what goes back goes by their transposes. A table of tiles is one of windows, as `images` has it, with the tiles' first pixels as places.

import {
  channelsOf,
  framedBytes,
  framedRowBytes,
  frameImages,
  placesOf,
  unframeImages,
  windowsOf,
} from './images';
import { store4 } from './lanes';

/** V = B' d B of all tiles of some images: planes[16][tile][channel], planes `plane` bytes apart. */
export function tilesOf(
  images: usize,
  tiles: usize,
  frames: usize,
  samples: i32,
  planes: usize,
  plane: usize,
): void {
  frameImages(images, tiles, samples, frames);
  const row = framedRowBytes(tiles);
  const pixel = (<usize>channelsOf(tiles)) << 2;
  let place = placesOf(tiles);
  for (let tile = samples * windowsOf(tiles); tile > 0; tile--, place += 4) {
    const first = frames + <usize>load<i32>(place);
    for (let at: usize = 0; at < pixel; at += 16, planes += 16) {
      const p0 = first + at;
      const p1 = p0 + row;
      const p2 = p1 + row;
      const p3 = p2 + row;
      const q1 = planes + 4 * plane;
      const q2 = q1 + 4 * plane;
      tileRow(
        f32x4.sub(v128.load(p0), v128.load(p2)),
        f32x4.sub(v128.load(p0 + pixel), v128.load(p2 + pixel)),
        f32x4.sub(v128.load(p0 + 2 * pixel), v128.load(p2 + 2 * pixel)),
        f32x4.sub(v128.load(p0 + 3 * pixel), v128.load(p2 + 3 * pixel)),
        planes,
        plane,
      );
      tileRow(
        f32x4.add(v128.load(p1), v128.load(p2)),
        f32x4.add(v128.load(p1 + pixel), v128.load(p2 + pixel)),
        f32x4.add(v128.load(p1 + 2 * pixel), v128.load(p2 + 2 * pixel)),
        f32x4.add(v128.load(p1 + 3 * pixel), v128.load(p2 + 3 * pixel)),
        q1,
        plane,
      );
      tileRow(
        f32x4.sub(v128.load(p2), v128.load(p1)),
        f32x4.sub(v128.load(p2 + pixel), v128.load(p1 + pixel)),
        f32x4.sub(v128.load(p2 + 2 * pixel), v128.load(p1 + 2 * pixel)),
        f32x4.sub(v128.load(p2 + 3 * pixel), v128.load(p1 + 3 * pixel)),
        q2,
        plane,
      );
      tileRow(
        f32x4.sub(v128.load(p1), v128.load(p3)),
        f32x4.sub(v128.load(p1 + pixel), v128.load(p3 + pixel)),
        f32x4.sub(v128.load(p1 + 2 * pixel), v128.load(p3 + 2 * pixel)),
        f32x4.sub(v128.load(p1 + 3 * pixel), v128.load(p3 + 3 * pixel)),
        q2 + 4 * plane,
        plane,
      );
    }
  }
}

/** One row times B, to four planes. */
function tileRow(d0: v128, d1: v128, d2: v128, d3: v128, to: usize, plane: usize): void {
  v128.store(to, f32x4.sub(d0, d2));
  to += plane;
  v128.store(to, f32x4.add(d1, d2));
  to += plane;
  v128.store(to, f32x4.sub(d2, d1));
  to += plane;
  v128.store(to, f32x4.sub(d1, d3));
}

/** The transpose of `tilesOf`: images[s] = (add ? images[s] : 0) + the sum over tiles of B V B', where they lie. */
export function tilesBack(
  planes: usize,
  plane: usize,
  tiles: usize,
  frames: usize,
  samples: i32,
  images: usize,
  add: bool,
): void {
  const bytes = <usize>samples * framedBytes(tiles);
  memory.fill(frames, 0, bytes);
  const row = framedRowBytes(tiles);
  const pixel = (<usize>channelsOf(tiles)) << 2;
  let place = placesOf(tiles);
  for (let tile = samples * windowsOf(tiles); tile > 0; tile--, place += 4) {
    const first = frames + <usize>load<i32>(place);
    for (let at: usize = 0; at < pixel; at += 16, planes += 16) {
      const p0 = first + at;
      const p1 = p0 + row;
      const p2 = p1 + row;
      const v1 = planes + 4 * plane;
      const v2 = v1 + 4 * plane;
      const v3 = v2 + 4 * plane;
      const two: usize = 2 * plane;
      const three: usize = 3 * plane;
      tileRowBack(
        v128.load(planes),
        v128.load(planes + plane),
        v128.load(planes + two),
        v128.load(planes + three),
        p0,
        pixel,
      );
      tileRowBack(
        f32x4.add(f32x4.sub(v128.load(v1), v128.load(v2)), v128.load(v3)),
        f32x4.add(f32x4.sub(v128.load(v1 + plane), v128.load(v2 + plane)), v128.load(v3 + plane)),
        f32x4.add(f32x4.sub(v128.load(v1 + two), v128.load(v2 + two)), v128.load(v3 + two)),
        f32x4.add(f32x4.sub(v128.load(v1 + three), v128.load(v2 + three)), v128.load(v3 + three)),
        p1,
        pixel,
      );
      tileRowBack(
        f32x4.sub(f32x4.add(v128.load(v1), v128.load(v2)), v128.load(planes)),
        f32x4.sub(f32x4.add(v128.load(v1 + plane), v128.load(v2 + plane)), v128.load(planes + plane)),
        f32x4.sub(f32x4.add(v128.load(v1 + two), v128.load(v2 + two)), v128.load(planes + two)),
        f32x4.sub(f32x4.add(v128.load(v1 + three), v128.load(v2 + three)), v128.load(planes + three)),
        p2,
        pixel,
      );
      tileRowBack(
        f32x4.neg(v128.load(v3)),
        f32x4.neg(v128.load(v3 + plane)),
        f32x4.neg(v128.load(v3 + two)),
        f32x4.neg(v128.load(v3 + three)),
        p2 + row,
        pixel,
      );
    }
  }
  unframeImages(frames, tiles, samples, images, add);
  // What fell on the zeros around an image is nobody's, and the next image needs zeros there.
  memory.fill(frames, 0, bytes);
}

/** One row times B', added to four pixels. */
function tileRowBack(v0: v128, v1: v128, v2: v128, v3: v128, to: usize, pixel: usize): void {
  v128.store(to, f32x4.add(v128.load(to), v0));
  to += pixel;
  v128.store(to, f32x4.add(v128.load(to), f32x4.add(f32x4.sub(v1, v2), v3)));
  to += pixel;
  v128.store(to, f32x4.add(v128.load(to), f32x4.sub(f32x4.add(v1, v2), v0)));
  to += pixel;
  v128.store(to, f32x4.sub(v128.load(to), v3));
}

/**
 * to[s][y][x][o] = (add ? to : 0) + start[o] + A' M A of the tile that has the pixel; start = 0 is none.
 * @param planes M, [16][tile][output], planes `plane` bytes apart
 */
export function outputsOfTiles(
  planes: usize,
  plane: usize,
  high: i32,
  wide: i32,
  width: i32,
  samples: i32,
  start: usize,
  to: usize,
  add: bool,
): void {
  const pixel = (<usize>width) << 2;
  const row = <usize>wide * pixel;
  const none = f32x4.splat(0);
  for (let s = 0; s < samples; s++) {
    for (let y = 0; y < high; y += 2) {
      for (let x = 0; x < wide; x += 2) {
        const first = to + <usize>y * row + <usize>x * pixel;
        for (let at: usize = 0; at < pixel; at += 16, planes += 16) {
          const bias = start === 0 ? none : v128.load(start + at);
          const m1 = planes + 4 * plane;
          const m2 = m1 + 4 * plane;
          const m3 = m2 + 4 * plane;
          const toRow = first + at;
          outputRow(
            f32x4.add(f32x4.add(v128.load(planes), v128.load(m1)), v128.load(m2)),
            f32x4.add(f32x4.add(v128.load(planes + plane), v128.load(m1 + plane)), v128.load(m2 + plane)),
            f32x4.add(
              f32x4.add(v128.load(planes + 2 * plane), v128.load(m1 + 2 * plane)),
              v128.load(m2 + 2 * plane),
            ),
            f32x4.add(
              f32x4.add(v128.load(planes + 3 * plane), v128.load(m1 + 3 * plane)),
              v128.load(m2 + 3 * plane),
            ),
            bias,
            toRow,
            pixel,
            x + 1 < wide,
            add,
          );
          if (y + 1 < high) {
            outputRow(
              f32x4.sub(f32x4.sub(v128.load(m1), v128.load(m2)), v128.load(m3)),
              f32x4.sub(f32x4.sub(v128.load(m1 + plane), v128.load(m2 + plane)), v128.load(m3 + plane)),
              f32x4.sub(
                f32x4.sub(v128.load(m1 + 2 * plane), v128.load(m2 + 2 * plane)),
                v128.load(m3 + 2 * plane),
              ),
              f32x4.sub(
                f32x4.sub(v128.load(m1 + 3 * plane), v128.load(m2 + 3 * plane)),
                v128.load(m3 + 3 * plane),
              ),
              bias,
              toRow + row,
              pixel,
              x + 1 < wide,
              add,
            );
          }
        }
      }
    }
    to += <usize>high * row;
  }
}

/** One row times A, to one output or two. */
function outputRow(
  r0: v128,
  r1: v128,
  r2: v128,
  r3: v128,
  bias: v128,
  to: usize,
  pixel: usize,
  both: bool,
  add: bool,
): void {
  store4(to, f32x4.add(f32x4.add(f32x4.add(r0, r1), r2), bias), add);
  if (both) store4(to + pixel, f32x4.add(f32x4.sub(f32x4.sub(r1, r2), r3), bias), add);
}

/** The transpose of `outputsOfTiles`: M = A Y A' of all tiles of some images; outputs behind the last row or column are 0. */
export function outputsToTiles(
  slope: usize,
  high: i32,
  wide: i32,
  width: i32,
  samples: i32,
  planes: usize,
  plane: usize,
): void {
  const pixel = (<usize>width) << 2;
  const row = <usize>wide * pixel;
  const none = f32x4.splat(0);
  for (let s = 0; s < samples; s++) {
    for (let y = 0; y < high; y += 2) {
      const below = y + 1 < high;
      for (let x = 0; x < wide; x += 2) {
        const beside = x + 1 < wide;
        const first = slope + <usize>y * row + <usize>x * pixel;
        for (let at: usize = 0; at < pixel; at += 16, planes += 16) {
          const p = first + at;
          const y00 = v128.load(p);
          const y01 = beside ? v128.load(p + pixel) : none;
          const y10 = below ? v128.load(p + row) : none;
          const y11 = below && beside ? v128.load(p + row + pixel) : none;
          const m1 = planes + 4 * plane;
          const m2 = m1 + 4 * plane;
          outputRowBack(y00, y01, planes, plane);
          outputRowBack(f32x4.add(y00, y10), f32x4.add(y01, y11), m1, plane);
          outputRowBack(f32x4.sub(y00, y10), f32x4.sub(y01, y11), m2, plane);
          outputRowBack(f32x4.neg(y10), f32x4.neg(y11), m2 + 4 * plane, plane);
        }
      }
    }
    slope += <usize>high * row;
  }
}

/** Two outputs times A', to four planes. */
function outputRowBack(y0: v128, y1: v128, to: usize, plane: usize): void {
  v128.store(to, y0);
  to += plane;
  v128.store(to, f32x4.add(y0, y1));
  to += plane;
  v128.store(to, f32x4.sub(y0, y1));
  to += plane;
  v128.store(to, f32x4.neg(y1));
}

/** U = G g G': planes[16][output][channel], of weights as `arrangeKernel` gives them, [output][3][3][channel]. */
export function tileWeights(arranged: usize, outputs: i32, channels: i32, planes: usize, plane: usize): void {
  const bytes = (<usize>channels) << 2;
  const row: usize = 3 * bytes;
  const half = f32x4.splat(0.5);
  for (let o = 0; o < outputs; o++) {
    for (let at: usize = 0; at < bytes; at += 16, planes += 16) {
      const p = arranged + at;
      const g00 = v128.load(p);
      const g01 = v128.load(p + bytes);
      const g02 = v128.load(p + 2 * bytes);
      const g10 = f32x4.mul(half, v128.load(p + row));
      const g11 = f32x4.mul(half, v128.load(p + row + bytes));
      const g12 = f32x4.mul(half, v128.load(p + row + 2 * bytes));
      const g20 = v128.load(p + 2 * row);
      const g21 = v128.load(p + 2 * row + bytes);
      const g22 = v128.load(p + 2 * row + 2 * bytes);
      const s0 = f32x4.mul(half, f32x4.add(g00, g20));
      const s1 = f32x4.mul(half, f32x4.add(g01, g21));
      const s2 = f32x4.mul(half, f32x4.add(g02, g22));
      const u1 = planes + 4 * plane;
      const u2 = u1 + 4 * plane;
      weightRow(g00, g01, g02, planes, plane);
      weightRow(f32x4.add(s0, g10), f32x4.add(s1, g11), f32x4.add(s2, g12), u1, plane);
      weightRow(f32x4.sub(s0, g10), f32x4.sub(s1, g11), f32x4.sub(s2, g12), u2, plane);
      weightRow(g20, g21, g22, u2 + 4 * plane, plane);
    }
    arranged += 3 * row;
  }
}

/** One row times G', to four planes. */
function weightRow(g0: v128, g1: v128, g2: v128, to: usize, plane: usize): void {
  const half = f32x4.splat(0.5);
  const sum = f32x4.mul(half, f32x4.add(g0, g2));
  const middle = f32x4.mul(half, g1);
  v128.store(to, g0);
  to += plane;
  v128.store(to, f32x4.add(sum, middle));
  to += plane;
  v128.store(to, f32x4.sub(sum, middle));
  to += plane;
  v128.store(to, g2);
}

/** The transpose of `tileWeights`: arranged[o] = (add ? arranged[o] : 0) + G' U G. */
export function weightsOfTiles(
  planes: usize,
  plane: usize,
  outputs: i32,
  channels: i32,
  arranged: usize,
  add: bool,
): void {
  const bytes = (<usize>channels) << 2;
  const row: usize = 3 * bytes;
  const half = f32x4.splat(0.5);
  for (let o = 0; o < outputs; o++) {
    for (let at: usize = 0; at < bytes; at += 16, planes += 16) {
      let to = arranged + at;
      for (let j = 0; j < 3; j++) {
        // Column j of U G, of which row i is the sum over U's columns.
        const c0 = columnOf(planes, plane, j);
        const c1 = columnOf(planes + 4 * plane, plane, j);
        const c2 = columnOf(planes + 8 * plane, plane, j);
        const c3 = columnOf(planes + 12 * plane, plane, j);
        const sum = f32x4.mul(half, f32x4.add(c1, c2));
        store4(to, f32x4.add(c0, sum), add);
        store4(to + row, f32x4.mul(half, f32x4.sub(c1, c2)), add);
        store4(to + 2 * row, f32x4.add(sum, c3), add);
        to += bytes;
      }
    }
    arranged += 3 * row;
  }
}

/** Number j of a row of four times G. */
function columnOf(u: usize, plane: usize, j: i32): v128 {
  const u1 = v128.load(u + plane);
  const u2 = v128.load(u + 2 * plane);
  const half = f32x4.splat(0.5);
  if (j === 1) return f32x4.mul(half, f32x4.sub(u1, u2));
  return f32x4.add(v128.load(j === 0 ? u : u + 3 * plane), f32x4.mul(half, f32x4.add(u1, u2)));
}

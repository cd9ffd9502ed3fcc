// Pools over windows of images [rows][columns][channels], the channels padded to `width`, a multiple of 4. Windows that do not fit are
// left out; they may overlap. `high` and `wide` are the rows and columns of windows.

/** The largest number of each window; a window with NaN gives NaN. */
export function maxPool(
  images: usize,
  rows: i32,
  columns: i32,
  width: i32,
  size: i32,
  stride: i32,
  high: i32,
  wide: i32,
  to: usize,
  samples: i32,
): void {
  const pixel = (<usize>width) << 2;
  const rowBytes = <usize>columns * pixel;
  const byTwo = size === 2 && stride === 2;
  for (let s = 0; s < samples; s++) {
    for (let y = 0; y < high; y++) {
      if (byTwo) {
        twoByTwo(images + <usize>(2 * y) * rowBytes, rowBytes, pixel, wide, to);
        to += <usize>wide * pixel;
        continue;
      }
      for (let x = 0; x < wide; x++) {
        const window = images + <usize>(y * stride) * rowBytes + <usize>(x * stride) * pixel;
        for (let at: usize = 0; at < pixel; at += 16) {
          let largest = v128.load(window + at);
          for (let i = 0; i < size; i++) {
            const row = window + <usize>i * rowBytes + at;
            for (let j = 0; j < size; j++) largest = f32x4.max(largest, v128.load(row + <usize>j * pixel));
          }
          v128.store(to + at, largest);
        }
        to += pixel;
      }
    }
    images += <usize>rows * rowBytes;
  }
}

/** The same for a row of windows of 2 x 2 side by side. */
function twoByTwo(images: usize, rowBytes: usize, pixel: usize, wide: i32, to: usize): void {
  for (let x = 0; x < wide; x++) {
    for (const end = to + pixel; to < end; to += 16) {
      const above = f32x4.max(v128.load(images), v128.load(images + pixel));
      const below = f32x4.max(v128.load(images + rowBytes), v128.load(images + rowBytes + pixel));
      v128.store(to, f32x4.max(above, below));
      images += 16;
    }
    images += pixel;
  }
}

/** Where a number of a window is its largest; NaN is, wherever it stands. */
function isLargest(value: v128, largest: v128): v128 {
  return v128.or(f32x4.eq(value, largest), f32x4.ne(value, value));
}

/** What reaches the images of what reaches the windows: all of it goes to the first of the largest numbers. */
export function maxPoolBack(
  images: usize,
  rows: i32,
  columns: i32,
  width: i32,
  size: i32,
  stride: i32,
  high: i32,
  wide: i32,
  output: usize,
  from: usize,
  to: usize,
  samples: i32,
): void {
  const pixel = (<usize>width) << 2;
  const rowBytes = <usize>columns * pixel;
  const byTwo = size === 2 && stride === 2;
  const allCovered = byTwo && rows === 2 * high && columns === 2 * wide;
  for (let s = 0; s < samples; s++) {
    if (!allCovered) memory.fill(to, 0, <usize>rows * rowBytes);
    for (let y = 0; y < high; y++) {
      if (byTwo) {
        const row = <usize>(2 * y) * rowBytes;
        twoByTwoBack(images + row, rowBytes, pixel, wide, output, from, to + row);
        output += <usize>wide * pixel;
        from += <usize>wide * pixel;
        continue;
      }
      for (let x = 0; x < wide; x++) {
        const window = <usize>(y * stride) * rowBytes + <usize>(x * stride) * pixel;
        for (let at: usize = 0; at < pixel; at += 16) {
          const largest = v128.load(output + at);
          let left = v128.load(from + at);
          for (let i = 0; i < size; i++) {
            const row = window + <usize>i * rowBytes + at;
            for (let j = 0; j < size; j++) {
              const place = row + <usize>j * pixel;
              const here = isLargest(v128.load(images + place), largest);
              v128.store(to + place, f32x4.add(v128.load(to + place), v128.and(left, here)));
              left = v128.andnot(left, here);
            }
          }
        }
        output += pixel;
        from += pixel;
      }
    }
    images += <usize>rows * rowBytes;
    to += <usize>rows * rowBytes;
  }
}

/** The same for a row of windows of 2 x 2 side by side, of which every number is written. */
function twoByTwoBack(
  images: usize,
  rowBytes: usize,
  pixel: usize,
  wide: i32,
  output: usize,
  from: usize,
  to: usize,
): void {
  for (let x = 0; x < wide; x++) {
    for (const end = output + pixel; output < end; output += 16) {
      const largest = v128.load(output);
      let left = v128.load(from);
      let here = isLargest(v128.load(images), largest);
      v128.store(to, v128.and(left, here));
      left = v128.andnot(left, here);
      here = isLargest(v128.load(images + pixel), largest);
      v128.store(to + pixel, v128.and(left, here));
      left = v128.andnot(left, here);
      here = isLargest(v128.load(images + rowBytes), largest);
      v128.store(to + rowBytes, v128.and(left, here));
      left = v128.andnot(left, here);
      here = isLargest(v128.load(images + rowBytes + pixel), largest);
      v128.store(to + rowBytes + pixel, v128.and(left, here));
      images += 16;
      from += 16;
      to += 16;
    }
    images += pixel;
    to += pixel;
  }
}

/** Of each window, the tangent at the first of its largest numbers. */
export function maxPoolTangent(
  images: usize,
  rows: i32,
  columns: i32,
  width: i32,
  size: i32,
  stride: i32,
  high: i32,
  wide: i32,
  output: usize,
  tangent: usize,
  to: usize,
  samples: i32,
): void {
  const pixel = (<usize>width) << 2;
  const rowBytes = <usize>columns * pixel;
  for (let s = 0; s < samples; s++) {
    for (let y = 0; y < high; y++) {
      for (let x = 0; x < wide; x++) {
        const window = <usize>(y * stride) * rowBytes + <usize>(x * stride) * pixel;
        for (let at: usize = 0; at < pixel; at += 16) {
          const largest = v128.load(output + at);
          let open = i32x4.splat(-1);
          let found = f32x4.splat(0);
          for (let i = 0; i < size; i++) {
            const row = window + <usize>i * rowBytes + at;
            for (let j = 0; j < size; j++) {
              const place = row + <usize>j * pixel;
              const here = v128.and(open, isLargest(v128.load(images + place), largest));
              found = v128.or(found, v128.and(v128.load(tangent + place), here));
              open = v128.andnot(open, here);
            }
          }
          v128.store(to + at, found);
        }
        output += pixel;
        to += pixel;
      }
    }
    images += <usize>rows * rowBytes;
    tangent += <usize>rows * rowBytes;
  }
}

/** The mean of each window. */
export function averagePool(
  images: usize,
  rows: i32,
  columns: i32,
  width: i32,
  size: i32,
  stride: i32,
  high: i32,
  wide: i32,
  to: usize,
  samples: i32,
): void {
  const pixel = (<usize>width) << 2;
  const rowBytes = <usize>columns * pixel;
  const by = f32x4.splat(1 / <f32>(size * size));
  for (let s = 0; s < samples; s++) {
    for (let y = 0; y < high; y++) {
      for (let x = 0; x < wide; x++) {
        const window = images + <usize>(y * stride) * rowBytes + <usize>(x * stride) * pixel;
        for (let at: usize = 0; at < pixel; at += 16) {
          let sum = f32x4.splat(0);
          for (let i = 0; i < size; i++) {
            const row = window + <usize>i * rowBytes + at;
            for (let j = 0; j < size; j++) sum = f32x4.add(sum, v128.load(row + <usize>j * pixel));
          }
          v128.store(to + at, f32x4.mul(by, sum));
        }
        to += pixel;
      }
    }
    images += <usize>rows * rowBytes;
  }
}

/** What reaches the images of what reaches the means. */
export function averagePoolBack(
  from: usize,
  rows: i32,
  columns: i32,
  width: i32,
  size: i32,
  stride: i32,
  high: i32,
  wide: i32,
  to: usize,
  samples: i32,
): void {
  const pixel = (<usize>width) << 2;
  const rowBytes = <usize>columns * pixel;
  const by = f32x4.splat(1 / <f32>(size * size));
  for (let s = 0; s < samples; s++) {
    memory.fill(to, 0, <usize>rows * rowBytes);
    for (let y = 0; y < high; y++) {
      for (let x = 0; x < wide; x++) {
        const window = to + <usize>(y * stride) * rowBytes + <usize>(x * stride) * pixel;
        for (let at: usize = 0; at < pixel; at += 16) {
          const share = f32x4.mul(by, v128.load(from + at));
          for (let i = 0; i < size; i++) {
            const row = window + <usize>i * rowBytes + at;
            for (let j = 0; j < size; j++) {
              const place = row + <usize>j * pixel;
              v128.store(place, f32x4.add(v128.load(place), share));
            }
          }
        }
        from += pixel;
      }
    }
    to += <usize>rows * rowBytes;
  }
}

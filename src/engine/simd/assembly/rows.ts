// Moving and adding up rows of float32 numbers.

/** Up to so many bytes, moving a row costs less than the call that moves memory. */
const shortRow: usize = 256;

/** Copies `rows` rows of `width` numbers to rows that are toRow numbers apart; what lies between them is left alone. */
export function copyRows(from: usize, fromRow: i32, to: usize, toRow: i32, rows: i32, width: i32): void {
  const bytes = (<usize>width) << 2;
  for (let r = 0; r < rows; r++) {
    if (bytes > shortRow) memory.copy(to, from, bytes);
    else copyRow(from, to, bytes);
    from += (<usize>fromRow) << 2;
    to += (<usize>toRow) << 2;
  }
}

function copyRow(from: usize, to: usize, bytes: usize): void {
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(to + i, v128.load(from + i));
  for (; i < bytes; i += 4) store<f32>(to + i, load<f32>(from + i));
}

/** to[i][r] = from[r][i] for r < rows and i < width; rows are fromRow and toRow numbers apart. */
export function transposeRows(from: usize, fromRow: i32, to: usize, toRow: i32, rows: i32, width: i32): void {
  const fromBytes = (<usize>fromRow) << 2;
  const toBytes = (<usize>toRow) << 2;
  let r = 0;
  for (; r + 4 <= rows; r += 4) {
    let at = to + ((<usize>r) << 2);
    let p = from;
    let i = 0;
    for (; i + 4 <= width; i += 4) {
      transposeFour(p, fromBytes, at, toBytes);
      p += 16;
      at += 4 * toBytes;
    }
    for (; i < width; i++) {
      store<f32>(at, load<f32>(p));
      store<f32>(at, load<f32>(p + fromBytes), 4);
      store<f32>(at, load<f32>(p + 2 * fromBytes), 8);
      store<f32>(at, load<f32>(p + 3 * fromBytes), 12);
      p += 4;
      at += toBytes;
    }
    from += 4 * fromBytes;
  }
  for (; r < rows; r++) {
    let at = to + ((<usize>r) << 2);
    const end = from + ((<usize>width) << 2);
    for (let p = from; p < end; p += 4) {
      store<f32>(at, load<f32>(p));
      at += toBytes;
    }
    from += fromBytes;
  }
}

/** The same for four rows of four; strides in bytes. */
function transposeFour(from: usize, fromRow: usize, to: usize, toRow: usize): void {
  const a = v128.load(from);
  const b = v128.load(from + fromRow);
  const c = v128.load(from + 2 * fromRow);
  const d = v128.load(from + 3 * fromRow);
  const ab01 = v128.shuffle<f32>(a, b, 0, 4, 1, 5); // a0 b0 a1 b1
  const ab23 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd01 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const cd23 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(ab01, cd01, 0, 1, 4, 5));
  v128.store(to + toRow, v128.shuffle<f32>(ab01, cd01, 2, 3, 6, 7));
  v128.store(to + 2 * toRow, v128.shuffle<f32>(ab23, cd23, 0, 1, 4, 5));
  v128.store(to + 3 * toRow, v128.shuffle<f32>(ab23, cd23, 2, 3, 6, 7));
}

/** The same as copyRows, added to what is there. */
export function addRows(from: usize, fromRow: i32, to: usize, toRow: i32, rows: i32, width: i32): void {
  for (let r = 0; r < rows; r++) {
    let i = 0;
    for (; i + 4 <= width; i += 4) {
      const at = (<usize>i) << 2;
      v128.store(to + at, f32x4.add(v128.load(to + at), v128.load(from + at)));
    }
    for (; i < width; i++) {
      const at = (<usize>i) << 2;
      store<f32>(to + at, load<f32>(to + at) + load<f32>(from + at));
    }
    from += (<usize>fromRow) << 2;
    to += (<usize>toRow) << 2;
  }
}

/** to[i] = (add ? to[i] : 0) + the sum over rows of from[row][i], for i < width. */
export function sumRows(from: usize, fromRow: i32, to: usize, rows: i32, width: i32, add: bool): void {
  const rowBytes = (<usize>fromRow) << 2;
  let i = 0;
  // Several columns of vectors at once, since one sum alone waits for its last addition.
  for (; i + 16 <= width; i += 16) {
    const at = to + ((<usize>i) << 2);
    let s0 = add ? v128.load(at) : f32x4.splat(0);
    let s1 = add ? v128.load(at, 16) : f32x4.splat(0);
    let s2 = add ? v128.load(at, 32) : f32x4.splat(0);
    let s3 = add ? v128.load(at, 48) : f32x4.splat(0);
    let row = from + ((<usize>i) << 2);
    for (let r = 0; r < rows; r++) {
      s0 = f32x4.add(s0, v128.load(row));
      s1 = f32x4.add(s1, v128.load(row, 16));
      s2 = f32x4.add(s2, v128.load(row, 32));
      s3 = f32x4.add(s3, v128.load(row, 48));
      row += rowBytes;
    }
    v128.store(at, s0);
    v128.store(at, s1, 16);
    v128.store(at, s2, 32);
    v128.store(at, s3, 48);
  }
  for (; i + 4 <= width; i += 4) {
    const at = (<usize>i) << 2;
    let sum = add ? v128.load(to + at) : f32x4.splat(0);
    let row = from + at;
    for (let r = 0; r < rows; r++) {
      sum = f32x4.add(sum, v128.load(row));
      row += rowBytes;
    }
    v128.store(to + at, sum);
  }
  for (; i < width; i++) {
    const at = (<usize>i) << 2;
    let sum: f32 = add ? load<f32>(to + at) : 0;
    let row = from + at;
    for (let r = 0; r < rows; r++) {
      sum += load<f32>(row);
      row += rowBytes;
    }
    store<f32>(to + at, sum);
  }
}

/** to = factor from; the two may be the same. */
export function scale(from: usize, to: usize, count: i32, factor: f32): void {
  const by = f32x4.splat(factor);
  const end = from + ((<usize>count) << 2);
  for (; from < end; from += 16, to += 16) v128.store(to, f32x4.mul(by, v128.load(from)));
}

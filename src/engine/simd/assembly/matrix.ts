// Matrix products over row-major float32 matrices. Widths along which vectors run are multiples of 4.

/**
 * c[m][n] = (add ? c[m][n] : 0) + sum over k of a[m][k] b[k][n], for m < rows, k < depth, n < width.
 * Element a[m][k] lies at a + 4 (m aRow + k aDepth): with the two strides exchanged, a is taken transposed.
 * Rows of b and c are bRow and cRow numbers apart.
 */
export function multiplyAdd(
  a: usize,
  aRow: i32,
  aDepth: i32,
  b: usize,
  bRow: i32,
  c: usize,
  cRow: i32,
  rows: i32,
  depth: i32,
  width: i32,
  add: bool,
): void {
  const aRowBytes = (<usize>aRow) << 2;
  const aDepthBytes = (<usize>aDepth) << 2;
  const bRowBytes = (<usize>bRow) << 2;
  const cRowBytes = (<usize>cRow) << 2;
  let n = 0;
  for (; n + 8 <= width; n += 8) {
    const bColumn = b + ((<usize>n) << 2);
    const cColumn = c + ((<usize>n) << 2);
    let m = 0;
    for (; m + 6 <= rows; m += 6) {
      sixByEight(
        a + <usize>m * aRowBytes,
        aRowBytes,
        aDepthBytes,
        bColumn,
        bRowBytes,
        cColumn + <usize>m * cRowBytes,
        cRowBytes,
        depth,
        add,
      );
    }
    for (; m + 4 <= rows; m += 4) {
      fourByEight(
        a + <usize>m * aRowBytes,
        aRowBytes,
        aDepthBytes,
        bColumn,
        bRowBytes,
        cColumn + <usize>m * cRowBytes,
        cRowBytes,
        depth,
        add,
      );
    }
    for (; m < rows; m++) {
      oneByEight(
        a + <usize>m * aRowBytes,
        aDepthBytes,
        bColumn,
        bRowBytes,
        cColumn + <usize>m * cRowBytes,
        depth,
        add,
      );
    }
  }
  if (n < width) {
    const bColumn = b + ((<usize>n) << 2);
    const cColumn = c + ((<usize>n) << 2);
    let m = 0;
    for (; m + 4 <= rows; m += 4) {
      fourByFour(
        a + <usize>m * aRowBytes,
        aRowBytes,
        aDepthBytes,
        bColumn,
        bRowBytes,
        cColumn + <usize>m * cRowBytes,
        cRowBytes,
        depth,
        add,
      );
    }
    for (; m < rows; m++) {
      oneByFour(
        a + <usize>m * aRowBytes,
        aDepthBytes,
        bColumn,
        bRowBytes,
        cColumn + <usize>m * cRowBytes,
        depth,
        add,
      );
    }
  }
}

function sixByEight(
  a: usize,
  aRow: usize,
  aDepth: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  depth: i32,
  add: bool,
): void {
  let c00 = f32x4.splat(0),
    c01 = c00,
    c10 = c00,
    c11 = c00,
    c20 = c00,
    c21 = c00;
  let c30 = c00,
    c31 = c00,
    c40 = c00,
    c41 = c00,
    c50 = c00,
    c51 = c00;
  const a2 = a + 2 * aRow,
    a4 = a + 4 * aRow;
  let offset: usize = 0;
  for (let k = 0; k < depth; k++) {
    const b0 = v128.load(b),
      b1 = v128.load(b, 16);
    let x = v128.load32_splat(a + offset);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    x = v128.load32_splat(a + aRow + offset);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    x = v128.load32_splat(a2 + offset);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    x = v128.load32_splat(a2 + aRow + offset);
    c30 = f32x4.add(c30, f32x4.mul(x, b0));
    c31 = f32x4.add(c31, f32x4.mul(x, b1));
    x = v128.load32_splat(a4 + offset);
    c40 = f32x4.add(c40, f32x4.mul(x, b0));
    c41 = f32x4.add(c41, f32x4.mul(x, b1));
    x = v128.load32_splat(a4 + aRow + offset);
    c50 = f32x4.add(c50, f32x4.mul(x, b0));
    c51 = f32x4.add(c51, f32x4.mul(x, b1));
    b += bRow;
    offset += aDepth;
  }
  storePair(c, c00, c01, add);
  storePair(c + cRow, c10, c11, add);
  storePair(c + 2 * cRow, c20, c21, add);
  storePair(c + 3 * cRow, c30, c31, add);
  storePair(c + 4 * cRow, c40, c41, add);
  storePair(c + 5 * cRow, c50, c51, add);
}

function fourByEight(
  a: usize,
  aRow: usize,
  aDepth: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  depth: i32,
  add: bool,
): void {
  let c00 = f32x4.splat(0),
    c01 = c00,
    c10 = c00,
    c11 = c00,
    c20 = c00,
    c21 = c00,
    c30 = c00,
    c31 = c00;
  const a2 = a + 2 * aRow;
  let offset: usize = 0;
  for (let k = 0; k < depth; k++) {
    const b0 = v128.load(b),
      b1 = v128.load(b, 16);
    let x = v128.load32_splat(a + offset);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    x = v128.load32_splat(a + aRow + offset);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    x = v128.load32_splat(a2 + offset);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    x = v128.load32_splat(a2 + aRow + offset);
    c30 = f32x4.add(c30, f32x4.mul(x, b0));
    c31 = f32x4.add(c31, f32x4.mul(x, b1));
    b += bRow;
    offset += aDepth;
  }
  storePair(c, c00, c01, add);
  storePair(c + cRow, c10, c11, add);
  storePair(c + 2 * cRow, c20, c21, add);
  storePair(c + 3 * cRow, c30, c31, add);
}

function oneByEight(a: usize, aDepth: usize, b: usize, bRow: usize, c: usize, depth: i32, add: bool): void {
  let c0 = f32x4.splat(0),
    c1 = c0;
  for (let k = 0; k < depth; k++) {
    const x = v128.load32_splat(a);
    c0 = f32x4.add(c0, f32x4.mul(x, v128.load(b)));
    c1 = f32x4.add(c1, f32x4.mul(x, v128.load(b, 16)));
    b += bRow;
    a += aDepth;
  }
  storePair(c, c0, c1, add);
}

function fourByFour(
  a: usize,
  aRow: usize,
  aDepth: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  depth: i32,
  add: bool,
): void {
  let c0 = f32x4.splat(0),
    c1 = c0,
    c2 = c0,
    c3 = c0;
  const a2 = a + 2 * aRow;
  let offset: usize = 0;
  for (let k = 0; k < depth; k++) {
    const b0 = v128.load(b);
    c0 = f32x4.add(c0, f32x4.mul(v128.load32_splat(a + offset), b0));
    c1 = f32x4.add(c1, f32x4.mul(v128.load32_splat(a + aRow + offset), b0));
    c2 = f32x4.add(c2, f32x4.mul(v128.load32_splat(a2 + offset), b0));
    c3 = f32x4.add(c3, f32x4.mul(v128.load32_splat(a2 + aRow + offset), b0));
    b += bRow;
    offset += aDepth;
  }
  store4(c, c0, add);
  store4(c + cRow, c1, add);
  store4(c + 2 * cRow, c2, add);
  store4(c + 3 * cRow, c3, add);
}

function oneByFour(a: usize, aDepth: usize, b: usize, bRow: usize, c: usize, depth: i32, add: bool): void {
  let c0 = f32x4.splat(0);
  for (let k = 0; k < depth; k++) {
    c0 = f32x4.add(c0, f32x4.mul(v128.load32_splat(a), v128.load(b)));
    b += bRow;
    a += aDepth;
  }
  store4(c, c0, add);
}

function storePair(c: usize, low: v128, high: v128, add: bool): void {
  store4(c, low, add);
  store4(c + 16, high, add);
}

function store4(c: usize, value: v128, add: bool): void {
  v128.store(c, add ? f32x4.add(v128.load(c), value) : value);
}

/**
 * y[s][o] = (add ? y[s][o] : 0) + bias[o] + sum over i of x[s][i] w[o][i], for s < samples, o < outputs; the depth is a
 * multiple of 4. bias = 0 is none. Sums run along vectors: lane by lane first, then over the four lanes.
 */
export function multiplyTransposed(
  x: usize,
  xRow: i32,
  w: usize,
  wRow: i32,
  bias: usize,
  y: usize,
  yRow: i32,
  samples: i32,
  depth: i32,
  outputs: i32,
  add: bool,
): void {
  const xRowBytes = (<usize>xRow) << 2;
  const wRowBytes = (<usize>wRow) << 2;
  const yRowBytes = (<usize>yRow) << 2;
  let o = 0;
  for (; o + 4 <= outputs; o += 4) {
    const wBlock = w + <usize>o * wRowBytes;
    const at = (<usize>o) << 2;
    const start = bias === 0 ? f32x4.splat(0) : v128.load(bias + at);
    let s = 0;
    for (; s + 3 <= samples; s += 3) {
      threeByFourDots(
        x + <usize>s * xRowBytes,
        xRowBytes,
        wBlock,
        wRowBytes,
        start,
        y + <usize>s * yRowBytes + at,
        yRowBytes,
        depth,
        add,
      );
    }
    for (; s < samples; s++) {
      fourDots(x + <usize>s * xRowBytes, wBlock, wRowBytes, start, y + <usize>s * yRowBytes + at, depth, add);
    }
  }
  for (; o < outputs; o++) {
    const at = (<usize>o) << 2;
    const start: f32 = bias === 0 ? 0 : load<f32>(bias + at);
    for (let s = 0; s < samples; s++) {
      const to = y + <usize>s * yRowBytes + at;
      const sum = start + dot(x + <usize>s * xRowBytes, w + <usize>o * wRowBytes, depth);
      store<f32>(to, add ? load<f32>(to) + sum : sum);
    }
  }
}

function threeByFourDots(
  x: usize,
  xRow: usize,
  w: usize,
  wRow: usize,
  start: v128,
  y: usize,
  yRow: usize,
  depth: i32,
  add: bool,
): void {
  let c00 = f32x4.splat(0),
    c01 = c00,
    c02 = c00,
    c03 = c00;
  let c10 = c00,
    c11 = c00,
    c12 = c00,
    c13 = c00;
  let c20 = c00,
    c21 = c00,
    c22 = c00,
    c23 = c00;
  const w1 = w + wRow,
    w2 = w1 + wRow,
    w3 = w2 + wRow;
  const x1 = x + xRow,
    x2 = x1 + xRow;
  const end: usize = (<usize>depth) << 2;
  for (let i: usize = 0; i < end; i += 16) {
    const p = v128.load(x + i),
      q = v128.load(x1 + i),
      r = v128.load(x2 + i);
    let b = v128.load(w + i);
    c00 = f32x4.add(c00, f32x4.mul(p, b));
    c10 = f32x4.add(c10, f32x4.mul(q, b));
    c20 = f32x4.add(c20, f32x4.mul(r, b));
    b = v128.load(w1 + i);
    c01 = f32x4.add(c01, f32x4.mul(p, b));
    c11 = f32x4.add(c11, f32x4.mul(q, b));
    c21 = f32x4.add(c21, f32x4.mul(r, b));
    b = v128.load(w2 + i);
    c02 = f32x4.add(c02, f32x4.mul(p, b));
    c12 = f32x4.add(c12, f32x4.mul(q, b));
    c22 = f32x4.add(c22, f32x4.mul(r, b));
    b = v128.load(w3 + i);
    c03 = f32x4.add(c03, f32x4.mul(p, b));
    c13 = f32x4.add(c13, f32x4.mul(q, b));
    c23 = f32x4.add(c23, f32x4.mul(r, b));
  }
  store4(y, f32x4.add(start, fourSums(c00, c01, c02, c03)), add);
  store4(y + yRow, f32x4.add(start, fourSums(c10, c11, c12, c13)), add);
  store4(y + 2 * yRow, f32x4.add(start, fourSums(c20, c21, c22, c23)), add);
}

function fourDots(x: usize, w: usize, wRow: usize, start: v128, y: usize, depth: i32, add: bool): void {
  let c0 = f32x4.splat(0),
    c1 = c0,
    c2 = c0,
    c3 = c0;
  const w1 = w + wRow,
    w2 = w1 + wRow,
    w3 = w2 + wRow;
  const end: usize = (<usize>depth) << 2;
  for (let i: usize = 0; i < end; i += 16) {
    const p = v128.load(x + i);
    c0 = f32x4.add(c0, f32x4.mul(p, v128.load(w + i)));
    c1 = f32x4.add(c1, f32x4.mul(p, v128.load(w1 + i)));
    c2 = f32x4.add(c2, f32x4.mul(p, v128.load(w2 + i)));
    c3 = f32x4.add(c3, f32x4.mul(p, v128.load(w3 + i)));
  }
  store4(y, f32x4.add(start, fourSums(c0, c1, c2, c3)), add);
}

/** The sum over the lanes of each of four vectors, as one vector. */
function fourSums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7)); // a02 b02 a13 b13
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

function dot(x: usize, w: usize, depth: i32): f32 {
  let sum = f32x4.splat(0);
  const end: usize = (<usize>depth) << 2;
  for (let i: usize = 0; i < end; i += 16)
    sum = f32x4.add(sum, f32x4.mul(v128.load(x + i), v128.load(w + i)));
  return (
    f32x4.extract_lane(sum, 0) +
    f32x4.extract_lane(sum, 2) +
    (f32x4.extract_lane(sum, 1) + f32x4.extract_lane(sum, 3))
  );
}

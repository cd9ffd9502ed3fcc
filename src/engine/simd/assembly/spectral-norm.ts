// The largest curvature that weights give the energy of the neurons below them: their spectral norm, squared, by Lanczos' method on W^T W. Its largest value is found
// in some tens of products where power iteration takes hundreds, and it depends on the weights alone: it starts anew each time.

/** Products at the most; looked at so often; and the relative change at which the value counts as found: by then it is closer by two digits or more, as each product gains as much as the one before. */
const most = 64;
const every = 4;
const precision: f64 = 1e-5;

/**
 * dt of a layer of neurons, to `step`: the given one, or, where that is not above 0, -dt / (1 + ||W||^2), 1 in place of a dt of 0, with the weights w [outputs][row] that leave it. Where
 * dt (1 + ||W||^2) is 2 or more, the step is no number, and ||W||^2 stands at `unstable`, in float64, if none that is larger does.
 * @param row a multiple of 4, the numbers behind the last input 0
 * @param scratch room for three rows, and for 2 most numbers of float64
 */
export function stableStep(
  w: usize,
  row: i32,
  outputs: i32,
  inputs: i32,
  dt: f64,
  step: usize,
  unstable: usize,
  scratch: usize,
): void {
  const square = squaredNorm(w, row, outputs, inputs, scratch);
  if (dt <= 0) {
    store<f32>(step, <f32>((dt === 0 ? 1 : -dt) / (1 + square)));
    return;
  }
  const tooLong = dt * (1 + square) >= 2;
  store<f32>(step, tooLong ? NaN : <f32>dt);
  if (tooLong && square > load<f64>(unstable)) store<f64>(unstable, square);
}

function squaredNorm(w: usize, row: i32, outputs: i32, inputs: i32, scratch: usize): f64 {
  const bytes = (<usize>row) << 2;
  const diagonal = scratch;
  const beside = diagonal + 8 * most;
  let before = beside + 8 * most;
  let now = before + bytes;
  let next = now + bytes;
  memory.fill(before, 0, 3 * bytes);
  // A fixed start that no weights are orthogonal to by design.
  for (let j = 0; j < inputs; j++) {
    store<f32>(now + ((<usize>j) << 2), <f32>((((<f64>j + 1) * 0.618033988749895) % 1) - 0.4));
  }
  scale(now, bytes, 1 / Math.sqrt(dot(now, now, bytes)));
  let coupling: f64 = 0;
  let known: f64 = 0;
  for (let k = 0; k < most; k++) {
    square(w, bytes, outputs, now, next);
    const middle = dot(now, next, bytes);
    subtract(next, now, middle, bytes);
    subtract(next, before, coupling, bytes);
    coupling = Math.sqrt(dot(next, next, bytes));
    const at = (<usize>k) << 3;
    store<f64>(diagonal + at, middle);
    store<f64>(beside + at, coupling);
    const closed = !(coupling > 1e-6 * (known + middle));
    if (closed || (k + 1) % every === 0 || k + 1 === most) {
      const largest = largestValue(diagonal, beside, k + 1);
      if (closed || !(Math.abs(largest - known) > precision * largest)) return largest;
      known = largest;
    }
    scale(next, bytes, 1 / coupling);
    const spare = before;
    before = now;
    now = next;
    next = spare;
  }
  return known;
}

/** to = W^T W v: two rows of weights at a time, since one sum alone waits for its last addition. */
function square(w: usize, bytes: usize, outputs: i32, v: usize, to: usize): void {
  memory.fill(to, 0, bytes);
  for (let o = 0; o < outputs; o += 2) {
    // Of an odd number of rows the last one stands for two, the second of which counts nothing.
    const other = o + 1 < outputs ? w + bytes : w;
    let first = f32x4.splat(0);
    let second = first;
    for (let i: usize = 0; i < bytes; i += 16) {
      const x = v128.load(v + i);
      first = f32x4.add(first, f32x4.mul(v128.load(w + i), x));
      second = f32x4.add(second, f32x4.mul(v128.load(other + i), x));
    }
    const one = f32x4.splat(sumOf(first));
    const two = f32x4.splat(other === w ? 0 : sumOf(second));
    for (let i: usize = 0; i < bytes; i += 16) {
      const more = f32x4.add(f32x4.mul(one, v128.load(w + i)), f32x4.mul(two, v128.load(other + i)));
      v128.store(to + i, f32x4.add(v128.load(to + i), more));
    }
    w += 2 * bytes;
  }
}

function sumOf(x: v128): f32 {
  const low = f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1);
  return low + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

function dot(a: usize, b: usize, bytes: usize): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) {
    const product = f32x4.mul(v128.load(a + i), v128.load(b + i));
    low = f64x2.add(low, f64x2.promote_low_f32x4(product));
    high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<f32>(product, product, 2, 3, 2, 3)));
  }
  const both = f64x2.add(low, high);
  return f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
}

function subtract(from: usize, other: usize, factor: f64, bytes: usize): void {
  const by = f32x4.splat(<f32>factor);
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(from + i, f32x4.sub(v128.load(from + i), f32x4.mul(by, v128.load(other + i))));
  }
}

function scale(v: usize, bytes: usize, factor: f64): void {
  const by = f32x4.splat(<f32>factor);
  for (let i: usize = 0; i < bytes; i += 16) v128.store(v + i, f32x4.mul(by, v128.load(v + i)));
}

/** The largest eigenvalue of a symmetric tridiagonal matrix, by Laguerre's iteration from above all of them, which comes down to it cubically. */
function largestValue(diagonal: usize, beside: usize, size: i32): f64 {
  let x: f64 = 0;
  for (let i = 0; i < size; i++) {
    const at = (<usize>i) << 3;
    const left = i === 0 ? 0 : load<f64>(beside + at - 8);
    const right = i === size - 1 ? 0 : load<f64>(beside + at);
    x = Math.max(x, load<f64>(diagonal + at) + left + right);
  }
  const n = <f64>size;
  for (let iteration = 0; iteration < 50; iteration++) {
    // Pivots of the matrix less x, with their first and second derivatives by x: all are below 0 above the largest value.
    let p: f64 = 1;
    let slope: f64 = 0;
    let bend: f64 = 0;
    let g: f64 = 0;
    let h: f64 = 0;
    for (let i = 0; i < size; i++) {
      const at = (<usize>i) << 3;
      const c = i === 0 ? 0 : load<f64>(beside + at - 8);
      const q = i === 0 ? 0 : (c * c) / (p * p);
      const nextBend = q * (bend - (2 * slope * slope) / p);
      const nextSlope = -1 + q * slope;
      const nextP = load<f64>(diagonal + at) - x - q * p;
      if (!(nextP < 0)) return x;
      p = nextP;
      slope = nextSlope;
      bend = nextBend;
      const ratio = slope / p;
      g += ratio;
      h += ratio * ratio - bend / p;
    }
    const root = Math.sqrt(Math.max(0, (n - 1) * (n * h - g * g)));
    const down = n / (g + root);
    x -= down;
    if (!(down > 1e-13 * x)) return x;
  }
  return x;
}

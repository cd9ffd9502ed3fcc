// Batch normalisation of rows [rows][width], column by column: n = scale (x - mean). A batch may be worked off in parts: each part leaves
// its sums in float64, after the number of its rows, and what joins them sees those of all parts. Sums run over some rows in float32,
// and over these blocks in float64.

/** Rows of a block. */
const block = 128;
/** In the sums of a part: where the first and the second of each column lie, behind the number of rows. */
const firstSums: usize = 16;

function toFloat64(sums: usize, at: usize, value: v128): void {
  const to = sums + firstSums + (at << 1);
  v128.store(to, f64x2.add(v128.load(to), f64x2.promote_low_f32x4(value)));
  const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(value, value, 2, 3, 2, 3));
  v128.store(to, f64x2.add(v128.load(to, 16), high), 16);
}

function clearSums(sums: usize, rows: i32, width: i32): void {
  store<f64>(sums, <f64>rows);
  memory.fill(sums + firstSums, 0, (<usize>width) << 4);
}

/** Mean and sum of squared deviations of each column: sums = rows, -, mean[width], squares[width]. */
export function moments(x: usize, rows: i32, width: i32, sums: usize): void {
  clearSums(sums, rows, width);
  const rowBytes = (<usize>width) << 2;
  const squares = (<usize>width) << 3;
  for (let r = 0; r < rows; r += block) {
    const now = min(block, rows - r);
    const before = <f64>r;
    const share = <f64>now / (before + <f64>now);
    const by = f64x2.splat(1 / <f64>now);
    for (let at: usize = 0; at < rowBytes; at += 16) {
      const end = x + at + <usize>now * rowBytes;
      let s0 = f32x4.splat(0);
      let s1 = s0;
      let p = x + at;
      for (; p + rowBytes < end; p += 2 * rowBytes) {
        s0 = f32x4.add(s0, v128.load(p));
        s1 = f32x4.add(s1, v128.load(p + rowBytes));
      }
      if (p < end) s0 = f32x4.add(s0, v128.load(p));
      s0 = f32x4.add(s0, s1);
      const low = f64x2.mul(f64x2.promote_low_f32x4(s0), by);
      const high = f64x2.mul(f64x2.promote_low_f32x4(v128.shuffle<f32>(s0, s0, 2, 3, 2, 3)), by);
      const meanLow = f32x4.demote_f64x2_zero(low);
      const meanHigh = f32x4.demote_f64x2_zero(high);
      const mean = v128.shuffle<f32>(meanLow, meanHigh, 0, 1, 4, 5);
      let q0 = f32x4.splat(0);
      let q1 = q0;
      for (p = x + at; p + rowBytes < end; p += 2 * rowBytes) {
        const d0 = f32x4.sub(v128.load(p), mean);
        const d1 = f32x4.sub(v128.load(p + rowBytes), mean);
        q0 = f32x4.add(q0, f32x4.mul(d0, d0));
        q1 = f32x4.add(q1, f32x4.mul(d1, d1));
      }
      if (p < end) {
        const d0 = f32x4.sub(v128.load(p), mean);
        q0 = f32x4.add(q0, f32x4.mul(d0, d0));
      }
      q0 = f32x4.add(q0, q1);
      const means = sums + firstSums + (at << 1);
      joinTwo(means, squares, low, f64x2.promote_low_f32x4(q0), before, share);
      joinTwo(
        means + 16,
        squares,
        high,
        f64x2.promote_low_f32x4(v128.shuffle<f32>(q0, q0, 2, 3, 2, 3)),
        before,
        share,
      );
    }
    x += <usize>now * rowBytes;
  }
}

/** Joins the moments of more rows to those of `before` rows (Chan, Golub and LeVeque 1979); `share` is that of the new ones in all. */
function joinTwo(means: usize, squares: usize, mean: v128, more: v128, before: f64, share: f64): void {
  const change = f64x2.sub(mean, v128.load(means));
  const square = f64x2.mul(f64x2.mul(change, change), f64x2.splat(before * share));
  v128.store(means, f64x2.add(v128.load(means), f64x2.mul(change, f64x2.splat(share))));
  v128.store(means + squares, f64x2.add(v128.load(means + squares), f64x2.add(more, square)));
}

/** mean[width], scale[width] = 1 / sqrt(variance + epsilon) and variance[width] (biased) of all parts' rows, one after the other from `to`. */
export function joinMoments(
  sums: usize,
  parts: i32,
  partBytes: usize,
  width: i32,
  epsilon: f64,
  to: usize,
): void {
  for (let c: usize = 0; c < <usize>width; c++) {
    let rows: f64 = 0;
    let mean: f64 = 0;
    let squares: f64 = 0;
    for (let p = 0; p < parts; p++) {
      const part = sums + <usize>p * partBytes;
      const now = load<f64>(part);
      const change = load<f64>(part + firstSums + (c << 3)) - mean;
      const all = rows + now;
      squares += load<f64>(part + firstSums + ((c + width) << 3)) + (change * change * rows * now) / all;
      mean += (change * now) / all;
      rows = all;
    }
    const variance = squares / rows;
    const at = to + (c << 2);
    store<f32>(at, <f32>mean);
    store<f32>(at + ((<usize>width) << 2), <f32>(1 / Math.sqrt(variance + epsilon)));
    store<f32>(at + ((<usize>width) << 3), <f32>variance);
  }
}

/** The same of means and variances that are given, for `features` columns. */
export function momentsOf(
  means: usize,
  variances: usize,
  features: i32,
  width: i32,
  epsilon: f64,
  to: usize,
): void {
  for (let c: usize = 0; c < <usize>features; c++) {
    const at = to + (c << 2);
    const variance = load<f32>(variances + (c << 2));
    store<f32>(at, load<f32>(means + (c << 2)));
    store<f32>(at + ((<usize>width) << 2), <f32>(1 / Math.sqrt(<f64>variance + epsilon)));
    store<f32>(at + ((<usize>width) << 3), variance);
  }
}

/** Means and unbiased variances of what `joinMoments` has joined; of one row there is no such variance, and NaN stands for it. */
export function noteMoments(
  sums: usize,
  parts: i32,
  partBytes: usize,
  moments: usize,
  features: i32,
  width: i32,
  means: usize,
  variances: usize,
): void {
  let rows: f64 = 0;
  for (let p = 0; p < parts; p++) rows += load<f64>(sums + <usize>p * partBytes);
  const factor = rows > 1 ? rows / (rows - 1) : f64.NaN;
  for (let c: usize = 0; c < <usize>features; c++) {
    const at = moments + (c << 2);
    store<f32>(means + (c << 2), load<f32>(at));
    store<f32>(variances + (c << 2), <f32>(<f64>load<f32>(at + ((<usize>width) << 3)) * factor));
  }
}

/** running = (1 - share) running + share noted, but where noted is NaN. */
export function runAlong(running: usize, noted: usize, count: i32, share: f32): void {
  const end = running + ((<usize>count) << 2);
  for (; running < end; running += 4, noted += 4) {
    const value = load<f32>(noted);
    if (value === value) store<f32>(running, (1 - share) * load<f32>(running) + share * value);
  }
}

/** to = gain scale (x - mean) + threshold; threshold = 0 is none. `moments` are mean and scale. */
export function normalise(
  x: usize,
  moments: usize,
  gain: usize,
  threshold: usize,
  to: usize,
  rows: i32,
  width: i32,
): void {
  const rowBytes = (<usize>width) << 2;
  for (let r = 0; r < rows; r += block) {
    const now = min(block, rows - r);
    for (let at: usize = 0; at < rowBytes; at += 16) {
      const mean = v128.load(moments + at);
      const factor = f32x4.mul(v128.load(gain + at), v128.load(moments + rowBytes + at));
      const start = threshold === 0 ? f32x4.splat(0) : v128.load(threshold + at);
      const end = x + at + <usize>now * rowBytes;
      let q = to + at;
      for (let p = x + at; p < end; p += rowBytes) {
        v128.store(q, f32x4.add(f32x4.mul(f32x4.sub(v128.load(p), mean), factor), start));
        q += rowBytes;
      }
    }
    x += <usize>now * rowBytes;
    to += <usize>now * rowBytes;
  }
}

/** sums = rows, -, the sum of u[width], the sum of u n[width]. */
export function sumsAlong(x: usize, moments: usize, u: usize, rows: i32, width: i32, sums: usize): void {
  clearSums(sums, rows, width);
  const rowBytes = (<usize>width) << 2;
  const away = u - x;
  for (let r = 0; r < rows; r += block) {
    const now = min(block, rows - r);
    for (let at: usize = 0; at < rowBytes; at += 16) {
      const mean = v128.load(moments + at);
      const scale = v128.load(moments + rowBytes + at);
      let sum = f32x4.splat(0);
      let along = sum;
      const end = x + at + <usize>now * rowBytes;
      for (let p = x + at; p < end; p += rowBytes) {
        const value = v128.load(p + away);
        sum = f32x4.add(sum, value);
        along = f32x4.add(along, f32x4.mul(value, f32x4.sub(v128.load(p), mean)));
      }
      toFloat64(sums, at, sum);
      toFloat64(sums, at + rowBytes, f32x4.mul(along, scale));
    }
    x += <usize>now * rowBytes;
  }
}

/** The means over all parts' rows of the two sums, one after the other from `to`. */
export function joinSums(sums: usize, parts: i32, partBytes: usize, width: i32, to: usize): void {
  let rows: f64 = 0;
  for (let p = 0; p < parts; p++) rows += load<f64>(sums + <usize>p * partBytes);
  for (let c: usize = 0; c < <usize>(2 * width); c++) {
    let sum: f64 = 0;
    for (let p = 0; p < parts; p++) sum += load<f64>(sums + <usize>p * partBytes + firstSums + (c << 3));
    store<f32>(to + (c << 2), <f32>(sum / rows));
  }
}

/** One part's first (which = 0) or second sum of each column: to[c] = (add ? to[c] : 0) + sum. */
export function bringSums(sums: usize, which: i32, width: i32, to: usize, count: i32, add: bool): void {
  const from = sums + firstSums + ((<usize>(which * width)) << 3);
  for (let c: usize = 0; c < <usize>count; c++) {
    const at = to + (c << 2);
    const value = load<f64>(from + (c << 3));
    store<f32>(at, <f32>(add ? <f64>load<f32>(at) + value : value));
  }
}

/** to = gain scale P(u), with P(u) = u - mean u - n mean(u n); `means` are these two. */
export function project(
  x: usize,
  moments: usize,
  gain: usize,
  u: usize,
  means: usize,
  to: usize,
  rows: i32,
  width: i32,
): void {
  const rowBytes = (<usize>width) << 2;
  for (let r = 0; r < rows; r += block) {
    const now = min(block, rows - r);
    for (let at: usize = 0; at < rowBytes; at += 16) {
      const mean = v128.load(moments + at);
      const scale = v128.load(moments + rowBytes + at);
      const factor = f32x4.mul(v128.load(gain + at), scale);
      const sum = v128.load(means + at);
      const along = f32x4.mul(v128.load(means + rowBytes + at), scale);
      const end = x + at + <usize>now * rowBytes;
      let q = at;
      for (let p = x + at; p < end; p += rowBytes) {
        const n = f32x4.sub(v128.load(p), mean);
        const rest = f32x4.sub(f32x4.sub(v128.load(u + q), sum), f32x4.mul(n, along));
        v128.store(to + q, f32x4.mul(factor, rest));
        q += rowBytes;
      }
    }
    x += <usize>now * rowBytes;
    u += <usize>now * rowBytes;
    to += <usize>now * rowBytes;
  }
}

/** The directional derivative of `normalise` along xTangent, whose means are `means`: adds gainTangent n + thresholdTangent to what `project` gives. */
export function addTangents(
  x: usize,
  moments: usize,
  gainTangent: usize,
  thresholdTangent: usize,
  to: usize,
  rows: i32,
  width: i32,
): void {
  const rowBytes = (<usize>width) << 2;
  for (let r = 0; r < rows; r += block) {
    const now = min(block, rows - r);
    for (let at: usize = 0; at < rowBytes; at += 16) {
      const mean = v128.load(moments + at);
      const factor = f32x4.mul(v128.load(gainTangent + at), v128.load(moments + rowBytes + at));
      const start = v128.load(thresholdTangent + at);
      const end = x + at + <usize>now * rowBytes;
      let q = to + at;
      for (let p = x + at; p < end; p += rowBytes) {
        const more = f32x4.add(f32x4.mul(f32x4.sub(v128.load(p), mean), factor), start);
        v128.store(q, f32x4.add(v128.load(q), more));
        q += rowBytes;
      }
    }
    x += <usize>now * rowBytes;
    to += <usize>now * rowBytes;
  }
}

/**
 * sums = rows, -, the sum of slopeTangent[width], the sum of slopeTangent n + slope R{n}[width], with R{n} = scale P(xTangent);
 * `tangentMeans` are the two means of xTangent. xTangent = 0 does not move.
 */
export function tangentSums(
  x: usize,
  moments: usize,
  xTangent: usize,
  tangentMeans: usize,
  slope: usize,
  slopeTangent: usize,
  rows: i32,
  width: i32,
  sums: usize,
): void {
  clearSums(sums, rows, width);
  const rowBytes = (<usize>width) << 2;
  let q: usize = 0;
  for (let r = 0; r < rows; r += block) {
    const now = min(block, rows - r);
    const bytes = <usize>now * rowBytes;
    for (let at: usize = 0; at < rowBytes; at += 16) {
      const mean = v128.load(moments + at);
      const scale = v128.load(moments + rowBytes + at);
      const sumOfTangent = v128.load(tangentMeans + at);
      const alongTangent = v128.load(tangentMeans + rowBytes + at);
      let sum = f32x4.splat(0);
      let along = sum;
      for (let p = q + at; p < q + bytes; p += rowBytes) {
        const n = f32x4.mul(scale, f32x4.sub(v128.load(x + p), mean));
        const moved = xTangent === 0 ? f32x4.splat(0) : v128.load(xTangent + p);
        const change = f32x4.mul(
          scale,
          f32x4.sub(f32x4.sub(moved, sumOfTangent), f32x4.mul(n, alongTangent)),
        );
        const tangent = v128.load(slopeTangent + p);
        sum = f32x4.add(sum, tangent);
        along = f32x4.add(along, f32x4.add(f32x4.mul(tangent, n), f32x4.mul(v128.load(slope + p), change)));
      }
      toFloat64(sums, at, sum);
      toFloat64(sums, at + rowBytes, along);
    }
    q += bytes;
  }
}

/**
 * The directional derivative of scale P(u), u = gain slope. With R{u} = gainTangent slope + gain slopeTangent and R{scale} = -scale^2 mean(xTangent n):
 *   to = scale (R{scale}/scale P(u) + R{u} - mean R{u} - R{n} mean(u n) - n mean(R{u} n + u R{n}))
 * @param means of slope and slope n
 * @param changes means of slopeTangent, and of slopeTangent n + slope R{n}
 */
export function projectTangent(
  x: usize,
  moments: usize,
  xTangent: usize,
  tangentMeans: usize,
  gain: usize,
  gainTangent: usize,
  slope: usize,
  slopeTangent: usize,
  means: usize,
  changes: usize,
  to: usize,
  rows: i32,
  width: i32,
): void {
  const rowBytes = (<usize>width) << 2;
  for (let at: usize = 0; at < rowBytes; at += 16) {
    const mean = v128.load(moments + at);
    const scale = v128.load(moments + rowBytes + at);
    const sumOfTangent = v128.load(tangentMeans + at);
    const alongTangent = v128.load(tangentMeans + rowBytes + at);
    const by = v128.load(gain + at);
    const byTangent = v128.load(gainTangent + at);
    const sum = f32x4.mul(by, v128.load(means + at));
    const along = f32x4.mul(by, v128.load(means + rowBytes + at));
    const sumChange = f32x4.add(
      f32x4.mul(byTangent, v128.load(means + at)),
      f32x4.mul(by, v128.load(changes + at)),
    );
    const alongChange = f32x4.add(
      f32x4.mul(byTangent, v128.load(means + rowBytes + at)),
      f32x4.mul(by, v128.load(changes + rowBytes + at)),
    );
    const growth = f32x4.neg(f32x4.mul(scale, alongTangent));
    const bytes = <usize>rows * rowBytes;
    for (let p = at; p < bytes; p += rowBytes) {
      const n = f32x4.mul(scale, f32x4.sub(v128.load(x + p), mean));
      const moved = xTangent === 0 ? f32x4.splat(0) : v128.load(xTangent + p);
      const change = f32x4.mul(scale, f32x4.sub(f32x4.sub(moved, sumOfTangent), f32x4.mul(n, alongTangent)));
      const dy = v128.load(slope + p);
      const u = f32x4.mul(by, dy);
      const uTangent = f32x4.add(f32x4.mul(byTangent, dy), f32x4.mul(by, v128.load(slopeTangent + p)));
      const projected = f32x4.sub(f32x4.sub(u, sum), f32x4.mul(n, along));
      const rest = f32x4.sub(
        f32x4.sub(f32x4.sub(uTangent, sumChange), f32x4.mul(change, along)),
        f32x4.mul(n, alongChange),
      );
      v128.store(to + p, f32x4.mul(scale, f32x4.add(f32x4.mul(growth, projected), rest)));
    }
  }
}

/** to[c] = (add ? to[c] : 0) + the sum over rows of from[row][c], for c < count, in blocks. */
export function sumColumns(
  from: usize,
  rows: i32,
  width: i32,
  to: usize,
  count: i32,
  add: bool,
  sums: usize,
): void {
  clearSums(sums, rows, width);
  const rowBytes = (<usize>width) << 2;
  for (let r = 0; r < rows; r += block) {
    const now = min(block, rows - r);
    for (let at: usize = 0; at < rowBytes; at += 16) {
      let sum = f32x4.splat(0);
      const end = from + at + <usize>now * rowBytes;
      for (let p = from + at; p < end; p += rowBytes) sum = f32x4.add(sum, v128.load(p));
      toFloat64(sums, at, sum);
    }
    from += <usize>now * rowBytes;
  }
  bringSums(sums, 0, width, to, count, add);
}

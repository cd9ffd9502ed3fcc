// One move of a layer of neurons down their energy, in displacements from the forward pass: u = s - a, with a the drive at the forward pass, so that nothing is lost
// by the subtraction of states that are almost the same. `driven` is W (rate - rate at the forward pass) of the layer below, so that e = u - driven; 0 is none.
// `back` is W^T e of the layer above; of outputs, -b dC/ds. Each gives
//   u <- u + dt (slope back - e), error <- u - driven, moved <- rate(a + u) - rate(a)
// with dt at `step`. Counts are multiples of 4. Those with tanh rates are in `tanh-differences`.

function load(at: usize, offset: usize): v128 {
  return at === 0 ? f32x4.splat(0) : v128.load(at + offset);
}

export function relaxRelu(
  u: usize,
  driven: usize,
  back: usize,
  a: usize,
  moved: usize,
  error: usize,
  step: usize,
  count: i32,
): void {
  const dt = v128.load32_splat(step);
  const zero = f32x4.splat(0);
  const bytes = (<usize>count) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const by = load(driven, i);
    const drive = v128.load(a + i);
    let at = v128.load(u + i);
    const pull = v128.and(v128.load(back + i), f32x4.gt(f32x4.add(drive, at), zero));
    at = f32x4.add(at, f32x4.mul(dt, f32x4.sub(pull, f32x4.sub(at, by))));
    v128.store(u + i, at);
    v128.store(error + i, f32x4.sub(at, by));
    const up = f32x4.max(zero, f32x4.add(drive, at));
    const down = f32x4.max(at, f32x4.neg(drive));
    v128.store(moved + i, v128.bitselect(down, up, f32x4.gt(drive, zero)));
  }
}

/** The same for neurons whose rate is their state: u is what they have moved by. */
export function relaxLinear(
  u: usize,
  driven: usize,
  back: usize,
  error: usize,
  step: usize,
  count: i32,
): void {
  const dt = v128.load32_splat(step);
  const bytes = (<usize>count) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const by = load(driven, i);
    let at = v128.load(u + i);
    at = f32x4.add(at, f32x4.mul(dt, f32x4.sub(v128.load(back + i), f32x4.sub(at, by))));
    v128.store(u + i, at);
    v128.store(error + i, f32x4.sub(at, by));
  }
}

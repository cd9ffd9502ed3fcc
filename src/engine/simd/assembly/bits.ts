/** JavaScript's operators on bits, of four numbers at once: each is taken for a whole number of 32 bits, and the result rounded to float32. */

/** Without its fraction and modulo 2^32, as a signed number; 0 for what is not finite. */
function wholeOf(x: v128): v128 {
  const whole = f32x4.trunc(x);
  const isSmall = f32x4.lt(f32x4.abs(whole), f32x4.splat(2147483648));
  // Exact: numbers from 2^31 on are multiples of 2^8.
  const turns = f32x4.floor(f32x4.mul(whole, f32x4.splat(2.3283064365386963e-10)));
  const rest = f32x4.sub(whole, f32x4.mul(turns, f32x4.splat(4294967296)));
  return v128.bitselect(i32x4.trunc_sat_f32x4_s(whole), i32x4.trunc_sat_f32x4_u(rest), isSmall);
}

/** a & b. */
export function bitAnd4(a: v128, b: v128): v128 {
  return f32x4.convert_i32x4_s(v128.and(wholeOf(a), wholeOf(b)));
}

/** a | b. */
export function bitOr4(a: v128, b: v128): v128 {
  return f32x4.convert_i32x4_s(v128.or(wholeOf(a), wholeOf(b)));
}

/** a ^ b. */
export function bitXor4(a: v128, b: v128): v128 {
  return f32x4.convert_i32x4_s(v128.xor(wholeOf(a), wholeOf(b)));
}

/** The lanes whose number of places holds this power of two. */
function shiftedBy(places: v128, power: i32): v128 {
  return i32x4.ne(v128.and(places, i32x4.splat(power)), i32x4.splat(0));
}

/** a << places: WebAssembly shifts all lanes alike, so by 1, 2, 4, 8 and 16 those that want it. */
export function shiftLeft4(a: v128, places: v128): v128 {
  const by = wholeOf(places);
  let bits = wholeOf(a);
  bits = v128.bitselect(i32x4.shl(bits, 1), bits, shiftedBy(by, 1));
  bits = v128.bitselect(i32x4.shl(bits, 2), bits, shiftedBy(by, 2));
  bits = v128.bitselect(i32x4.shl(bits, 4), bits, shiftedBy(by, 4));
  bits = v128.bitselect(i32x4.shl(bits, 8), bits, shiftedBy(by, 8));
  bits = v128.bitselect(i32x4.shl(bits, 16), bits, shiftedBy(by, 16));
  return f32x4.convert_i32x4_s(bits);
}

/** a >> places: the sign is kept. */
export function shiftRight4(a: v128, places: v128): v128 {
  const by = wholeOf(places);
  let bits = wholeOf(a);
  bits = v128.bitselect(i32x4.shr_s(bits, 1), bits, shiftedBy(by, 1));
  bits = v128.bitselect(i32x4.shr_s(bits, 2), bits, shiftedBy(by, 2));
  bits = v128.bitselect(i32x4.shr_s(bits, 4), bits, shiftedBy(by, 4));
  bits = v128.bitselect(i32x4.shr_s(bits, 8), bits, shiftedBy(by, 8));
  bits = v128.bitselect(i32x4.shr_s(bits, 16), bits, shiftedBy(by, 16));
  return f32x4.convert_i32x4_s(bits);
}

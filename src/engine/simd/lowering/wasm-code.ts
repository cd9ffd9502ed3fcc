/** WebAssembly's binary format, as far as lowered rules need it (WebAssembly Core Specification 2.0, section 5). */

/** Value types. */
export const i32 = 0x7f;
export const v128 = 0x7b;

/** Instructions of one byte. */
export const op = {
  block: 0x02,
  loop: 0x03,
  end: 0x0b,
  branch: 0x0c,
  branchIf: 0x0d,
  call: 0x10,
  get: 0x20,
  set: 0x21,
  f64Load: 0x2b,
  f64Store: 0x39,
  i32Const: 0x41,
  f32Const: 0x43,
  i32GreaterEqual: 0x4e,
  f64Add: 0xa0,
  i32Add: 0x6a,
  i32And: 0x71,
  i32ShiftLeft: 0x74,
  f32Demote: 0xb6,
  /** A block's type where it gives nothing. */
  nothing: 0x40,
} as const;

/** Instructions on vectors, behind the prefix 0xfd. */
export const vector = {
  load: 0x00,
  store: 0x0b,
  constant: 0x0c,
  shuffle: 0x0d,
  i32Splat: 0x11,
  f32Splat: 0x13,
  f64Lane: 0x21,
  i32Less: 0x39,
  equal: 0x41,
  notEqual: 0x42,
  less: 0x43,
  greater: 0x44,
  lessEqual: 0x45,
  greaterEqual: 0x46,
  not: 0x4d,
  and: 0x4e,
  andNot: 0x4f,
  or: 0x50,
  xor: 0x51,
  select: 0x52,
  promote: 0x5f,
  i32Add: 0xae,
  ceil: 0x67,
  floor: 0x68,
  trunc: 0x69,
  abs: 0xe0,
  negate: 0xe1,
  root: 0xe3,
  add: 0xe4,
  subtract: 0xe5,
  multiply: 0xe6,
  divide: 0xe7,
  minimum: 0xe8,
  maximum: 0xe9,
  f64Add: 0xf0,
} as const;

/** A whole number from 0, in the format's variable length. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const more = rest > 0x7f;
    bytes.push((rest & 0x7f) | (more ? 0x80 : 0));
    rest >>>= 7;
  } while (rest !== 0);
  return bytes;
}

/** A whole number of either sign. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const byte = rest & 0x7f;
    rest >>= 7;
    if ((rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0)) return [...bytes, byte];
    bytes.push(byte | 0x80);
  }
}

/** A vector instruction. */
export const simd = (code: number): number[] => [0xfd, ...unsigned(code)];

/** The same float32 number in all lanes. */
export function splat(value: number): number[] {
  return [op.f32Const, ...new Uint8Array(Float32Array.of(value).buffer), ...simd(vector.f32Splat)];
}

const text = (name: string): number[] => [...list([...new TextEncoder().encode(name)].map((byte) => [byte]))];

/** Items behind their count. */
const list = (items: readonly (readonly number[])[]): number[] => [
  ...unsigned(items.length),
  ...items.flat(),
];

const section = (id: number, content: readonly number[]): number[] => [
  id,
  ...unsigned(content.length),
  ...content,
];

/** A function that the module calls: its name in the namespace `math`, and how many vectors it takes; it gives one. */
export interface ImportedFunction {
  readonly name: string;
  readonly parameters: number;
}

export interface WasmModule {
  readonly imports: readonly ImportedFunction[];
  /** Types of the parameters of the one function, `run`, which gives nothing. */
  readonly parameters: readonly number[];
  /** Types of its locals. */
  readonly locals: readonly number[];
  readonly body: readonly number[];
}

/** The most pages of the shared memory, as the kernels' module has it too. */
const mostPages = 65536;

/** The bytes of a module that imports the shared memory as env.memory, and exports `run`. */
export function moduleBytes({ imports, parameters, locals, body }: WasmModule): Uint8Array {
  const functionType = (given: readonly number[], results: readonly number[]) => [
    0x60,
    ...list(given.map((type) => [type])),
    ...list(results.map((type) => [type])),
  ];
  const types = [
    functionType(parameters, []),
    ...imports.map((imported) => functionType(Array<number>(imported.parameters).fill(v128), [v128])),
  ];
  const sharedMemory = [...text('env'), ...text('memory'), 0x02, 0x03, 0, ...unsigned(mostPages)];
  const functions = imports.map(({ name }, i) => [...text('math'), ...text(name), 0x00, ...unsigned(i + 1)]);
  const code = [...list(locals.map((type) => [1, type])), ...body, op.end];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, list(types)),
    ...section(2, list([sharedMemory, ...functions])),
    ...section(3, list([[0]])),
    ...section(7, list([[...text('run'), 0x00, ...unsigned(imports.length)]])),
    ...section(10, list([[...unsigned(code.length), ...code]])),
  ]);
}

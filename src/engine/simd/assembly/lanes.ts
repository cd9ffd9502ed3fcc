/** Four numbers to memory, added to what is there where asked. */
export function store4(c: usize, value: v128, add: bool): void {
  v128.store(c, add ? f32x4.add(v128.load(c), value) : value);
}

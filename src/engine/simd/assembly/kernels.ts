// The arithmetic of the simd engine, in AssemblyScript: compiled to kernels.wasm by `npm run build:kernels`. Pointers are
// byte offsets in one shared memory, at multiples of 16; lengths are padded to multiples of 4 with zeros.
export * from './batch-norm';
export * from './bits';
export * from './combinations';
export * from './convolution';
export * from './dyadic';
export { flattenImages, unflattenImages } from './images';
export * from './losses';
export * from './multiply-add';
export * from './multiply-transposed';
export * from './neurons';
export * from './pools';
export * from './relaxation';
export * from './rows';
export { stableStep } from './spectral-norm';
export * from './tanh';
export { dyadicTanh, relaxTanh } from './tanh-differences';
export * from './vector-math';
export * from './winograd';

/** Where the tables end that functions of float64 use: nothing else may lie below. */
export function tablesEnd(): usize {
  return __heap_base;
}

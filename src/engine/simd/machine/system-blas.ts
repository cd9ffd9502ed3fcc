import type { SystemBlas } from './blas-choice';
import { blasConvolutions } from './blas-convolutions';
import type { Kernels } from './kernels';
import { tileConvolutions } from './tile-convolutions';

/** Where the libraries are, by platform; the system's loader finds the rest of the path. */
const libraries: Readonly<Record<string, readonly string[]>> = {
  linux: ['libopenblas.so.0', 'libopenblas.so'],
  darwin: ['/System/Library/Frameworks/Accelerate.framework/Accelerate'],
};

/**
 * Below this many multiplications a product is left to WebAssembly. Where both were measured (docs/results/speed.md), OpenBLAS was
 * behind or level at 3,200 of them and ahead from 6,400 on.
 */
const fewest = 6_000;

/** CBLAS's own numbers. */
const [rowMajor, plain, transposed] = [101, 111, 112];

/** @returns null where the optional package or the library is missing, with why. */
export function findSystemBlas(
  memory: WebAssembly.Memory,
  kernels: Kernels,
): { blas: SystemBlas; why: null } | { blas: null; why: string } {
  let koffi: typeof import('koffi');
  try {
    koffi = require('koffi');
  } catch {
    return { blas: null, why: 'the optional package koffi is not installed' };
  }
  const names = libraries[process.platform] ?? [];
  for (const name of names) {
    try {
      return { blas: bind(koffi, koffi.load(name), name, memory, kernels), why: null };
    } catch {} // the next one may be there
  }
  return { blas: null, why: `none of ${names.join(', ') || 'no known library'} can be loaded` };
}

function bind(
  koffi: typeof import('koffi'),
  library: ReturnType<typeof import('koffi')['load']>,
  name: string,
  memory: WebAssembly.Memory,
  kernels: Kernels,
): SystemBlas {
  // Pointers cross as numbers: the shared memory never moves.
  const sgemm = library.func(
    'void cblas_sgemm(int order, int ta, int tb, int m, int n, int k, float alpha, uintptr_t a, int lda, uintptr_t b, int ldb, float beta, uintptr_t c, int ldc)',
  );
  const base = addressOf(koffi, memory);
  // Beyond what V8 keeps off the heap: each address is made once, since a sum would be put there at each call.
  const addresses = new Map<number, number>();
  const at = (pointer: number): number => {
    let address = addresses.get(pointer);
    if (address === undefined) {
      address = base + pointer;
      addresses.set(pointer, address);
    }
    return address;
  };
  const small = (a: number, b: number, c: number): boolean => a * b * c < fewest;
  /** Brings a row to begin with, where there is one, to each row of a product; gives whether to add to what is there. */
  const begin = (
    row: number,
    to: number,
    toRow: number,
    rows: number,
    width: number,
    add: number,
  ): number => {
    if (row === 0) return add;
    const bring = add === 1 ? kernels.addRows : kernels.copyRows;
    bring(row, 0, to, toRow, rows, width);
    return 1;
  };
  const products: Pick<SystemBlas, 'multiplyAdd' | 'multiplyTransposed'> = {
    // Named one by one, since a list of them would be made anew at each call.
    multiplyAdd(a, aRow, aDepth, b, bRow, start, c, cRow, rows, depth, width, add, room) {
      if (small(rows, depth, width)) {
        kernels.multiplyAdd(a, aRow, aDepth, b, bRow, start, c, cRow, rows, depth, width, add, room);
        return;
      }
      const keep = begin(start, c, cRow, rows, width, add);
      const order = aDepth === 1 ? plain : transposed;
      const lda = aDepth === 1 ? aRow : aDepth;
      const [m, n, k] = [rows, width, depth];
      sgemm(rowMajor, order, plain, m, n, k, 1, at(a), lda, at(b), bRow, keep, at(c), cRow);
    },

    multiplyTransposed(x, xRow, w, wRow, bias, y, yRow, samples, depth, outputs, add, room) {
      if (small(samples, depth, outputs)) {
        kernels.multiplyTransposed(x, xRow, w, wRow, bias, y, yRow, samples, depth, outputs, add, room);
        return;
      }
      const keep = begin(bias, y, yRow, samples, outputs, add);
      const [m, n, k] = [samples, outputs, depth];
      sgemm(rowMajor, plain, transposed, m, n, k, 1, at(x), xRow, at(w), wRow, keep, at(y), yRow);
    },
  };
  const wide = products as Pick<Kernels, keyof typeof products>;
  const convolutions = { ...blasConvolutions(kernels, wide), ...tileConvolutions(kernels, wide) };
  return { name: describe(library, name), ...products, convolutions };
}

/** Where the shared memory begins in this process: memmove of nothing gives its destination back. */
function addressOf(koffi: typeof import('koffi'), memory: WebAssembly.Memory): number {
  const library = koffi.load(process.platform === 'darwin' ? '/usr/lib/libSystem.dylib' : 'libc.so.6');
  const move = library.func('uintptr_t memmove(void* to, void* from, size_t bytes)');
  const view = new Uint8Array(memory.buffer);
  return Number(move(view, view, 0));
}

/** One thread, so that sums keep one order and worker threads do not crowd each other. */
function describe(library: ReturnType<typeof import('koffi')['load']>, name: string): string {
  try {
    library.func('void openblas_set_num_threads(int threads)')(1);
    return library.func('const char* openblas_get_config()')() as string;
  } catch {
    return name;
  }
}

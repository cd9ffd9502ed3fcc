import { readFileSync } from 'node:fs';
import { engineFile } from './engine-file';

/** The compiled kernels. @throws MetaplastError where the engine is not compiled. */
export const kernelsModule = (): WebAssembly.Module =>
  new WebAssembly.Module(readFileSync(engineFile('kernels.wasm')));

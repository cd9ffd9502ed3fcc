import { compiledFile } from '../../../core/compiled-file';

/** A file of the engine's folder, by its path in it. @throws MetaplastError where the engine is not compiled. */
export function engineFile(file: string): string {
  return compiledFile(`engine/simd/${file}`, 'The simd engine is not compiled');
}

import { hasFields, made } from '../core/validate';
import type { Engine } from './engine';

const isEngine = (value: unknown): boolean =>
  hasFields(value, { name: 'string', probe: 'function', open: 'function' });

/** Engines, of the library's or of a user's own. */
export const engineSchema = made<Engine>('an engine, such as referenceEngine', isEngine);

/** Engines, or the names of some, which whoever takes them checks. */
export const engineOrNameSchema = made<Engine | string>(
  'an engine, or the name of one: auto, gpujs, simd, reference',
  (value) => typeof value === 'string' || isEngine(value),
);

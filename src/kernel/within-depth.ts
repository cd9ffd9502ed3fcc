import { KernelError } from '../core/errors';

/** Runs a walk that recurses, and tells of text nested too deeply for it. */
export function withinDepth<T>(walk: () => T): T {
  try {
    return walk();
  } catch (error) {
    if (!(error instanceof RangeError && /call stack/.test(error.message))) throw error;
    throw new KernelError({
      what: 'The rule is nested too deeply to be read',
      advice: 'Split it with const locals',
    });
  }
}

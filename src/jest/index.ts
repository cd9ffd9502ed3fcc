import { MetaplastError } from '../core/errors';
import { auditLocality } from '../kernel/audit-locality';
import type { Rule } from '../synapse/rule';
import { type AgreementOptions, disagreements } from './agree';

export type { AgreementOptions } from './agree';

/** What a matcher of Jest returns. */
interface Outcome {
  readonly pass: boolean;
  readonly message: () => string;
}

/** A rule, one kernel, or a kernel's text is local: it reads its own synapse's quantities and scalars, and nothing else. */
function toBeLocal(received: unknown): Outcome {
  try {
    const { local, verdict, violations } = auditLocality(received as Rule);
    const told = violations.map(({ line, expression, why }) => `  line ${line}: \`${expression}\` ${why}`);
    return {
      pass: local,
      message: () =>
        local
          ? 'expected the rule not to be local, but it is'
          : `the rule is ${verdict}:\n${told.join('\n')}`,
    };
  } catch (error) {
    if (!(error instanceof MetaplastError)) throw error;
    return { pass: false, message: () => `this is no rule: ${error.message}` };
  }
}

/** A rule gives the same numbers on the engines reference, simd and gpujs, to some roundings of float32. */
async function toAgreeOnAllEngines(received: unknown, options?: AgreementOptions): Promise<Outcome> {
  const rule = received as Rule;
  if (!Array.isArray(rule?.steps))
    return { pass: false, message: () => 'this is no rule: make one with defineRule' };
  const found = await disagreements(rule, options);
  const told = found.map(
    ({ engine, quantity, synapse, got, reference }) =>
      `  ${engine}: ${quantity}[${synapse}] is ${got}, and ${reference} on the reference engine`,
  );
  return {
    pass: found.length === 0,
    message: () =>
      found.length === 0
        ? `expected rule "${rule.name}" to differ between engines, but it does not`
        : `rule "${rule.name}" differs between engines:\n${told.join('\n')}`,
  };
}

/** Matchers for tests of one's own rules; importing `metaplast/jest` adds them to Jest's `expect`. */
export const matchers = {
  /** A rule reads its own synapse's quantities and scalars, and nothing else. */
  toBeLocal,
  /** A rule gives the same numbers on all engines. */
  toAgreeOnAllEngines,
};

declare global {
  namespace jest {
    // biome-ignore lint/complexity/noBannedTypes: as Jest declares it.
    interface Matchers<R, T = {}> {
      /** Reads its own synapse's quantities and scalars, and nothing else. */
      toBeLocal(): R;
      /** Gives the same numbers on the engines reference, simd and gpujs: await it. */
      toAgreeOnAllEngines(options?: AgreementOptions): Promise<R>;
    }
  }
}

const global = globalThis as { expect?: { extend?: (added: object) => void } };
if (typeof global.expect?.extend !== 'function') {
  throw new MetaplastError({
    what: '"metaplast/jest" is imported outside of a test: there is no expect to add matchers to',
    advice: "Import it in a test, or name it in Jest's setupFilesAfterEnv",
  });
}
global.expect.extend(matchers);

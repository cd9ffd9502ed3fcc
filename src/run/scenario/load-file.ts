import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { InputError } from '../../core/errors';

/**
 * What a file of a user's own exports, in TypeScript or JavaScript.
 * @param given What the user calls it.
 * @param what What it is, for messages: `The scenario file`.
 * @param legal What could be named instead.
 * @throws InputError where the file is missing or cannot be loaded.
 */
export async function loadFile(path: string, given: string, what: string, legal: string): Promise<unknown> {
  if (!existsSync(path)) throw new InputError({ what: `${what} does not exist`, got: given, legal });
  if (extname(path) === '.ts' && require.extensions['.ts'] === undefined) await registerTypeScript();
  try {
    return await import(path);
  } catch (error) {
    throw new InputError({
      what: `${what} cannot be loaded: ${briefly(error)}`,
      got: given,
      advice: 'Mend it: `npx tsc --noEmit` and `node --check` say more of where',
    });
  }
}

/** Of what was thrown, its first lines that say something: a compiler may have thousands, and of a binary file they would be no text. */
function briefly(error: unknown): string {
  const text = error instanceof Error ? error.message : `it threw ${JSON.stringify(error) ?? String(error)}`;
  const lines = text.split('\n').filter((line) => /[a-z]/i.test(line));
  const said = lines
    .slice(0, 3)
    .join(' ')
    .replace(/[\p{Cc}\ufffd]+/gu, ' ');
  return said.length > 300 ? `${said.slice(0, 297)}...` : said.replace(/[.\s]+$/, '');
}

/** Lets Node load TypeScript, so that a user's scenario needs no build step. */
async function registerTypeScript(): Promise<void> {
  const { register } = await import('ts-node');
  register({
    transpileOnly: true,
    skipProject: true,
    // Also where a package.json says that its files are modules: what is compiled here is none.
    moduleTypes: { '**': 'cjs' },
    compilerOptions: {
      module: 'commonjs',
      moduleResolution: 'bundler',
      target: 'ES2022',
      esModuleInterop: true,
    },
  });
}

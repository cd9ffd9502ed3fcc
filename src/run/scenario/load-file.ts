import { existsSync, readFileSync } from 'node:fs';
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
  if (/\.[cm]?ts$/.test(path) && require.extensions['.mts'] === undefined) registerTypeScript();
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

/** The default export of what was loaded; of a CommonJS file import() has wrapped it twice. */
export function defaultOf(module: unknown): unknown {
  const { default: found } = module as { default?: unknown };
  return typeof found === 'object' && found !== null && 'default' in found ? found.default : found;
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

const compilerOptions = {
  module: 'commonjs',
  moduleResolution: 'bundler',
  target: 'ES2022',
  esModuleInterop: true,
} as const;

type Loader = (module: { _compile(code: string, file: string): void }, file: string) => void;

/**
 * Lets Node load TypeScript, so that a user's file needs no build step.
 * @public
 */
export function registerTypeScript(): void {
  if (require.extensions['.ts'] === undefined) {
    const { register } = require('ts-node') as typeof import('ts-node');
    register({
      transpileOnly: true,
      skipProject: true,
      // Also where a package.json says that its files are modules: what is compiled here is none.
      moduleTypes: { '**': 'cjs' },
      compilerOptions,
    });
  }
  // ts-node leaves these to Node's loader of modules, which knows no TypeScript.
  const typescript = require('typescript') as typeof import('typescript');
  const load: Loader = (module, file) => {
    const options = {
      ...compilerOptions,
      module: typescript.ModuleKind.CommonJS,
      moduleResolution: undefined,
      target: typescript.ScriptTarget.ES2022,
      inlineSourceMap: true,
    };
    const text = readFileSync(file, 'utf8');
    const { outputText } = typescript.transpileModule(text, { compilerOptions: options, fileName: file });
    module._compile(outputText, file);
  };
  const extensions = require.extensions as unknown as Record<string, Loader>;
  for (const ending of ['.mts', '.cts']) extensions[ending] = load;
}

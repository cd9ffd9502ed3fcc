import Module from 'node:module';
import vm from 'node:vm';

/** A module as Node's CommonJS loader holds it. */
export interface LoadedModule {
  filename: string;
  paths: string[];
  exports: unknown;
  loaded: boolean;
  require(specifier: string): unknown;
  _compile(source: string, file: string): unknown;
}

export type Extension = (module: LoadedModule, file: string) => void;

/** What Node's CommonJS loader shows of itself; loaders of TypeScript stand on the same. */
interface ModuleLoader {
  new (file: string, parent: LoadedModule): LoadedModule;
  readonly prototype: LoadedModule;
  readonly _cache: Record<string, LoadedModule | undefined>;
  readonly _extensions: Record<string, Extension | undefined>;
  _nodeModulePaths(folder: string): string[];
  _resolveFilename(
    specifier: string,
    parent: LoadedModule | undefined,
    isMain?: boolean,
    options?: object,
  ): string;
}

export const loader = Module as unknown as ModuleLoader;

/** The `require` of a module, by what loads what it names. */
export function requireOf(module: LoadedModule, load: (specifier: string) => unknown): NodeJS.Require {
  const resolve = (specifier: string, options?: object) =>
    loader._resolveFilename(specifier, module, false, options);
  return Object.assign(load, {
    resolve,
    main: process.mainModule,
    extensions: loader._extensions,
    cache: loader._cache,
  }) as unknown as NodeJS.Require;
}

/** What Node puts around a module's source, on the same line. */
const beforeSource = '(function (exports, require, module, __filename, __dirname) { ';

/** A module's source as a script that gives a function. */
export function wrapped(source: string): string {
  return `${beforeSource}${source.replace(/^#!/, '//')}\n})`;
}

/** How a wrapped source is compiled, so that errors name its file, line and column. */
export function scriptOptions(filename: string) {
  const { USE_MAIN_CONTEXT_DEFAULT_LOADER: importModuleDynamically } = vm.constants;
  return { filename, columnOffset: -beforeSource.length, importModuleDynamically };
}

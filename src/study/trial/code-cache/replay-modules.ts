import path from 'node:path';
import vm from 'node:vm';
import { type CachedModule, versionOf } from './cached-modules';
import { type Extension, type LoadedModule, loader, requireOf, scriptOptions } from './module-loader';

/**
 * From now on, takes the code of modules from what another process has recorded, where their files are still the same. Each module runs as ever, has the
 * state that it makes itself, and is the same one for whoever requires it.
 */
export function replayModules(modules: readonly CachedModule[]): void {
  const known = new Map(modules.map((module) => [module.file, module]));
  const isTypeScript = ({ compiled }: CachedModule): boolean => compiled === null;
  for (const ending of ['.js', '.cjs']) {
    const load = loader._extensions[ending] ?? loader._extensions['.js']!;
    loader._extensions[ending] = (module, file) => {
      const cached = known.get(file);
      if (cached === undefined || !isCurrent(cached)) load(module, file);
      else run(module, cached, known);
    };
  }
  if (modules.some(isTypeScript)) replayTypeScript(known);
}

const isCurrent = ({ file, version }: CachedModule): boolean => versionOf(file) === version;

function run(module: LoadedModule, cached: CachedModule, known: ReadonlyMap<string, CachedModule>): void {
  const { file, source, compiled, links } = cached;
  const folder = path.dirname(file);
  module.paths = pathsOf(folder);
  const require = requireOf(module, (specifier) => {
    const target = Object.hasOwn(links, specifier) ? known.get(links[specifier]!) : undefined;
    if (target === undefined || target.compiled === null) return module.require(specifier);
    return isReady(target, module, known) ? loader._cache[target.file]!.exports : module.require(specifier);
  });
  const script = new vm.Script(source.toString(), { ...scriptOptions(file), cachedData: compiled! });
  script.runInThisContext().call(module.exports, module.exports, require, module, file, folder);
}

const pathsKnown = new Map<string, string[]>();

/** Where Node looks for the packages that files of a folder name. */
function pathsOf(folder: string): string[] {
  const paths = pathsKnown.get(folder) ?? loader._nodeModulePaths(folder);
  pathsKnown.set(folder, paths);
  return [...paths];
}

/** Whether a module is loaded, after it was where it was not before; not where its file is another one by now. */
function isReady(
  cached: CachedModule,
  parent: LoadedModule,
  known: ReadonlyMap<string, CachedModule>,
): boolean {
  const { file } = cached;
  if (loader._cache[file] !== undefined) return true;
  if (!isCurrent(cached)) return false;
  const module = new loader(file, parent);
  module.filename = file;
  loader._cache[file] = module;
  try {
    run(module, cached, known);
  } catch (error) {
    delete loader._cache[file];
    throw error;
  }
  module.loaded = true;
  return true;
}

/** Runs what files in TypeScript were compiled to; the compiler is loaded for others alone. */
function replayTypeScript(known: ReadonlyMap<string, CachedModule>): void {
  const endings = ['.ts', '.mts', '.cts'];
  const load: Extension = (module, file) => {
    const cached = known.get(file);
    if (cached !== undefined && isCurrent(cached)) {
      process.setSourceMapsEnabled(true);
      module._compile(cached.source.toString(), file);
      return;
    }
    for (const ending of endings) if (loader._extensions[ending] === load) delete loader._extensions[ending];
    const { registerTypeScript } =
      require('../../../run/scenario/load-file') as typeof import('../../../run/scenario/load-file');
    registerTypeScript();
    loader._extensions[path.extname(file)]!(module, file);
  };
  for (const ending of endings) loader._extensions[ending] ??= load;
}

import { isBuiltin } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';
import { type CachedModule, versionOf } from './cached-modules';
import { type LoadedModule, loader, requireOf, scriptOptions, wrapped } from './module-loader';

/** What the build makes: `dist`. */
const ownCode = path.resolve(__dirname, '../../../..') + path.sep;

/** Whether a file is metaplast's or a package's. What is a user's own is loaded anew each time. */
const isInstalled = (file: string): boolean =>
  file.startsWith(ownCode) || /[\\/]node_modules[\\/]/.test(file);

const isTypeScript = (file: string): boolean => /\.[cm]?ts$/.test(file);

interface Recorded {
  readonly source: string;
  readonly version: string;
  /** null for TypeScript, of which the JavaScript is kept. */
  readonly script: vm.Script | null;
  readonly links: Record<string, string>;
}

/**
 * From now on, notes what this process loads by `require`.
 * @returns What gives all of it, with what V8 has compiled of it by then.
 */
export function recordModules(): () => CachedModule[] {
  const recorded = new Map<string, Recorded>();
  const compile = loader.prototype._compile;
  loader.prototype._compile = function (this: LoadedModule, source: string, file: string, ...more: []) {
    const version = versionOf(file);
    if (version !== null && isTypeScript(file))
      recorded.set(file, { source, version, script: null, links: {} });
    const script = version !== null && isInstalled(file) ? compiledScript(source, file) : null;
    if (version === null || script === null) return compile.call(this, source, file, ...more);
    const links: Record<string, string> = {};
    recorded.set(file, { source, version, script, links });
    const require = requireOf(this, (specifier) => {
      const exported = this.require(specifier);
      if (!isBuiltin(specifier)) links[specifier] = loader._resolveFilename(specifier, this);
      return exported;
    });
    const run = script.runInThisContext();
    return run.call(this.exports, this.exports, require, this, file, path.dirname(file));
  };

  return () =>
    [...recorded].map(([file, { source, version, script, links }]) => ({
      file,
      version,
      links,
      source: Buffer.from(script === null ? source : wrapped(source)),
      compiled: script?.createCachedData() ?? null,
    }));
}

/** null where it is none that a function can be made of: an ES module. */
function compiledScript(source: string, file: string): vm.Script | null {
  try {
    return new vm.Script(wrapped(source), scriptOptions(file));
  } catch {
    return null;
  }
}

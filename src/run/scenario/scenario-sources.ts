import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256 } from '../../core/checksum';
import { readFailure } from '../../core/file-failures';

/** The files that a scenario is made of: its own, and the local ones that it imports, they import, and so on. */
export interface ScenarioSources {
  /** The folder that holds all of them; null for a scenario that comes with metaplast, whose files are told from its package on. */
  readonly root: string | null;
  /** The scenario's own file, from the root on. */
  readonly entry: string;
  /** The checksum of each, by its path from the root on. */
  readonly files: Readonly<Record<string, string>>;
  /** For each file, what it imports of metaplast itself: what is written there, and the file in the package. */
  readonly metaplast: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Folders whose files are ES modules, since their package.json says so. */
  readonly moduleFolders: readonly string[];
}

/** Something that is imported: how it is written, and the quotation mark around it. */
const imported =
  /(?:\bfrom|\bimport|\bimport\s*\(|\brequire(?:\.resolve)?\s*\()(?:\s|\/\*[\s\S]*?\*\/)*(['"`])([^'"`\n]+)\1/g;

/** Endings that may be left out, in the order in which they are tried. */
const endings = ['.js', '.json', '.ts', '.cjs', '.mjs', '.cts', '.mts', '.jsx', '.tsx'];

/** Whether a file is a program, which may import others. */
export const isCode = (file: string) => /\.[cm]?[jt]sx?$/.test(file);

/** What a code's text imports, as it is written there; more than it imports, where a comment or a string looks like it. */
export function importsOf(text: string): string[] {
  return [...new Set([...text.matchAll(imported)].map(([, , specifier]) => specifier!))];
}

/** The text, with what it imports written otherwise. */
export function withImports(text: string, written: (specifier: string) => string): string {
  return text.replace(imported, (match: string, _mark: string, specifier: string) => {
    const other = written(specifier);
    return other === specifier ? match : match.slice(0, -specifier.length - 2) + JSON.stringify(other);
  });
}

/** Whether an import names a package, not a file. */
export const namesPackage = (specifier: string) =>
  !/^(\.{0,2}[/\\]|\.{1,2}$|file:|[A-Za-z]:[/\\])/.test(specifier);

/** The file that an import of a local file means, whether or not its ending is written; null where there is none. */
export function localFile(from: string, specifier: string): string | null {
  const written = specifier.startsWith('file:') ? fileURLToPath(specifier) : specifier;
  const base = path.resolve(path.dirname(from), written);
  const typed = base.replace(/\.([cm]?)js(x?)$/, '.$1ts$2');
  const candidates = [
    base,
    ...endings.map((ending) => base + ending),
    ...(typed === base ? [] : [typed]),
    ...endings.map((ending) => path.join(base, `index${ending}`)),
  ];
  return candidates.find((file) => fs.statSync(file, { throwIfNoEntry: false })?.isFile()) ?? null;
}

/** The sources of a scenario, and what each of them holds, by its path from the root on. */
export interface CollectedSources {
  readonly sources: ScenarioSources;
  readonly contents: Readonly<Record<string, Buffer>>;
}

/**
 * The sources of a user's own scenario.
 * @param entry The path of its file.
 * @throws InputError where one of them cannot be read.
 */
export function scenarioSources(entry: string): CollectedSources {
  const { contents, metaplast } = collect(entry);
  const files = [...contents.keys()];
  const root = files.map((file) => path.dirname(file)).reduce(commonFolder);
  const inRoot = (file: string) => path.relative(root, file).split(path.sep).join('/');
  const folders = [...new Set(files.filter(isCode).map((file) => path.dirname(file)))];
  const sources = {
    root,
    entry: inRoot(entry),
    files: sorted(files.map((file) => [inRoot(file), sha256(contents.get(file)!)])),
    metaplast: sorted([...metaplast].map(([file, own]) => [inRoot(file), sorted([...own])])),
    moduleFolders: folders
      .filter((folder) => packageOf(folder)?.type === 'module')
      .map((folder) => inRoot(folder) || '.')
      .sort(),
  };
  return { sources, contents: sorted([...contents].map(([file, content]) => [inRoot(file), content])) };
}

/** A source that is not as it was. */
export interface SourceChange {
  readonly file: string;
  readonly how: 'was changed' | 'is missing';
}

/**
 * The sources of a scenario that are not as they were. Of one that comes with metaplast, those of the kind that runs: compiled or not.
 * @param folder Where the sources lie: their root, or metaplast's package.
 */
export function changedSources({ root, files }: ScenarioSources, folder: string): SourceChange[] {
  const compiled = /\.js$/.test(__filename);
  return Object.entries(files).flatMap(([file, sum]): SourceChange[] => {
    if (root === null && file.startsWith('dist/') !== compiled) return [];
    const at = path.join(folder, file);
    try {
      return sha256(fs.readFileSync(at)) === sum ? [] : [{ file: at, how: 'was changed' }];
    } catch {
      return [{ file: at, how: 'is missing' }];
    }
  });
}

/** What the files of a scenario that comes with metaplast are, told from the package on; by each of its files that is there. */
export function builtInSources(packageFolder: string, name: string): ScenarioSources {
  const entries = [`scenarios/${name}.ts`, `dist/scenarios/${name}.js`].filter((file) =>
    fs.existsSync(path.join(packageFolder, file)),
  );
  const files = entries.flatMap((file) => {
    const { contents } = collect(path.join(packageFolder, file));
    return [...contents].map(
      ([at, content]) =>
        [path.relative(packageFolder, at).split(path.sep).join('/'), sha256(content)] as const,
    );
  });
  return { root: null, entry: name, files: sorted(files), metaplast: {}, moduleFolders: [] };
}

function sorted<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function collect(entry: string) {
  const contents = new Map<string, Buffer>();
  const metaplast = new Map<string, Map<string, string>>();
  const visit = (file: string): void => {
    if (contents.has(file)) return;
    const content = readSource(file);
    contents.set(file, content);
    if (!isCode(file)) return;
    for (const specifier of importsOf(content.toString('utf8'))) {
      if (namesPackage(specifier)) continue;
      const target = localFile(file, specifier);
      if (target === null) continue; // Something that only looks like an import; or what fails where it is loaded.
      const own = inMetaplast(target);
      if (own !== null) metaplast.set(file, (metaplast.get(file) ?? new Map()).set(specifier, own));
      else if (!isInstalled(target, entry)) visit(target);
    }
  };
  visit(entry);
  return { contents, metaplast };
}

function readSource(file: string): Buffer {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    throw readFailure(file, error);
  }
}

/** The path of a file of metaplast itself in its package; null for any other. What lies beside `src` is the user's. */
function inMetaplast(file: string): string | null {
  const found = packageOf(path.dirname(file));
  if (found?.name !== 'metaplast') return null;
  const own = path.relative(found.folder, file).split(path.sep).join('/');
  return /^(dist\/)?src\//.test(own) ? own : null;
}

function isInstalled(file: string, entry: string): boolean {
  const depth = (at: string) => at.split(path.sep).filter((part) => part === 'node_modules').length;
  return depth(file) > depth(entry);
}

/** The nearest package.json above a folder, or in it. */
function packageOf(folder: string): { folder: string; name?: unknown; type?: unknown } | null {
  for (let each = folder; ; each = path.dirname(each)) {
    try {
      const { name, type } = JSON.parse(fs.readFileSync(path.join(each, 'package.json'), 'utf8'));
      return { folder: each, name, type };
    } catch {} // None that can be read: look one folder up.
    if (each === path.dirname(each)) return null;
  }
}

function commonFolder(a: string, b: string): string {
  let common = a;
  while (path.relative(common, b).startsWith('..')) common = path.dirname(common);
  return common;
}

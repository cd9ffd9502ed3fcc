import fs from 'node:fs';
import { builtinModules } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { sha256 } from '../../core/checksum';
import { InputError } from '../../core/errors';
import { type FileListing, listingOf } from '../../core/file-listing';
import { makeFolder } from '../../core/make-folder';
import { packageFolder } from '../directory/environment';
import {
  importsOf,
  isCode,
  localFile,
  namesPackage,
  type ScenarioSources,
  withImports,
} from './scenario-sources';

/** The folders in which a run directory keeps copies: of a user's own scenario, of synapses of their own, and of their project's configuration. */
export type CopiesOf = 'scenario' | 'synapse' | 'project';

/** What a run directory keeps of a user's own sources, by path. */
export function copiesOf(of: CopiesOf, contents: Readonly<Record<string, Buffer>>): Record<string, Buffer> {
  return Object.fromEntries(Object.entries(contents).map(([file, content]) => [`${of}/${file}`, content]));
}

/** What is kept of a scenario's sources. */
export interface KeptCopies {
  /** Copies that are whole, as they are listed. */
  readonly whole: Readonly<Record<string, FileListing>>;
  /** What others are to hold, where their sources are as they were. */
  readonly mended: Readonly<Record<string, Buffer>>;
}

/** Which copies of a scenario's sources are whole, and which can be copied again. */
export function wholeCopies(of: CopiesOf, directory: string, { root, files }: ScenarioSources): KeptCopies {
  const whole: Record<string, FileListing> = {};
  const mended: Record<string, Buffer> = {};
  if (root === null) return { whole, mended };
  for (const [file, sum] of Object.entries(files)) {
    const kept = `${of}/${file}`;
    const copy = contentOf(path.join(directory, kept), sum);
    const source = copy ?? contentOf(path.join(root, file), sum);
    if (copy !== null) whole[kept] = listingOf(copy);
    else if (source !== null) mended[kept] = source;
  }
  return { whole, mended };
}

/** What a file holds, where that has the checksum. */
function contentOf(file: string, sum: string): Buffer | null {
  try {
    const content = fs.readFileSync(file);
    return sha256(content) === sum ? content : null;
  } catch {
    return null;
  }
}

/** A scenario's sources where they can be loaded from. */
export interface LaidOut {
  /** The path of the scenario's own file. */
  readonly entry: string;
  /** Removes them; done when the process ends, if not before. */
  readonly remove: () => void;
}

/**
 * Lays out the stored sources of a user's scenario or synapses so that they can be loaded: in a folder of their own, with everything that is not among
 * them (metaplast, packages) imported from where it is.
 * @throws InputError where a copy is not whole.
 */
export function layOut(of: CopiesOf, directory: string, sources: ScenarioSources): LaidOut {
  const { root, files } = sources;
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'metaplast-scenario-'));
  const remove = () => {
    process.off('exit', remove);
    fs.rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', remove);
  const packages = new Map<string, string>();
  for (const [file, sum] of Object.entries(files)) {
    const kept = path.join(directory, of, file);
    const content = contentOf(kept, sum);
    if (content === null) {
      throw new InputError({
        what: `"${kept}" is not what the run kept of the ${of}`,
        advice: `Put back "${path.join(root!, file)}" as it was, and leave out --scenario`,
      });
    }
    const to = path.join(folder, file);
    makeFolder(path.dirname(to));
    if (!isCode(file)) {
      fs.writeFileSync(to, content);
      continue;
    }
    const text = content.toString('utf8');
    for (const specifier of importsOf(text)) notePackage(packages, path.join(root!, file), specifier);
    fs.writeFileSync(
      to,
      withImports(text, (specifier) => relocated(sources, folder, file, specifier)),
    );
  }
  for (const [name, from] of packages) link(from, path.join(folder, 'node_modules', name));
  for (const each of new Set(
    Object.keys(files)
      .filter(isCode)
      .map((file) => path.posix.dirname(file)),
  )) {
    const type = sources.moduleFolders.includes(each) ? 'module' : 'commonjs';
    fs.writeFileSync(path.join(folder, each, 'package.json'), JSON.stringify({ type }));
  }
  return { entry: path.join(folder, sources.entry), remove };
}

/** How an import is written where the file lies now. */
function relocated(sources: ScenarioSources, folder: string, file: string, specifier: string): string {
  const original = path.join(sources.root!, file);
  const own = sources.metaplast[file];
  if (own !== undefined && Object.hasOwn(own, specifier)) {
    return localFile(original, specifier) ?? here(own[specifier]!);
  }
  if (namesPackage(specifier) || specifier.startsWith('.')) return specifier;
  const stored = path.relative(sources.root!, localFile(original, specifier) ?? specifier);
  return Object.hasOwn(sources.files, stored) ? path.join(folder, stored) : specifier;
}

/** A file of metaplast in the package that runs: its source, or what it was compiled to. */
function here(own: string): string {
  const compiled = own.replace(/^src\//, 'dist/src/').replace(/\.ts$/, '.js');
  const places = [own, compiled].map((file) => path.join(packageFolder(), file));
  return places.find((file) => fs.existsSync(file)) ?? places[0]!;
}

function notePackage(packages: Map<string, string>, from: string, specifier: string): void {
  if (!namesPackage(specifier) || /^(node:|#)/.test(specifier)) return;
  const name = /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0];
  if (name === undefined || packages.has(name) || builtinModules.includes(name)) return;
  const folder = packageNear(path.dirname(from), name) ?? packageNear(packageFolder(), name);
  if (folder !== null) packages.set(name, folder);
  else if (name === 'metaplast') packages.set(name, packageFolder());
}

/** Where a package lies for files of a folder. */
function packageNear(folder: string, name: string): string | null {
  for (let each = folder; ; each = path.dirname(each)) {
    const found = path.join(each, 'node_modules', name);
    if (fs.existsSync(found)) return found;
    if (each === path.dirname(each)) return null;
  }
}

function link(from: string, to: string): void {
  makeFolder(path.dirname(to));
  fs.symlinkSync(fs.realpathSync(from), to, 'junction');
}

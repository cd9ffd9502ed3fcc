import { sha256 } from '../../../core/checksum';
import { type Manifest, parseManifest } from '../../../run/directory/manifest';
import { isGroup } from '../../../study/compare/leaf-path';
import { FileProblem } from '../files/enclosure';
import { isNestedTooDeep, isTooDeep } from '../files/nesting';
import { fileOf, type Place } from './run-place';

/** Larger files are not what metaplast writes: lists of files and plans of studies, and settings and results. */
export const mostBytes = 64 * 1024 * 1024;
const mostOfResults = 4 * 1024 * 1024;

/** What a manifest says, or what is wrong with it. */
export type ReadManifest =
  | { readonly manifest: Manifest; readonly problem: null }
  | { readonly manifest: null; readonly problem: string };

/** Reads the manifest of a run. */
export function readManifest(place: Place): ReadManifest {
  const broken = (problem: string): ReadManifest => ({ manifest: null, problem });
  let text: string;
  try {
    text = place.enclosure.read(fileOf(place, 'manifest.json'), mostBytes).toString('utf8');
    if (isNestedTooDeep(text)) throw new FileProblem('manifest.json', isTooDeep);
  } catch (error) {
    return broken(`manifest.json ${reasonOf(error)}`);
  }
  const manifest = parseManifest(text);
  if (typeof manifest === 'string') return broken(`manifest.json ${manifest}`);
  if (typeof manifest === 'number')
    return broken(`its format is ${manifest}: another version of metaplast has written it`);
  return { manifest, problem: null };
}

/**
 * A file of JSON that holds an object, as the run wrote it.
 * @param manifest Says what was written; null where nothing does: then it is believed as it is.
 * @param most Bytes: a larger one is not read.
 * @throws FileProblem where it is not.
 */
export function readJson(
  place: Place,
  file: string,
  manifest: Manifest | null,
  most = mostOfResults,
): Readonly<Record<string, unknown>> {
  const bytes = place.enclosure.read(fileOf(place, file), most);
  if (manifest !== null && !isListed(bytes, file, manifest))
    throw new FileProblem(file, 'has other bytes than were written');
  const text = bytes.toString('utf8');
  if (isNestedTooDeep(text)) throw new FileProblem(file, isTooDeep);
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new FileProblem(file, 'is no JSON');
  }
  if (isGroup(value)) return value;
  throw new FileProblem(file, 'holds no object');
}

/** Whether the run has written a file, as its manifest says. */
export function isWritten(file: string, { files, writing }: Manifest): boolean {
  return Object.hasOwn(files, file) || Object.hasOwn(writing, file);
}

function isListed(bytes: Buffer, file: string, { files, writing }: Manifest): boolean {
  const sum = sha256(bytes);
  return [files, writing].some((listed) => Object.hasOwn(listed, file) && listed[file]!.sha256 === sum);
}

/** Why a file could not be read, as the rest of a sentence that begins with its name. */
export function reasonOf(error: unknown): string {
  if (error instanceof FileProblem) return error.reason;
  throw error;
}

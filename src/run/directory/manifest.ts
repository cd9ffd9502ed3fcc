import { sha256 } from '../../core/checksum';
import type { FileListing } from '../../core/file-listing';

/** The version of the run directory's own form. 1 had no manifest, 2 no synapses of a user's own, 3 no configuration. */
export const directoryFormat = 4;

/** Whether a process works on the run (or was killed while it did), or has stopped, or there is nothing left to do. */
export type RunState = 'running' | 'stopped' | 'finished';

/**
 * What a run directory holds, file by file. While files are written, `writing` says what they will hold: so whenever the process is killed,
 * each of them is as one of the two says.
 */
export interface Manifest {
  readonly format: typeof directoryFormat;
  readonly state: RunState;
  /** What makes the run again. */
  readonly command: string;
  /** What `config.json` holds. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** By path, from the run directory on. */
  readonly files: Readonly<Record<string, FileListing>>;
  readonly writing: Readonly<Record<string, FileListing>>;
}

/** A manifest as text, a line for each file, that ends with its own checksum. The same manifest gives the same text. */
export function formatManifest(manifest: Manifest): string {
  const { format, state, command, settings, files, writing } = manifest;
  const facts = [
    `"format": ${format}`,
    `"state": ${JSON.stringify(state)}`,
    `"command": ${JSON.stringify(command)}`,
    `"settings": ${JSON.stringify(settings)}`,
    `"files": ${formatListings(files)}`,
    `"writing": ${formatListings(writing)}`,
  ];
  const text = facts.join(',\n  ');
  return `{\n  ${text},\n  "sha256": "${sha256(text)}"\n}\n`;
}

function formatListings(listings: Readonly<Record<string, FileListing>>): string {
  const lines = Object.entries(listings)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, listing]) => `    ${JSON.stringify(file)}: ${JSON.stringify(listing)}`);
  return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n  }`;
}

/**
 * The manifest that a text holds; what is wrong with it, where it is not whole; the number of its format, where that is another one.
 */
export function parseManifest(text: string): Manifest | string | number {
  let value: Manifest | null;
  try {
    value = JSON.parse(text);
  } catch {
    return 'has other bytes than were written: it is no JSON';
  }
  const format = value?.format as unknown;
  if (typeof format === 'number' && format !== directoryFormat) return format;
  try {
    // Whatever else its text might mean, it is whole where it is what would be written.
    if (formatManifest(value!) === text) return value!;
  } catch {} // A part of it is missing.
  return 'has other bytes than were written';
}

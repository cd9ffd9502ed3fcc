import fs from 'node:fs';
import path from 'node:path';
import type { MadeFigure } from '../../plot/figure-svg';
import { figureFiles } from './figure-files';
import { lockRunDirectory } from './run-directory';
import { RunFiles } from './run-files';
import { RunRecord } from './run-record';

type Content = string | Uint8Array;

/**
 * Draws figures of a run again into its own `plots/`; files that hold what is drawn already stay untouched.
 * @param width Of the PNG in pixels; twice the SVG's where left out.
 * @returns The files' paths, figure by figure.
 * @throws InputError where a process works on the run and a file would be changed, or the folder cannot be written to.
 */
export function redrawFigures(directory: string, figures: readonly MadeFigure[], width?: number): string[][] {
  const drawn = figures.map((figure) =>
    figureFiles(figure, width).map(([name, content]) => [`plots/${name}`, content] as const),
  );
  const changed = drawn.flat().filter(([file, content]) => !holds(path.join(directory, file), content));
  if (changed.length > 0) writeInto(directory, Object.fromEntries(changed));
  return drawn.map((files) => files.map(([file]) => path.join(directory, file)));
}

function writeInto(directory: string, contents: Readonly<Record<string, Content>>): void {
  const unlock = lockRunDirectory(directory);
  try {
    const { manifest } = RunFiles.open(directory);
    const runRecord = new RunRecord(directory, manifest);
    runRecord.write(contents);
    runRecord.commit(manifest.state);
  } finally {
    unlock();
  }
}

function holds(file: string, content: Content): boolean {
  try {
    return fs.readFileSync(file).equals(Buffer.from(content));
  } catch {
    return false; // Missing, or unreadable: it is written.
  }
}

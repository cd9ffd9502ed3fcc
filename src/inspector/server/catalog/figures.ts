import path from 'node:path';
import type { Manifest } from '../../../run/directory/manifest';
import type { FigureInfo } from '../../protocol/runs';
import { FileProblem } from '../files/enclosure';
import { stampOf } from '../files/stamp';
import { isWritten, readJson } from './read-manifest';
import { fileOf, type Place, systemPath } from './run-place';

const pattern = /^plots\/([^/]+)\.json$/;

/** What each kind of a figure's files is sent as. */
export const figureTypes: Readonly<Record<string, string>> = {
  svg: 'image/svg+xml',
  png: 'image/png',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
};

/** The figures that a run has drawn, read again where they were drawn anew. */
export class Figures {
  private readonly known = new Map<string, { readonly stamp: string; readonly info: FigureInfo | null }>();

  of(place: Place, manifest: Manifest): FigureInfo[] {
    return figureNames(manifest).flatMap((name) => {
      const file = `plots/${name}.json`;
      const at = systemPath(place, file);
      const stamp = stampOf(place.enclosure, fileOf(place, file)).text;
      let known = this.known.get(at);
      if (known?.stamp !== stamp) {
        known = { stamp, info: read(place, file, name, manifest) };
        this.known.set(at, known);
        if (this.known.size > 5000) this.known.clear();
      }
      return known.info === null ? [] : [known.info];
    });
  }
}

/** The names of the figures that a manifest lists. */
export function figureNames({ files, writing }: Manifest): string[] {
  const all = new Set([...Object.keys(files), ...Object.keys(writing)]);
  return [...all].flatMap((file) => pattern.exec(file)?.[1] ?? []).sort();
}

/** The file of a figure, from the run directory on; null where the run has written none. */
export function figureFile(manifest: Manifest, name: string, as: string): string | null {
  const file = path.posix.join('plots', `${name}.${as}`);
  return figureNames(manifest).includes(name) && isWritten(file, manifest) ? file : null;
}

function read(place: Place, file: string, name: string, manifest: Manifest): FigureInfo | null {
  try {
    const { title, caption } = readJson(place, file, manifest);
    return {
      name,
      title: typeof title === 'string' ? title : name,
      caption: typeof caption === 'string' ? caption : '',
    };
  } catch (error) {
    if (error instanceof FileProblem) return null; // It is among the damages.
    throw error;
  }
}

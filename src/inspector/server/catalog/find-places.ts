import fs from 'node:fs';
import path from 'node:path';
import { FileProblem } from '../files/enclosure';
import { idOf, type ServedFolder } from '../files/served-folder';
import { isThere } from '../files/stamp';
import type { Place } from './run-place';

/** What was found in the served folder. */
export interface Found {
  readonly runs: readonly { readonly place: Place; readonly study: string | null }[];
  readonly studies: readonly Place[];
  /** Links that lead nowhere, or out: listed, and never followed. */
  readonly refused: readonly { readonly place: Place; readonly reason: string }[];
}

/** Folders of runs in folders of runs, and how many folders are looked at in all. */
const [deepest, mostFolders] = [3, 50_000];

/** The runs and studies of a served folder: those in it, those in folders in it, and the trials of studies. Hidden folders are passed over. */
export function findPlaces(served: ServedFolder): Found {
  const finder = new Finder(served);
  finder.look('', null, 0);
  return finder;
}

class Finder implements Found {
  readonly runs: { place: Place; study: string | null }[] = [];
  readonly studies: Place[] = [];
  readonly refused: { place: Place; reason: string }[] = [];
  private looked = 0;

  constructor(private readonly served: ServedFolder) {}

  look(relative: string, study: string | null, depth: number): void {
    if (++this.looked > mostFolders) return;
    const holds = (name: string) => isThere(path.join(this.served.enclosure.root, relative, name));
    if (holds('manifest.json') || holds('config.json')) {
      this.runs.push({ place: this.placeOf(relative), study });
    } else if (study === null && holds('study.json')) {
      const place = this.placeOf(relative);
      this.studies.push(place);
      this.lookBelow(path.join(relative, 'trials'), place.id, depth);
    } else if (study === null && depth < deepest) {
      this.lookBelow(relative, null, depth);
    }
  }

  private lookBelow(relative: string, study: string | null, depth: number): void {
    for (const entry of entriesOf(path.join(this.served.enclosure.root, relative))) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      const below = path.join(relative, entry.name);
      if (entry.isDirectory()) this.look(below, study, depth + 1);
      else if (entry.isSymbolicLink()) this.lookBehind(below, study, depth);
    }
  }

  private lookBehind(link: string, study: string | null, depth: number): void {
    const { enclosure } = this.served;
    try {
      const real = enclosure.real(link);
      // A folder that holds the link would be looked at for ever.
      if (
        fs.statSync(real).isDirectory() &&
        !path.join(enclosure.root, link).startsWith(`${real}${path.sep}`)
      )
        this.look(link, study, depth + 1);
    } catch (error) {
      if (!(error instanceof FileProblem)) return; // Gone just now.
      this.refused.push({ place: this.placeOf(link), reason: error.reason });
    }
  }

  private placeOf(relative: string): Place {
    return { id: idOf(this.served, relative), relative, enclosure: this.served.enclosure };
  }
}

function entriesOf(folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return []; // Missing, or not to be read: it holds nothing that could be listed.
  }
}

import type { FileListing } from '../../../core/file-listing';
import { difference } from '../../../run/directory/file-check';
import type { Manifest } from '../../../run/directory/manifest';
import { FileProblem } from '../files/enclosure';
import { stampOf } from '../files/stamp';
import { fileOf, type Place } from './run-place';

/** Larger files are looked at by their length alone. */
const mostHashed = 4 * 1024 * 1024;
const mostNamed = 100;

/**
 * Files of a run that are not as it wrote them, each in a sentence. Files of up to 4 MiB are compared with their checksums, larger ones and those that grow by
 * their lengths: `metaplast resume` looks at all of every file.
 */
export class Damages {
  /** By file, what was found when it was last as it is now. */
  private readonly known = new Map<string, { readonly stamp: string; readonly wrong: string | null }>();

  of(place: Place, manifest: Manifest): string[] {
    const names = new Set([...Object.keys(manifest.files), ...Object.keys(manifest.writing)]);
    const found: string[] = [];
    for (const file of [...names].sort()) {
      const wrong = this.whatIsWrong(place, file, manifest);
      if (wrong !== null) found.push(`${file} ${wrong}`);
    }
    const more = found.length - mostNamed;
    return more > 0
      ? [...found.slice(0, mostNamed), `${more} more files are not as they were written`]
      : found;
  }

  private whatIsWrong(place: Place, file: string, { files, writing, state }: Manifest): string | null {
    const listings = [files, writing].flatMap((all) => (Object.hasOwn(all, file) ? [all[file]!] : []));
    const goesOn = state === 'running';
    // What is being written may not be there yet.
    if (goesOn && !Object.hasOwn(files, file)) return null;
    const stamp = `${stampOf(place.enclosure, fileOf(place, file)).text} ${goesOn} ${JSON.stringify(listings)}`;
    const key = fileOf(place, file);
    const known = this.known.get(key);
    if (known?.stamp === stamp) return known.wrong;
    const reasons = listings.map((listing) => compare(place, file, listing, goesOn));
    const wrong = reasons.includes(null) ? null : (reasons[0] ?? null);
    this.known.set(key, { stamp, wrong });
    if (this.known.size > 20_000) this.known.clear();
    return wrong;
  }
}

function compare(place: Place, file: string, listing: FileListing, goesOn: boolean): string | null {
  try {
    return place.enclosure.using(fileOf(place, file), ({ stats }) => {
      const { bytes, grows = false } = listing;
      const isLonger = stats.size > bytes && !(grows && goesOn);
      if (stats.size < bytes || isLonger) return `has ${stats.size} bytes instead of ${bytes}`;
      if (grows || bytes > mostHashed) return null;
      return difference(place.enclosure.real(fileOf(place, file)), listing);
    });
  } catch (error) {
    if (error instanceof FileProblem) return error.reason;
    throw error;
  }
}

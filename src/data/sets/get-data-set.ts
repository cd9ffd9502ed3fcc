import fs from 'node:fs';
import path from 'node:path';
import { MetaplastError } from '../../core/errors';
import { writeFailure } from '../../core/file-failures';
import { checkNotInterrupted } from '../../core/interruption';
import { makeFolder } from '../../core/make-folder';
import type { DataSet, Download } from './data-set';
import { type DownloadOptions, downloadFile, install, lengthOf, partOf } from './download';
import { sumsOf, verifyFile } from './verify';

/** What getting a data set tells on its way. */
export interface GetOptions extends Omit<DownloadOptions, 'onProgress'> {
  /** `done` of `total` bytes; those that were there from the start are in both. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Gets what a folder lacks of a data set: files that are whole there stay as they are.
 * @returns the names of what was fetched.
 * @throws Interruption, or MetaplastError where it cannot be fetched, unpacked or written.
 */
export async function getDataSet(set: DataSet, folder: string, options: GetOptions = {}): Promise<string[]> {
  makeFolder(folder);
  const lacking = await lackingFiles(set, folder, options.signal);
  const downloads = set.downloads.filter(({ brings }) => brings.some((name) => lacking.has(name)));
  const total = downloads.reduce((sum, { bytes }) => sum + bytes, 0);
  let before = 0;
  for (const download of downloads) {
    const target = path.join(folder, download.name);
    const onProgress = (bytes: number): void => options.onProgress?.(before + bytes, total);
    onProgress(lengthOf(partOf(target)));
    if (!(await isThere(target, download, options.signal)))
      await downloadFile(
        { ...download, url: `${set.address}${download.name}`, target },
        { ...options, onProgress },
      );
    if (download.isArchive) await unpackArchive(set, folder, download, lacking, options);
    setAside(folder, download, lacking, options);
    before += download.bytes;
  }
  return downloads.map(({ name }) => name);
}

/** Files that are missing or damaged, with where the damaged ones are. */
async function lackingFiles(
  set: DataSet,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<Map<string, string | null>> {
  const lacking = new Map<string, string | null>();
  for (const file of set.files) {
    const verified = await verifyFile(folder, file, signal);
    if (verified.state !== 'whole') lacking.set(file.name, verified.path);
  }
  return lacking;
}

/** Whether an archive is there from an earlier call that was interrupted while it was unpacked. */
async function isThere(
  target: string,
  { bytes, md5 }: Download,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (fs.statSync(target, { throwIfNoEntry: false })?.size !== bytes) return false;
  return (await sumsOf(target, signal)).md5 === md5;
}

/** Unpacks what is lacking beside the other files, compares it with its checksums, gives it its names, and removes the archive. */
async function unpackArchive(
  set: DataSet,
  folder: string,
  { name }: Download,
  lacking: ReadonlyMap<string, string | null>,
  { signal, say }: GetOptions,
): Promise<void> {
  // Loaded here, not above: it is for one data set alone.
  const { extract } = await import('tar');
  const archive = path.join(folder, name);
  const aside = path.join(folder, '.unpacked.part');
  say?.(`unpacking ${name}`);
  fs.rmSync(aside, { recursive: true, force: true });
  makeFolder(aside);
  try {
    const isWanted = (file: string): boolean => lacking.has(path.posix.basename(file));
    await extract({ file: archive, cwd: aside, strip: 1, filter: isWanted, strict: true });
  } catch (error) {
    throw writeFailure(aside, error);
  }
  for (const file of set.files.filter((each) => lacking.has(each.name))) {
    checkNotInterrupted(signal);
    const { state, why } = await verifyFile(aside, file, signal);
    if (state !== 'whole')
      throw new MetaplastError({ what: `"${archive}" has no whole ${file.name}: ${why}` });
    install(path.join(aside, file.name), path.join(folder, file.name));
  }
  fs.rmSync(aside, { recursive: true });
  fs.rmSync(archive);
}

/** A damaged file that would be read in place of the one that has come, since its name is another, gets out of the way. */
function setAside(
  folder: string,
  { name, brings, isArchive }: Download,
  lacking: ReadonlyMap<string, string | null>,
  { say }: GetOptions,
): void {
  for (const file of brings) {
    const damaged = lacking.get(file) ?? null;
    const target = path.join(folder, isArchive ? file : name);
    if (damaged === null || damaged === target) continue;
    fs.renameSync(damaged, `${damaged}.damaged`);
    say?.(`the damaged "${damaged}" is now called "${path.basename(damaged)}.damaged"`);
  }
}

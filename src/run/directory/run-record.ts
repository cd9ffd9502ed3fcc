import path from 'node:path';
import { writeDurably } from '../../core/durable-file';
import { type FileListing, listingOf } from '../../core/file-listing';
import type { GrowingFile } from '../../core/growing-file';
import { makeFolder } from '../../core/make-folder';
import { directoryFormat, formatManifest, type Manifest, type RunState } from './manifest';
import { manifestName } from './run-files';

type Content = string | Uint8Array;
type Listings = Readonly<Record<string, FileListing>>;

/**
 * A run directory to be written, by the holder of its lock. Every file is announced in the manifest before it is written, so that at any
 * moment, a kill or a power cut included, each holds what the manifest says.
 */
export class RunRecord {
  private readonly files: Map<string, FileListing>;
  /** What is written next; one that the disk refused stays, for it may hold the one or the other. */
  private readonly writing: Map<string, FileListing>;
  private readonly growing = new Map<string, GrowingFile>();
  private state: RunState;

  /** @param manifest What the directory holds; nothing is written yet. */
  constructor(
    private readonly directory: string,
    private readonly manifest: Pick<Manifest, 'command' | 'settings' | 'files' | 'state'> & Partial<Manifest>,
  ) {
    this.files = new Map(Object.entries(manifest.files));
    this.writing = new Map(Object.entries(manifest.writing ?? {}));
    this.state = manifest.state;
  }

  /**
   * Writes files by their paths from the run directory on, each whole or not at all.
   * @throws MetaplastError where the disk refuses it.
   */
  write(contents: Readonly<Record<string, Content>>): void {
    this.announce(contents);
    this.put(contents);
  }

  /** Lists a file that grows, as far as it is safe on the disk each time. */
  follow(file: string, growing: GrowingFile): void {
    this.growing.set(file, growing);
  }

  /** Takes files off the list. */
  forget(files: Iterable<string>): void {
    for (const file of files) this.files.delete(file);
  }

  /** Puts files that are on the disk already on the list. */
  list(listings: Listings): void {
    for (const [file, listing] of Object.entries(listings)) this.files.set(file, listing);
  }

  /** Writes the manifest. */
  commit(state: RunState): void {
    for (const [file, growing] of this.growing)
      if (growing.synced !== null) this.files.set(file, growing.synced);
    const { command, settings } = this.manifest;
    const [files, writing] = [Object.fromEntries(this.files), Object.fromEntries(this.writing)];
    const text = formatManifest({ format: directoryFormat, state, command, settings, files, writing });
    writeDurably(path.join(this.directory, manifestName), text);
    this.state = state;
  }

  /**
   * Lists the checkpoints that stay, with what the growing files held then, and writes what belongs to them.
   * @param stay By name.
   */
  checkpoint(stay: Listings, contents: Readonly<Record<string, Content>>): void {
    this.forget([...this.files.keys()].filter((file) => file.startsWith(checkpoints)));
    for (const [name, listing] of Object.entries(stay)) this.files.set(`${checkpoints}${name}`, listing);
    this.announce(contents);
    this.put(contents);
  }

  private announce(contents: Readonly<Record<string, Content>>): void {
    for (const [file, data] of Object.entries(contents)) this.writing.set(file, listingOf(data));
    this.commit(this.state);
  }

  private put(contents: Readonly<Record<string, Content>>): void {
    for (const [file, data] of Object.entries(contents)) {
      const target = path.join(this.directory, file);
      makeFolder(path.dirname(target));
      writeDurably(target, data);
      this.files.set(file, this.writing.get(file) ?? listingOf(data));
      this.writing.delete(file);
    }
  }
}

const checkpoints = 'checkpoints/';

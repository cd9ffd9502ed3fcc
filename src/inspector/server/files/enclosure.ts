import fs from 'node:fs';
import path from 'node:path';
import { codeOf } from '../../../core/file-failures';

/** Why a file is not read, as the rest of a sentence that begins with its name. */
export class FileProblem extends Error {
  constructor(
    readonly file: string,
    readonly reason: string,
  ) {
    super(`${file} ${reason}`);
  }
}

/** A file that was opened to be read. */
export interface OpenedFile {
  readonly descriptor: number;
  readonly stats: fs.Stats;
}

/**
 * A folder outside of which nothing is read: not by `..`, not by an absolute path, not by a link, wherever it stands in a path. Files are plain
 * files: a pipe or a device is refused, and never waited for.
 */
export class Enclosure {
  private readonly prefix: string;

  /** @param root The folder's real path. */
  constructor(readonly root: string) {
    this.prefix = root.endsWith(path.sep) ? root : `${root}${path.sep}`;
  }

  /**
   * The real path of what lies there.
   * @param relative From the folder on.
   * @throws FileProblem where there is nothing, or it lies outside.
   */
  real(relative: string): string {
    const lexical = this.lexical(relative);
    let real: string;
    try {
      real = fs.realpathSync.native(lexical);
    } catch (error) {
      const code = codeOf(error);
      if (code === 'ENOENT' || code === 'ENOTDIR')
        throw new FileProblem(relative, isLink(lexical) ? 'is a link to nothing' : 'is missing');
      if (code === 'ELOOP') throw new FileProblem(relative, 'is a link that leads back to itself');
      throw new FileProblem(relative, `cannot be read (${code})`);
    }
    if (this.holds(real)) return real;
    throw new FileProblem(relative, 'is a link that leads out of the served folder');
  }

  /**
   * Opens a file; whoever asks closes it.
   * @throws FileProblem where it is no file in the folder, or may not be read.
   */
  open(relative: string): OpenedFile {
    const real = this.real(relative);
    const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = fs.constants;
    let descriptor: number;
    try {
      descriptor = fs.openSync(real, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
    } catch (error) {
      const code = codeOf(error);
      if (code === 'ENXIO') throw new FileProblem(relative, 'is no file'); // A socket.
      throw new FileProblem(relative, code === 'ENOENT' ? 'is missing' : `cannot be read (${code})`);
    }
    const stats = fs.fstatSync(descriptor);
    if (stats.isFile()) return { descriptor, stats };
    fs.closeSync(descriptor);
    throw new FileProblem(relative, stats.isDirectory() ? 'is a folder' : 'is no file');
  }

  /** Opens a file, and closes it whatever happens. */
  using<Result>(relative: string, read: (file: OpenedFile) => Result): Result {
    const file = this.open(relative);
    try {
      return read(file);
    } catch (error) {
      if (codeOf(error) === '') throw error;
      throw new FileProblem(relative, `cannot be read (${codeOf(error)})`); // The disk failed.
    } finally {
      fs.closeSync(file.descriptor);
    }
  }

  /**
   * What a file holds.
   * @param most Bytes: a larger one is refused, however far it has grown since.
   */
  read(relative: string, most: number): Buffer {
    return this.using(relative, ({ descriptor, stats }) => {
      if (stats.size > most) throw new FileProblem(relative, `is larger than ${most} bytes`);
      return readPart(descriptor, 0, stats.size);
    });
  }

  /** The last bytes of a file. */
  readEnd(relative: string, most: number): Buffer {
    return this.using(relative, ({ descriptor, stats }) =>
      readPart(descriptor, Math.max(0, stats.size - most), stats.size),
    );
  }

  private lexical(relative: string): string {
    if (relative.includes('\0')) throw new FileProblem(relative, 'is no path');
    const whole = path.resolve(this.root, relative);
    if (!path.isAbsolute(relative) && this.holds(whole)) return whole;
    throw new FileProblem(relative, 'lies outside of the served folder');
  }

  private holds(whole: string): boolean {
    return whole === this.root || whole.startsWith(this.prefix);
  }
}

/** Bytes of an open file; fewer where it ends before. */
export function readPart(descriptor: number, from: number, to: number): Buffer {
  const part = Buffer.allocUnsafe(Math.max(0, to - from));
  for (let done = 0; done < part.length; ) {
    const read = fs.readSync(descriptor, part, done, part.length - done, from + done);
    if (read === 0) return part.subarray(0, done);
    done += read;
  }
  return part;
}

function isLink(at: string): boolean {
  try {
    return fs.lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  } catch {
    return false;
  }
}

/** Length and MD5 checksum of a file. */
export interface Sums {
  readonly bytes: number;
  /** In hexadecimal; null where none is published, so that the length alone can be checked. */
  readonly md5: string | null;
}

/** A file of a data set, which may be there as it is or packed by gzip (its name then ends in `.gz`). */
export interface DataSetFile {
  readonly name: string;
  /** Of the file itself, not packed. Either of several where it is around in several forms of the same content. */
  readonly sums: readonly Sums[];
  /** Of the file as it is published, packed; others may have packed it anew. */
  readonly packed?: Sums;
  /** False where the set can be used without it: that it is missing is then no damage. */
  readonly needed: boolean;
}

/** What is fetched from the set's address. */
export interface Download {
  /** Its name there, and in the data set's folder. */
  readonly name: string;
  readonly bytes: number;
  readonly md5: string;
  /** The files that come with it: one file, packed or not, or those in an archive. */
  readonly brings: readonly string[];
  /** Whether it is a tar archive that is to be unpacked. */
  readonly isArchive?: boolean;
}

/** A public data set: what it consists of, where it is from, and on what terms. */
export interface DataSet {
  /** The name of its folder. */
  readonly name: string;
  readonly title: string;
  readonly files: readonly DataSetFile[];
  readonly downloads: readonly Download[];
  /** Downloads are found at this address, followed by their name. Ends in a slash. */
  readonly address: string;
  /** In a few words. */
  readonly licence: string;
  /** Who made it, and in which publication. */
  readonly source: string;
  /** Folders in its own in which its files may be as well, as its archive unpacks. */
  readonly alsoIn?: readonly string[];
}

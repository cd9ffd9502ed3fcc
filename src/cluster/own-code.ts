import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '../core/checksum';
import { packageFile, packageFolder } from '../run/directory/environment';

/** What a program learns by: whoever learns for another must have the same. */
export interface OwnCode {
  /** Of metaplast. */
  readonly version: string;
  /** The checksum of all that is compiled of it. */
  readonly code: string;
}

let found: OwnCode | undefined;

/** Of this program, whose workers run what is compiled. */
export function ownCode(): OwnCode {
  found ??= {
    version: packageFile().version,
    code: sha256(checksums(path.join(packageFolder(), 'dist')).join('\n')),
  };
  return found;
}

function checksums(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => /\.(js|json|wasm)$/.test(file))
    .map((file) => file.split(path.sep).join('/'))
    .sort()
    .map((file) => `${file} ${sha256(readFileSync(path.join(folder, file)))}`);
}

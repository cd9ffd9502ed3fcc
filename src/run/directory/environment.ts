import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { dirname, join } from 'node:path';
import type { Engine, EngineProbe } from '../../engine/engine';
import type { ExecutorReport } from '../../synapse/rule-executor';
import type { EngineChoice } from '../execution-lines';

/** What a process ran on. Holds nothing that changes between two runs on one machine. */
export interface Environment {
  readonly metaplast: string;
  /** What the package was checked out at, and which state of its code that is; null outside of a git checkout. */
  readonly commit: string | null;
  readonly code: string | null;
  readonly node: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly engine: { readonly name: string } & EngineProbe & EngineChoice;
  readonly rules: ExecutorReport;
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
}

/** The environment of this process. */
export async function environment(
  engine: Engine,
  choice: EngineChoice,
  rules: ExecutorReport,
): Promise<Environment> {
  const { version, dependencies } = packageFile();
  const [commit, code] = checkout();
  const { remark: _, ...probe } = { remark: null, ...(await engine.probe()) };
  return {
    metaplast: version,
    commit,
    code,
    node: process.version,
    dependencies,
    engine: { name: engine.name, ...probe, ...choice },
    rules,
    platform: `${os.platform()} ${os.arch()}`,
    cpu: os.cpus()[0]?.model ?? 'unknown',
    cores: os.cpus().length,
  };
}

let packageFound: string | null = null;

/** The folder of the package: where its package.json lies. */
export function packageFolder(): string {
  packageFound ??= findPackage();
  return packageFound;
}

function findPackage(): string {
  let folder = __dirname;
  for (;;) {
    try {
      const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      if (name === 'metaplast') return folder;
    } catch {
      // No package.json here: look one folder up.
    }
    if (folder === dirname(folder)) throw new Error('metaplast is not inside its own package');
    folder = dirname(folder);
  }
}

export function packageFile(): { name: string; version: string; dependencies: Record<string, string> } {
  return JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8'));
}

/** What git said, which is asked once a process, since it is a process of its own. */
let checkedOut: readonly [commit: string | null, code: string | null] | undefined;

/** The commit that the package was checked out at, and the tree of its `src`; null outside a git checkout. */
function checkout() {
  checkedOut ??= askGit();
  return checkedOut;
}

function askGit(): readonly [commit: string | null, code: string | null] {
  try {
    const asked = ['rev-parse', 'HEAD', 'HEAD:./src'];
    const said = execFileSync('git', asked, { cwd: packageFolder(), stdio: 'pipe' });
    const [commit = null, code = null] = said.toString().trim().split('\n');
    return [commit, code];
  } catch {
    return [null, null];
  }
}

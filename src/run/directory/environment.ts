import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { dirname, join } from 'node:path';
import type { Engine } from '../../engine/engine';
import type { ExecutorReport } from '../../synapse/rule-executor';
import type { EngineChoice } from '../execution-lines';

/** What a run ran on: becomes `env.json`. Holds nothing that changes between two runs on one machine. */
export async function environment(
  engine: Engine,
  choice: EngineChoice,
  rules: ExecutorReport,
): Promise<Record<string, unknown>> {
  const { name, version, dependencies } = packageFile();
  return {
    [name]: version,
    commit: commit(),
    node: process.version,
    dependencies,
    engine: { name: engine.name, ...(await engine.probe()), ...choice },
    rules,
    platform: `${os.platform()} ${os.arch()}`,
    cpu: os.cpus()[0]?.model ?? 'unknown',
    cores: os.cpus().length,
  };
}

/** The folder of the package: where its package.json lies. */
export function packageFolder(): string {
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
let checkedOut: string | null | undefined;

/** The commit that the package was checked out at; null outside a git checkout. */
function commit(): string | null {
  if (checkedOut === undefined) checkedOut = askGit();
  return checkedOut;
}

function askGit(): string | null {
  try {
    const head = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: packageFolder(), stdio: 'pipe' });
    return head.toString().trim();
  } catch {
    return null;
  }
}

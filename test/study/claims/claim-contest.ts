import fs from 'node:fs';
import path from 'node:path';
import { repository, startProcess } from '../../cli/command';

/** What a process of the contest does: of each trial, in an order of its own, it tries to take every attempt, one after the other. */
const contestant = `
const fs = require('node:fs');
const { Claims } = require(${JSON.stringify(path.join(repository, 'dist/src/study/claims/claims.js'))});
const [folder, mine, trials, attempts, seed] = process.argv.slice(1);
const claims = new Claims(folder, mine);
let state = Number(seed);
const random = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
const order = Array.from({ length: Number(trials) }, (_, i) => i + 1);
for (let i = order.length - 1; i > 0; i--) { const j = Math.floor(random() * (i + 1)); [order[i], order[j]] = [order[j], order[i]]; }
fs.writeFileSync(mine + '.ready', '');
while (!fs.existsSync(folder + '/../go')) {}
const won = [];
for (let attempt = 1; attempt <= Number(attempts); attempt++)
  for (const trial of order) if (claims.take(trial, attempt) !== null) won.push(trial + '.' + attempt);
fs.writeFileSync(mine, won.join('\\n') + '\\n');
`;

/** How a contest for claims ended. */
export interface Contest {
  /** Claims that each process believes to have won. */
  readonly won: readonly (readonly string[])[];
  /** Won by two, or more. */
  readonly double: number;
}

/** Lets so many processes, started at once, contend for every attempt of so many trials. */
export async function contest(
  folder: string,
  { processes, trials, attempts }: { processes: number; trials: number; attempts: number },
): Promise<Contest> {
  const claims = path.join(folder, 'claims');
  fs.mkdirSync(claims, { recursive: true });
  const files = Array.from({ length: processes }, (_, i) => path.join(folder, `won-${i}`));
  const running = files.map((file, i) =>
    startProcess(['-e', contestant, claims, file, ...[trials, attempts, i + 1].map(String)]),
  );
  const isReady = () => files.every((file) => fs.existsSync(`${file}.ready`));
  while (!isReady() && running.every(({ child }) => child.exitCode === null))
    await new Promise((resolve) => setTimeout(resolve, 5));
  fs.writeFileSync(path.join(folder, 'go'), '');
  for (const { ended } of running) {
    const { status, err } = await ended;
    if (status !== 0) throw new Error(err);
  }
  const won = files.map((file) =>
    fs
      .readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== ''),
  );
  const all = won.flat();
  return { won, double: all.length - new Set(all).size };
}

import { mostParts } from '../passes/parts';

/** Places in the memory by which the threads of a team talk: 32-bit numbers. */
const [generation, unfinished, failed, ended, given, firstProgram] = [0, 1, 2, 3, 4, 5];

/** How often a thread looks for what it waits for before it sleeps, some 75 microseconds: a thread takes as long to wake, and stages of small steps are no longer. */
const looks = 5000;

/** Runs the program of a number. */
type Run = (program: number) => void;

/** Threads that share out the programs of one piece of work: program i is run by member i modulo their number. */
export interface TeamSetting {
  readonly control: SharedArrayBuffer;
  /** How many, the leader counted. */
  readonly threads: number;
}

export function newTeam(threads: number): TeamSetting {
  return { control: new SharedArrayBuffer(4 * (firstProgram + mostParts)), threads };
}

/** The leader's side, in whichever thread it works: gives out work, does its own share, waits for the others. */
export class TeamLeader {
  private readonly control: Int32Array;

  constructor(private readonly team: TeamSetting) {
    this.control = new Int32Array(team.control);
  }

  /** @returns whether all went well with the helpers. */
  work(programs: readonly number[], run: Run): boolean {
    const { control } = this;
    control[given] = programs.length;
    for (let i = 0; i < programs.length; i++) control[firstProgram + i] = programs[i]!;
    Atomics.store(control, unfinished, this.team.threads - 1);
    Atomics.add(control, generation, 1);
    Atomics.notify(control, generation);
    share(control, 0, this.team.threads, run);
    for (let i = 0; i < looks && Atomics.load(control, unfinished) > 0; i++);
    let left = Atomics.load(control, unfinished);
    while (left > 0 && Atomics.load(control, failed) === 0) {
      Atomics.wait(control, unfinished, left);
      left = Atomics.load(control, unfinished);
    }
    return Atomics.load(control, failed) === 0;
  }
}

/** A helper's side: waits for work and does its share, until the team ends. */
export function follow(team: TeamSetting, member: number, run: Run): void {
  const control = new Int32Array(team.control);
  for (let seen = 0; ; seen++) {
    for (let i = 0; i < looks && Atomics.load(control, generation) === seen; i++);
    while (Atomics.load(control, generation) === seen) Atomics.wait(control, generation, seen);
    if (Atomics.load(control, ended) === 1) return;
    try {
      share(control, member, team.threads, run);
    } catch {
      Atomics.store(control, failed, 1);
    }
    if (Atomics.sub(control, unfinished, 1) === 1) Atomics.notify(control, unfinished);
  }
}

/** Lets the helpers of a team go, also those that have not begun to follow; between two pieces of work. */
export function endTeam(team: TeamSetting): void {
  const control = new Int32Array(team.control);
  Atomics.store(control, ended, 1);
  Atomics.add(control, generation, 1);
  Atomics.notify(control, generation);
}

/** A helper is no more: its leader waits for none from now on, and hears that it has failed. */
export function loseHelper(team: TeamSetting): void {
  const control = new Int32Array(team.control);
  Atomics.store(control, failed, 1);
  Atomics.store(control, unfinished, 0);
  Atomics.notify(control, unfinished);
}

function share(control: Int32Array, member: number, threads: number, run: Run): void {
  for (let i = member; i < control[given]!; i += threads) run(control[firstProgram + i]!);
}

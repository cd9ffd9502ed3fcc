/** A server by which a run and its workers talk: values by key, and queues of jobs. All keys are under one name. */
export interface Exchange {
  /** The server's address without secrets. */
  readonly shown: string;
  readonly store: Store;
  /** Whether some jobs end that those who watch never hear of: then answers are looked for as well. */
  readonly missesEvents: boolean;
  /** Seconds by which this machine's clock is ahead of those by which locks are judged, where it matters; else 0. */
  clockSkew(): Promise<number>;
  queue(name: string): Promise<JobQueue>;
  /** Removes a queue with all that it holds, whoever made it. */
  removeQueue(name: string): Promise<void>;
  /** Reports each job of a queue that ends from now on. */
  watch(name: string, ended: (job: EndedJob) => void): Promise<Closable>;
  /** Takes jobs of a queue and does them, several at a time. What `work` returns comes to those who watch. */
  work(
    name: string,
    work: (key: string, data: unknown) => Promise<string>,
    options: WorkOptions,
  ): Promise<Closable>;
  close(): Promise<void>;
}

export interface Closable {
  /** Returns when nothing is under way any more. */
  close(): Promise<void>;
}

/** Bytes by key, each for so many seconds by the server's clock. Waits where the server cannot be reached for a time. */
export interface Store {
  put(key: string, bytes: Uint8Array, seconds: number): Promise<void>;
  get(keys: readonly string[]): Promise<(Buffer | null)[]>;
  remove(keys: readonly string[]): Promise<void>;
  /** The same as `put`, and `announced` finds it. */
  announce(key: string, bytes: Uint8Array, seconds: number): Promise<void>;
  /** What is announced by now under keys that begin like this. */
  announced(beginning: string): Promise<ReadonlyMap<string, Buffer>>;
}

/** Jobs that wait. */
export interface JobQueue extends Closable {
  /** Adds a job; where one of this key is there, nothing. */
  add(key: string, data: object): Promise<void>;
  /** Of those keys, the jobs that wait, or that somebody works on. */
  has(keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** Removes the jobs that nobody works on. */
  drain(): Promise<void>;
}

export interface EndedJob {
  readonly key: string;
  /** What `work` has returned; null where it failed, with why. */
  readonly returned: string | null;
  readonly failure?: string;
}

export interface WorkOptions {
  /** Jobs at the same time. */
  readonly atOnce: number;
  /** Seconds for which a job is a worker's, renewed while it works; where it is not renewed, the job goes to another one. */
  readonly lock: number;
}

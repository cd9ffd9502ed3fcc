import type { RunEvent, RunsEvent } from '../../../src/inspector/protocol/live';

/** What came as server-sent events. */
export interface Heard {
  readonly runs: RunsEvent[];
  readonly run: RunEvent[];
  /** The id of the last event that had one. */
  id: string;
}

/** Who listens to a server's events. */
export interface Listening {
  readonly heard: Heard;
  /** Returns once something is so of what was heard. */
  until(isSo: (heard: Heard) => boolean): Promise<void>;
  stop(): void;
}

/** Listens as a browser does, of which the platform has no copy in Node 20. */
export async function listen(address: string, headers: Record<string, string> = {}): Promise<Listening> {
  const controller = new AbortController();
  const response = await fetch(address, { signal: controller.signal, headers });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  const heard: Heard = { runs: [], run: [], id: '' };
  let news = (): void => {};
  const read = async () => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const part of response.body! as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(part, { stream: true });
      const events = text.split('\n\n');
      text = events.pop()!;
      for (const event of events) take(heard, event);
      news();
    }
  };
  read().catch(() => {});
  return {
    heard,
    until: (isSo) =>
      new Promise((resolve) => {
        news = () => {
          if (isSo(heard)) resolve();
        };
        news();
      }),
    stop: () => controller.abort(),
  };
}

function take(heard: Heard, event: string): void {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(event)?.[1];
  const [kind, data] = [field('event'), field('data')];
  heard.id = field('id') ?? heard.id;
  if (kind === 'runs') heard.runs.push(JSON.parse(data!));
  if (kind === 'run') heard.run.push(JSON.parse(data!));
}

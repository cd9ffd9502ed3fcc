import type { Problem } from '../../protocol/live';
import { ProblemError } from './problem';

type Value = string | number | readonly (string | number)[] | null | undefined;

/** An address of the server: a list gives its name once for each entry; null and undefined are left out. */
export function addressOf(path: string, query: Readonly<Record<string, Value>> = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined) continue;
    for (const each of typeof value === 'object' ? value : [value]) search.append(name, String(each));
  }
  const words = search.toString();
  return words === '' ? `api/${path}` : `api/${path}?${words}`;
}

/** @throws ProblemError in the server's words, where it does not meet the request */
export async function ask(address: string, signal?: AbortSignal): Promise<Response> {
  const response = await fetch(address, { signal: signal ?? null });
  if (response.ok) return response;
  throw new ProblemError(await problemIn(response));
}

export const askJson = async <T>(address: string, signal?: AbortSignal): Promise<T> =>
  (await ask(address, signal)).json() as Promise<T>;

async function problemIn(response: Response): Promise<Problem> {
  try {
    const said: unknown = await response.json();
    if (typeof said === 'object' && said !== null && 'what' in said) return said as Problem;
  } catch {
    // Said below: it is no answer of this server's.
  }
  return {
    what: `The server answered ${response.status} ${response.statusText}`.trim(),
    got: response.url,
    advice: 'Load the page again; if that does not help, start `metaplast inspect` again.',
  };
}

import type { TraceEntry, TraceIndex } from '../../../trace/recorder';
import { readAccount } from '../../account/read-account';
import type { Account } from '../../protocol/traces';
import { type Place, systemPath } from '../catalog/run-place';
import { FileProblem } from '../files/enclosure';
import { notFound } from '../request-problem';
import { withTrace } from './open-trace';

/**
 * What the rule saw and did to one synapse at one meta-update.
 * @throws RequestProblem where it was not recorded
 */
export async function accountOf(
  place: Place,
  entries: ReadonlyMap<string, TraceEntry>,
  trace: string,
  row: number,
  column: number,
): Promise<Account> {
  if (entries.get(trace)?.account === undefined) {
    const names = [...entries].filter(([, { account }]) => account !== undefined).map(([name]) => name);
    throw notFound({
      what: 'What the rule saw was not recorded in this trace',
      got: trace.slice(0, 200),
      legal: names.join(', ') || 'none of this run: no trace of it has an account',
      advice: "Record one by a probe: { at: 'meta-update', account: true }",
    });
  }
  return readAccount(systemPath(place, 'traces'), await readable(place, entries), trace, row, column);
}

/** The traces whose files lie in the served folder and are files: an account looks for the ends of phases in any of them. */
async function readable(place: Place, entries: ReadonlyMap<string, TraceEntry>): Promise<TraceIndex> {
  const index: Record<string, TraceEntry> = {};
  for (const [name, entry] of entries) {
    try {
      await withTrace(place, name, entry, () => {
        index[name] = entry;
      });
    } catch (error) {
      if (!(error instanceof FileProblem)) throw error;
    }
  }
  return index;
}

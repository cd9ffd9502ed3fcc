import type { RunDetails, RunRow, TraceInfo } from '../../protocol/runs';
import { FileProblem } from '../files/enclosure';
import type { Inspector } from '../inspector';
import { blocksOf } from '../traces/blocks';
import { withTrace } from '../traces/open-trace';
import { type Cells, settingCells } from './cells';
import { isWritten, readJson, readManifest } from './read-manifest';
import { fileOf, type Place } from './run-place';
import { trustIn } from './trust-info';

const mostReport = 4 * 1024 * 1024;
const mostFacts = 300;

/** All of one run. What cannot be read is left out, and among the damages. */
export async function runDetails(inspector: Inspector, row: RunRow, place: Place): Promise<RunDetails> {
  const { manifest } = readManifest(place);
  const has = (file: string) => manifest !== null && isWritten(file, manifest);
  const unread: string[] = [];
  const optional = <T>(file: string, read: () => T): T | null => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof FileProblem)) throw error;
      if (error.reason !== 'is missing') unread.push(`${file} ${error.reason}`);
      return null;
    }
  };
  const summary = has('summary.json')
    ? optional('summary.json', () => readJson(place, 'summary.json', manifest))
    : null;
  const report = has('report.txt')
    ? optional('report.txt', () =>
        place.enclosure.read(fileOf(place, 'report.txt'), mostReport).toString('utf8'),
      )
    : null;
  const environment = optional('env.json', () => readJson(place, 'env.json', null));
  const [traces, problems] = await tracesOf(inspector, place);
  const metrics = await inspector.metrics.read(place);
  const damages = manifest === null ? [] : inspector.damages.of(place, manifest);
  // A file that is not as it was written is named once.
  const unnamed = unread.filter((line) => !damages.some((damage) => sameFile(damage, line)));
  return {
    row,
    environment: environment === null ? {} : facts(environment),
    summary,
    report,
    figures: manifest === null ? [] : inspector.figures.of(place, manifest),
    traces,
    settling: inspector.indexes.read(place).settling,
    metrics: metrics.names,
    trust: trustIn(summary),
    damages: [...damages, ...unnamed, ...metrics.problems, ...problems],
  };
}

const facts = ({ fromStep: _, ...environment }: Readonly<Record<string, unknown>>): Cells =>
  settingCells(environment, mostFacts);

async function tracesOf(inspector: Inspector, place: Place): Promise<[TraceInfo[], string[]]> {
  const { entries, problems } = inspector.indexes.read(place);
  const traces: TraceInfo[] = [];
  const wrong = [...problems];
  for (const [name, entry] of entries) {
    try {
      await withTrace(place, name, entry, ({ rows, variables: _, synapses }) => {
        const { variables, at, every } = entry;
        const blocks = blocksOf(entry.synapses);
        traces.push({
          name,
          source: entry.source ?? null,
          rows,
          variables,
          hasAccount: entry.account !== undefined,
          at,
          every,
          synapses,
          blocks,
        });
      });
    } catch (error) {
      if (!(error instanceof FileProblem)) throw error;
      wrong.push(`trace "${name}": ${error.message}`);
    }
  }
  return [traces, wrong];
}

const sameFile = (a: string, b: string): boolean => a.split(' ')[0] === b.split(' ')[0];

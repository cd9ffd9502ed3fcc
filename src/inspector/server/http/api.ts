import { gzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { didYouMean } from '../../../core/nearest';
import type { TraceEntry } from '../../../trace/recorder';
import type { Curve, Curves, Thinning } from '../../protocol/traces';
import { figureFile, figureNames, figureTypes } from '../catalog/figures';
import { readManifest } from '../catalog/read-manifest';
import { runDetails } from '../catalog/run-details';
import { fileOf } from '../catalog/run-place';
import type { Inspector } from '../inspector';
import { eventStream } from '../live/event-stream';
import { badRequest, notFound, RequestProblem } from '../request-problem';
import { accountOf } from '../traces/account';
import { readCourses } from '../traces/course';
import { readFrame } from '../traces/frame';
import { readMoments } from '../traces/moments';
import { withTrace } from '../traces/open-trace';
import { limits, Query } from './query';

/** Bytes of a figure's file. */
const mostFigure = 64 * 1024 * 1024;

const end = { otherwise: Number.MAX_SAFE_INTEGER };

/** All that can be asked for, below `/api`. */
export function api(inspector: Inspector): Hono {
  const app = new Hono();
  // The list of many runs is the same for as long as nothing changes.
  let list: { readonly tag: string; readonly plain: string; zipped: Uint8Array<ArrayBuffer> | null } | null =
    null;

  app.get('/runs', async (context) => {
    await inspector.catalog.refresh();
    const { revision } = inspector.catalog;
    const tag = `"${inspector.catalog.nameOf(revision)}"`;
    context.header('etag', tag);
    context.header('cache-control', 'no-cache');
    if (context.req.header('if-none-match') === tag) return context.body(null, 304);
    if (list?.tag !== tag) list = { tag, plain: JSON.stringify(inspector.catalog.list()), zipped: null };
    context.header('content-type', 'application/json');
    context.header('vary', 'Accept-Encoding');
    if (!/\bgzip\b/.test(context.req.header('accept-encoding') ?? '')) return context.body(list.plain);
    context.header('content-encoding', 'gzip');
    list.zipped ??= new Uint8Array(gzipSync(list.plain, { level: 3 }));
    return context.body(list.zipped);
  });

  app.get('/run', async (context) => {
    const query = queryOf(context.req.url, ['id']);
    const { row, place } = await inspector.run(query.text('id'));
    return context.json(await runDetails(inspector, row, place));
  });

  app.get('/figure', async (context) => {
    const query = queryOf(context.req.url, ['id', 'name', 'as']);
    const { place } = await inspector.run(query.text('id'));
    const [name, as] = [query.text('name'), query.text('as')];
    const type = Object.hasOwn(figureTypes, as) ? figureTypes[as]! : null;
    if (type === null) throw badRequest('A figure has no such form', as, Object.keys(figureTypes).join(', '));
    const { manifest } = readManifest(place);
    const file = manifest === null ? null : figureFile(manifest, name, as);
    if (file === null) {
      const legal =
        manifest === null
          ? 'none: its manifest cannot be read'
          : figureNames(manifest).join(', ') || 'none: it has drawn nothing';
      throw notFound({ what: 'The run has no such figure', got: name.slice(0, 200), legal });
    }
    const content = new Uint8Array(place.enclosure.read(fileOf(place, file), mostFigure));
    context.header('content-type', type);
    return context.body(content);
  });

  app.get('/moments', async (context) => {
    const query = queryOf(context.req.url, ['id', 'trace', 'from', 'to']);
    const [from, to] = [query.whole('from', { otherwise: 0 }), query.whole('to', end)];
    return withAsked(inspector, query, (trace) => {
      const last = Math.min(to, trace.rows);
      if (last - from > limits.moments)
        throw badRequest('These are too many moments for one answer', last - from, `up to ${limits.moments}`);
      return context.json(readMoments(trace, from, to));
    });
  });

  app.get('/timeline', async (context) => {
    const query = queryOf(context.req.url, ['id', 'trace', 'from', 'to', 'most']);
    const [from, to] = [query.whole('from', { otherwise: 0 }), query.whole('to', end)];
    const most = query.whole('most', { least: 2, most: limits.points, otherwise: 2000 });
    const { signal } = context.req.raw;
    return withAsked(inspector, query, async (trace) => {
      checkRows(trace.rows);
      return context.json(await inspector.timelines.read(trace, from, to, most, signal));
    });
  });

  app.get('/course', async (context) => {
    const query = queryOf(context.req.url, ['id', 'trace', 'variables', 'columns', 'from', 'to', 'most']);
    const [from, to] = [query.whole('from', { otherwise: 0 }), query.whole('to', end)];
    const most = query.whole('most', { least: 2, most: limits.points, otherwise: 1000 });
    const names = query.words('variables', limits.columns);
    const { signal } = context.req.raw;
    return withAsked(inspector, query, async (trace) => {
      checkRows(trace.rows);
      const columns = query.wholes('columns', trace.synapses - 1, limits.columns);
      const variables = names.map((name) => variableNamed(trace.entry, name));
      checkNumbers(most * columns.length * variables.length);
      return context.json(
        await readCourses(trace, inspector.extremes, { variables, columns, from, to, most, signal }),
      );
    });
  });

  app.get('/account', async (context) => {
    const query = queryOf(context.req.url, ['id', 'trace', 'row', 'column']);
    const name = query.text('trace');
    const { place } = await inspector.trace(query.text('id'), name);
    const { entries } = inspector.indexes.read(place);
    const [row, column] = [query.whole('row', {}), query.whole('column', {})];
    return context.json(await accountOf(place, entries, name, row, column));
  });

  app.get('/frame', async (context) => {
    const query = queryOf(context.req.url, ['id', 'trace', 'variable', 'row']);
    const name = query.text('variable');
    return withAsked(inspector, query, (trace) => {
      const variable = variableNamed(trace.entry, name);
      if (trace.rows === 0) throw badRequest('The trace has no rows yet', query.text('row'), 'a later time');
      const row = query.whole('row', { most: trace.rows - 1 });
      if (trace.synapses > limits.frame)
        throw new RequestProblem(413, {
          what: 'The trace has too many columns to be sent as one frame',
          got: String(trace.synapses),
          legal: `up to ${limits.frame}`,
        });
      const { buffer } = readFrame(trace, row, variable);
      context.header('x-rows', String(trace.rows));
      context.header('content-type', 'application/octet-stream');
      return context.body(buffer as ArrayBuffer);
    });
  });

  app.get('/curves', async (context) => {
    const query = queryOf(context.req.url, ['id', 'metric', 'most', 'thin']);
    const [ids, metrics] = [query.texts('id', limits.ids), query.texts('metric', limits.metrics)];
    const most = query.whole('most', { least: 3, most: limits.points, otherwise: 1000 });
    checkNumbers(most * ids.length * metrics.length);
    const thin = query.oneOf<Thinning>('thin', ['extremes', 'even']);
    const curves: Curve[] = [];
    for (const id of ids) {
      // One that was removed meanwhile keeps nothing of the others from whoever asks.
      const found = await inspector.catalog.find(id);
      if (found !== null) curves.push(...(await inspector.metrics.curves(found.place, metrics, most, thin)));
    }
    return context.json<Curves>({ curves });
  });

  app.get('/live', async (context) => {
    if (context.req.raw.method !== 'GET')
      throw new RequestProblem(405, { what: 'Events are only sent to who listens', legal: 'GET' });
    const query = queryOf(context.req.url, ['id', 'since']);
    const since = context.req.header('last-event-id') ?? query.optional('since');
    const listener = await inspector.live.join([...new Set(query.texts('id', limits.ids))], since);
    context.header('content-type', 'text/event-stream');
    return context.body(eventStream(listener));
  });

  return app;
}

function checkNumbers(numbers: number): void {
  if (numbers <= limits.numbers) return;
  throw badRequest(
    'These are too many points for one answer',
    numbers,
    `up to ${limits.numbers}, of all together`,
  );
}

/** Of a trace that is gone through from its first row on. */
function checkRows(rows: number): void {
  if (rows <= limits.rows) return;
  throw new RequestProblem(413, {
    what: 'The trace has too many rows to be gone through',
    got: String(rows),
    legal: `up to ${limits.rows}`,
  });
}

const queryOf = (url: string, known: readonly string[]): Query => new Query(new URL(url).searchParams, known);

/** Opens the trace that `id` and `trace` name. */
async function withAsked<Result>(
  inspector: Inspector,
  query: Query,
  read: Parameters<typeof withTrace<Result>>[3],
): Promise<Result> {
  const name = query.text('trace');
  const { place, entry } = await inspector.trace(query.text('id'), name);
  return withTrace(place, name, entry, read);
}

/** @throws RequestProblem where a trace has no such variable. */
function variableNamed({ variables }: TraceEntry, name: string): number {
  const at = variables.indexOf(name);
  if (at >= 0) return at;
  const { problem } = badRequest('The trace has no such variable', name, variables.join(', '));
  throw Object.assign(badRequest(problem.what, name, problem.legal!), {
    problem: { ...problem, advice: didYouMean(name, variables) },
  });
}

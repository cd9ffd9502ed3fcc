import path from 'node:path';
import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { FileProblem } from '../files/enclosure';
import type { Inspector } from '../inspector';
import { notFound, problemOf, type RequestProblem } from '../request-problem';
import { api } from './api';
import { securityHeaders } from './headers';
import { pageFile } from './page-file';
import type { PageFiles } from './page-files';

/**
 * Answers requests that were let in.
 * @param files Of the page.
 * @param complain Is called with what the server itself failed by.
 */
export function inspectorApp(inspector: Inspector, files: PageFiles, complain: (line: string) => void): Hono {
  const app = new Hono();

  app.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(securityHeaders(context.req.path)))
      context.header(name, value);
    if (context.res.headers.get('cache-control') === null) context.header('cache-control', 'no-store');
  });
  app.use(compress());
  app.route('/api', api(inspector));

  app.get('*', (context) => {
    const { path: address } = context.req;
    if (address.startsWith('/api/'))
      throw notFound({ what: 'There is nothing to ask for by this name', got: address.slice(0, 200) });
    return pageFile(files, context);
  });

  app.onError((error, context) => {
    // Nobody waits for the answer any more.
    if (context.req.raw.signal.aborted) return context.body(null, 503);
    const known = fileProblem(error) ?? problemOf(error, inspector.shown);
    if (known !== null) return context.json(known.problem, known.status);
    complain(`a request failed by a fault of the server: ${error.stack}`);
    return context.json(
      { what: 'The server failed to answer', advice: 'What it failed by stands where it was started' },
      500,
    );
  });
  return app;
}

/** A file of a run that is not as it should be. */
function fileProblem(error: unknown): RequestProblem | null {
  if (!(error instanceof FileProblem)) return null;
  return notFound({ what: `${path.basename(error.file)} ${error.reason}` });
}

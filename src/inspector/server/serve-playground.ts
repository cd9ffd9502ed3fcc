import path from 'node:path';
import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { packageFolder } from '../../run/directory/environment';
import { securityHeaders } from './http/headers';
import { type Listening, type ListenOptions, listen } from './http/listen';
import { pageFile } from './http/page-file';
import { PageFiles } from './http/page-files';
import { problemOf } from './request-problem';

const usualPort = 4748;

/** The simulator's engine is WebAssembly, part of which is made as it goes. */
const scripts = "'wasm-unsafe-eval'";

/**
 * Serves the playground, which works in the browser alone: files, and nothing else.
 * @throws InputError where the port is taken.
 */
export function servePlayground({
  host,
  port,
  complain,
}: Omit<ListenOptions, 'usualPort'>): Promise<Listening> {
  const app = new Hono();
  const files = new PageFiles(path.join(packageFolder(), 'dist/playground'));
  app.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(securityHeaders(context.req.path, scripts)))
      context.header(name, value);
    if (context.res.headers.get('cache-control') === null) context.header('cache-control', 'no-store');
  });
  app.use(compress());
  app.get('*', (context) => pageFile(files, context));
  app.onError((error, context) => {
    const known = problemOf(error, (text) => text);
    if (known === null) throw error;
    return context.json(known.problem, known.status);
  });
  return listen(app, { host, port, usualPort, complain });
}

import type { Context } from 'hono';
import { notFound, RequestProblem } from '../request-problem';
import type { PageFiles } from './page-files';

/** Answers with a file of a built page. @throws RequestProblem where there is none. */
export function pageFile(files: PageFiles, context: Context): Response {
  const { path: address } = context.req;
  const file = files.get(address);
  if (file === null) {
    if (address !== '/') throw notFound({ what: 'There is no such file', got: address.slice(0, 200) });
    throw new RequestProblem(503, { what: 'The page was not built', advice: 'Build it: npm run build' });
  }
  context.header('etag', file.tag);
  context.header('cache-control', file.isForever ? 'public, max-age=31536000, immutable' : 'no-cache');
  // One that was sent compressed has its tag marked as weak.
  if (context.req.header('if-none-match')?.replace(/^W\//, '') === file.tag) return context.body(null, 304);
  context.header('content-type', file.type);
  return context.body(file.content);
}

import { startPostgres } from './postgres';
import { startRedis } from './redis';

/** Starts a server and never ends: for a test that kills it. */
async function leaveAlone(kind: string): Promise<void> {
  const server = await (kind === 'redis' ? startRedis() : startPostgres());
  process.stdout.write(`${JSON.stringify({ pid: server.pid, folder: server.folder })}\n`);
  setInterval(() => {}, 1000);
}

void leaveAlone(process.argv[2]!);

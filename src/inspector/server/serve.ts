import path from 'node:path';
import { packageFolder } from '../../run/directory/environment';
import { openServedFolder } from './files/served-folder';
import { inspectorApp } from './http/app';
import { type Listening, type ListenOptions, listen } from './http/listen';
import { PageFiles } from './http/page-files';
import { Inspector } from './inspector';

/** How the inspector is served. */
export interface ServeOptions extends Omit<ListenOptions, 'usualPort'> {
  readonly folder: string;
  /** Where the built page lies. Default: where the build puts it. */
  readonly page?: string;
}

/** An inspector that is served. */
export interface Served extends Listening {
  readonly inspector: Inspector;
}

const usualPort = 4747;

const builtPage = (): string => path.join(packageFolder(), 'dist/inspector/page');

/**
 * Serves a folder of runs.
 * @throws InputError where the folder is missing, or the port is taken.
 */
export async function serve({
  folder,
  host,
  port,
  complain,
  page = builtPage(),
}: ServeOptions): Promise<Served> {
  const inspector = new Inspector(openServedFolder(folder), complain);
  const app = inspectorApp(inspector, new PageFiles(page), complain);
  const { address, close } = await listen(app, { host, port, usualPort, complain });
  return {
    address,
    inspector,
    close: () => {
      inspector.close();
      return close();
    },
  };
}

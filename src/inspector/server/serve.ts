import { openServedFolder } from './files/served-folder';
import { inspectorApp } from './http/app';
import { type Listening, type ListenOptions, listen } from './http/listen';
import { Inspector } from './inspector';

/** How the inspector is served. */
export interface ServeOptions extends Pick<ListenOptions, 'host' | 'port'> {
  readonly folder: string;
  /** Is told what the server itself failed by. */
  readonly complain: (line: string) => void;
}

/** An inspector that is served. */
export interface Served extends Listening {
  readonly inspector: Inspector;
}

const usualPort = 4747;

/**
 * Serves a folder of runs.
 * @throws InputError where the folder is missing, or the port is taken.
 */
export async function serve({ folder, host, port, complain }: ServeOptions): Promise<Served> {
  const inspector = new Inspector(openServedFolder(folder), complain);
  const { address, close } = await listen(inspectorApp(inspector, complain), { host, port, usualPort });
  return {
    address,
    inspector,
    close: () => {
      inspector.close();
      return close();
    },
  };
}

import type { OwnServer } from './own-server';

/** A server that answers, and how to get in. */
export type StartedServer = OwnServer & {
  readonly password: string;
  /** With its password; the user may do everything. */
  readonly url: string;
  /** File of the authority by which the server's certificate is signed, for NODE_EXTRA_CA_CERTS; undefined where it does not encrypt. */
  readonly authority: string | undefined;
};

import { z } from 'zod';
import type { ScenarioSources } from './scenario-sources';

const checksums = z.record(z.string(), z.string());

/** What a file says a scenario, or another file of a user's own, was made of. */
export const sourcesSchema = z.strictObject({
  root: z.string().nullable(),
  entry: z.string(),
  files: checksums,
  metaplast: z.record(z.string(), checksums),
  moduleFolders: z.array(z.string()),
});

/** A file of a user's own beside the scenario: its synapse, its project's configuration. */
export interface OwnFile {
  readonly file: string;
  readonly sources: ScenarioSources;
}

/** null where there is none. */
export const ownFileSchema = z.strictObject({ file: z.string(), sources: sourcesSchema }).nullable();

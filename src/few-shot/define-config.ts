import { z } from 'zod';
import { validate } from '../core/validate';
import { configMark, type ProjectConfig } from '../run/scenario/project-config';
import { type Method, methodSchema } from './methods/method';

/** What a project adds to what metaplast has. */
export interface ConfigDescription {
  /** Methods, as `defineMethod` makes them, for scenarios over streams of tasks: in `--method`, `list`, reports and figures. */
  readonly methods?: readonly Method[];
}

const schema = z.strictObject({ methods: z.array(methodSchema).optional() });

/**
 * What `metaplast.config.ts` exports by default. Engines and meta-optimisers that the file registers (`registerEngine`,
 * `registerMetaOptimizer`) are there for every command in its folder too.
 * @throws InputError for what is no configuration.
 */
export function defineConfig(config: ConfigDescription): ProjectConfig {
  const given = validate(schema, config, 'the configuration of a project');
  return Object.freeze({ ...given, [configMark]: true });
}

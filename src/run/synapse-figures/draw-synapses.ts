import { shellWord } from '../../core/shell-word';
import type { MadeFigure } from '../../plot/figure-svg';
import { parseSynapses } from '../../trace/asked-synapses';
import type { RunConfig } from '../directory/run-directory';
import { fromHere } from '../run-command';
import { synapseFigures } from './synapse-figures';

export interface DrawSynapsesOptions {
  readonly directory: string;
  /** What its `config.json` holds. */
  readonly stored: RunConfig & { readonly command?: unknown };
  /** `42`, `3-7`, `0:3:7`; several with commas. */
  readonly synapse: string;
  readonly trace?: string;
  readonly tasks?: readonly [first: number, last: number];
}

/**
 * Figures of single synapses of a run, with the commands that make them.
 * @throws InputError as `parseSynapses` and `synapseFigures` do.
 */
export function drawSynapses({ directory, stored, ...options }: DrawSynapsesOptions): MadeFigure[] {
  const { scenario, config } = stored;
  const chosenBy = 'watch' in config ? 'watch' : undefined;
  const { trace, tasks } = options;
  const asked = parseSynapses(options.synapse);
  const plot = [
    ...['npx', 'metaplast', 'plot', fromHere(directory), '--synapse', options.synapse],
    ...(trace === undefined ? [] : ['--trace', trace]),
    ...(tasks === undefined ? [] : ['--tasks', tasks.join('-')]),
  ];
  const command = [
    ...(typeof stored.command === 'string' ? [stored.command] : []),
    plot.map(shellWord).join(' '),
  ].join('; ');
  return synapseFigures({ directory, scenario, asked, trace, tasks, chosenBy }).map((figure) => ({
    ...figure,
    command,
  }));
}

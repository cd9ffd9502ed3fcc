import { shellWord } from '../../core/shell-word';
import type { MadeFigure } from '../../plot/figure-svg';
import { parseSynapses } from '../../trace/asked-synapses';
import type { TraceEntry } from '../../trace/recorder';
import type { RunFiles } from '../directory/run-files';
import { checkTrace, readRunTraces } from '../directory/run-traces';
import { fromHere } from '../run-command';
import { checkStored } from '../stored-config';
import { synapseFigures } from './synapse-figures';

export interface DrawSynapsesOptions {
  readonly files: RunFiles;
  /** `42`, `3-7`, `0:3:7`; several with commas. */
  readonly synapse: string;
  readonly trace?: string;
  readonly tasks?: readonly [first: number, last: number];
}

/**
 * Figures of single synapses of a run, with the commands that make them.
 * @throws InputError as `parseSynapses` and `synapseFigures` do; where what is drawn is not as the run wrote it.
 */
export function drawSynapses({ files, ...options }: DrawSynapsesOptions): MadeFigure[] {
  const { directory } = files;
  const {
    scenario,
    config,
    command: made,
  } = checkStored(files.manifest.settings, 'the settings in manifest.json');
  const chosenBy = 'watch' in config ? 'watch' : undefined;
  const { trace, tasks } = options;
  const asked = parseSynapses(options.synapse);
  const plot = [
    ...['npx', 'metaplast', 'plot', fromHere(directory), '--synapse', options.synapse],
    ...(trace === undefined ? [] : ['--trace', trace]),
    ...(tasks === undefined ? [] : ['--tasks', tasks.join('-')]),
  ];
  const command = `${made}; ${plot.map(shellWord).join(' ')}`;
  const index = readRunTraces(files);
  const check = (entry: TraceEntry) => checkTrace(files, entry);
  const drawn = synapseFigures({ directory, scenario, index, check, asked, trace, tasks, chosenBy });
  return drawn.map((figure) => ({ ...figure, command }));
}

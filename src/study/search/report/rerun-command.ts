import { shellWord } from '../../../core/shell-word';
import { executionWords, fromHere } from '../../../run/run-command';
import { asOverrides, type StudyPlan, type Trial } from '../../plan/study-plan';

/** Seeds that a search's best setting is tried with anew. */
const freshSeeds = 10;

/** The command that runs a trial's settings with seeds that the search has not seen. */
export function rerunCommandOf(plan: StudyPlan, { settings }: Pick<Trial, 'settings'>): string {
  const { file, scenario, preset, synapse, project, seeds } = plan;
  const first = Math.max(...seeds) + 1;
  const words = [
    ...['npx', 'metaplast', 'sweep', file === null ? scenario : fromHere(file)],
    ...['--preset', preset, '--seeds', `${first}..${first + freshSeeds - 1}`],
    ...(synapse === null ? [] : ['--synapse', fromHere(synapse.file)]),
    ...(project === null ? [] : ['--config', fromHere(project.file)]),
    ...asOverrides({ ...plan.settings, ...settings }).flatMap((override) => ['--set', override]),
    ...executionWords(plan),
  ];
  return words.map(shellWord).join(' ');
}

import path from 'node:path';
import { z } from 'zod';
import { runAsScript } from '../src/cli/run-as-script';
import { RecentlyUsed } from '../src/core/recently-used';
import { sinusoids } from '../src/data/sinusoid';
import { tabledTasks } from '../src/data/tabled-tasks';
import { fewShotScenario } from '../src/few-shot/few-shot-scenario';
import { crossEntropy, mse } from '../src/network/loss';
import { mlp } from '../src/network/mlp';
import { columnSettings, columnsIn } from './shared/columns';
import { type FolderTasks, readFolder, stateOf } from './tasks/read-folder';

const settings = {
  folder: z
    .string()
    .default('')
    .describe(
      'the folder with a table for each task (.csv, .tsv, .npy); nothing for sinusoids as an example',
    ),
  ...columnSettings,
  heldOut: z.number().gt(0).lt(1).default(0.5).describe("fraction of a task's samples that is held out"),
  unseenShare: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.25)
    .describe(
      'fraction of the tasks that nothing learns from, to judge by: the last ones by the names of their files',
    ),
  layers: z
    .array(z.int().min(1).max(1000))
    .default([40, 40])
    .describe('units of each hidden layer, as a list: [40,40]'),
  activation: z.enum(['tanh', 'relu']).default('relu').describe('between the layers'),
};
type Settings = z.output<z.ZodObject<typeof settings>>;

/** A run asks for its tasks several times. */
const kept = new RecentlyUsed<string, FolderTasks>(4);

function tasksOf({ folder, target, ignore }: Settings): FolderTasks {
  const asked = { folder: path.resolve(folder), target, ignore: columnsIn(ignore) };
  const key = JSON.stringify([asked, stateOf(asked.folder)]);
  const found = kept.get(key) ?? readFolder(asked);
  kept.set(key, found);
  return found;
}

/** The tasks to learn from, or those to judge by. */
function source(given: Settings, unseen: boolean) {
  if (given.folder === '') return sinusoids({});
  const { tables, checksum } = tasksOf(given);
  const held = Math.min(tables.length - 1, Math.max(1, Math.round(given.unseenShare * tables.length)));
  const seen = tables.length - held;
  return tabledTasks({
    tables: unseen ? tables.slice(seen) : tables.slice(0, seen),
    heldOut: given.heldOut,
    checksum,
  });
}

export default fewShotScenario({
  name: 'tasks',
  question: 'Do synapses that have lived through many small tables of your own learn the next one faster?',
  settings,
  source: (given) => source(given, false),
  unseen: (given) => source(given, true),
  network(given, synapse) {
    const { layers, activation } = given;
    if (given.folder === '') return mlp([1, ...layers, 1], { activation, synapse });
    const { tables, targets, classes } = tasksOf(given);
    const [outputs, loss] = targets === 'classes' ? [classes, crossEntropy] : [1, mse];
    return mlp([tables[0]!.inputs, ...layers, outputs], { activation, loss, synapse });
  },
});
runAsScript(module);

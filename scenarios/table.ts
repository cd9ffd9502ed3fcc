import path from 'node:path';
import { z } from 'zod';
import { runAsScript } from '../src/cli/run-as-script';
import { InputError } from '../src/core/errors';
import { readTable } from '../src/data/read-table';
import { crossEntropy, mse } from '../src/network/loss';
import { mlp } from '../src/network/mlp';
import { ownStrength, type Samples } from './own-strength/experiment';
import { columnSettings, columnsIn } from './shared/columns';
import { exampleSamples } from './table/example';

const settings = {
  file: z
    .string()
    .default('')
    .describe('the table, from this folder on: .csv, .tsv or .npy; nothing for an example made by a formula'),
  ...columnSettings,
  kind: z
    .enum(['auto', 'values', 'classes'])
    .default('auto')
    .describe('what the target is; auto: classes where a cell of it is no number'),
  missing: z
    .enum(['refuse', 'drop'])
    .default('refuse')
    .describe('what becomes of rows in which a cell is missing'),
  layers: z
    .array(z.int().min(1).max(1000))
    .default([20])
    .describe('units of each hidden layer, as a list: [20], [30,10], [] for none'),
  activation: z.enum(['tanh', 'relu']).default('tanh').describe('between the layers'),
};
type Settings = z.output<z.ZodObject<typeof settings>>;

export default ownStrength({
  name: 'table',
  question: (strength) =>
    `Do synapses that meta-learn their ${strength} generalise better on a table of your own?`,
  subject: ({ file }) => (file === '' ? 'rents of made-up flats' : path.basename(file)),
  settings,
  presets: {
    smoke: { metaSteps: 4, exactChecks: 1, oneLambda: [] },
    cpu: {},
    paper: { metaSteps: 100, exactChecks: 10 },
  },
  samples: samplesOf,
  network({ layers, activation }, { batch, targets }, synapse) {
    const outputs = targets === 'classes' ? 1 + batch.y.reduce((most, label) => Math.max(most, label), 0) : 1;
    const loss = targets === 'classes' ? crossEntropy : mse;
    return mlp([batch.inputs, ...layers, outputs], { activation, loss, synapse });
  },
});

function samplesOf({ file, target, ignore, kind, missing }: Settings): Samples {
  if (file === '') {
    if (target !== '')
      throw new InputError({
        what: 'A target is named, but no file',
        got: target,
        legal: 'file=data.csv target=price',
      });
    return exampleSamples();
  }
  const { batch, targets, classes, notes, checksum } = readTable(path.resolve(file), {
    target,
    ignore: columnsIn(ignore),
    kind,
    missing,
  });
  const told =
    classes === null
      ? []
      : [
          `"${target}" has ${classes.length} classes: ${classes.slice(0, 10).join(', ')}${classes.length > 10 ? ', ...' : ''}`,
        ];
  return { batch, targets, notes: [...notes, ...told], checksum };
}
runAsScript(module);

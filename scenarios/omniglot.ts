import { modulatedOmniglotConv4, omniglotConv4 } from '../models/omniglot-conv4';
import { runAsScript } from '../src/cli/run-as-script';
import { characterEpisodes } from '../src/data/omniglot/character-episodes';
import { findOmniglot, openOmniglot, prepareOmniglot } from '../src/data/omniglot/omniglot';
import { fewShotScenario } from '../src/few-shot/few-shot-scenario';
import { driftFigure } from './omniglot/drift-figure';
import { episodeFigure } from './omniglot/episode-figure';
import { forMethod } from './omniglot/for-method';
import { presets } from './omniglot/presets';
import { publishedTable } from './omniglot/published';
import { omniglotSettings } from './omniglot/settings';
import { charactersFor } from './omniglot/split';
import { stepsOf } from './omniglot/steps';

const judgedBy = 15;

/** Few-shot learning of Omniglot's characters (the paper's Table 2). */
export default fewShotScenario({
  name: 'omniglot',
  question:
    'Do synapses that have lived through thousands of characters tell new ones apart from one example of each?',
  settings: omniglotSettings,
  source: ({ ways, shots, query, validationCharacters }, seed) =>
    characterEpisodes({
      set: () => openOmniglot().background,
      characters: charactersFor('training', validationCharacters, seed),
      ...{ rotations: 4, ways, shots, query },
    }),
  validation: ({ ways, shots, validationCharacters }, seed) =>
    characterEpisodes({
      set: () => openOmniglot().background,
      characters: charactersFor('validation', validationCharacters, seed),
      ...{ rotations: 4, ways, shots, query: judgedBy },
    }),
  unseen: ({ ways, shots }) =>
    characterEpisodes({ set: () => openOmniglot().evaluation, ways, shots, query: judgedBy }),
  check: () => findOmniglot(),
  open: async (_settings, { say, signal }) => void (await prepareOmniglot({ say, signal })),
  network: ({ ways, filters }, synapse) => omniglotConv4({ ways, filters }, synapse),
  modulated: ({ ways, filters, filtersOfModulation }) =>
    modulatedOmniglotConv4({ ways, filters: filtersOfModulation ?? filters }),
  presets,
  forMethod,
  judgedAfter: stepsOf,
  judgesTrust: ({ trust }) => trust,
  look: async (seen) => [...(await episodeFigure(seen)), ...driftFigure(seen)],
  reportMore: publishedTable,
});
runAsScript(module);

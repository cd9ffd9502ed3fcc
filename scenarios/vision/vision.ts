import type { z } from 'zod';
import { checkExactSize } from '../../src/baselines/implicit';
import { InputError } from '../../src/core/errors';
import type { ImageSet } from '../../src/data/images/image-set';
import { wordsOf } from '../../src/few-shot/methods/words-of';
import type { Network } from '../../src/network/network';
import { defineScenario, type Outcome, type Scenario } from '../../src/run/scenario/scenario';
import { complexSynapse, type SynapseModel } from '../../src/synapse/model';
import type { VisionFacts } from './facts';
import { visionFigures } from './figures';
import { type VisionMethod, visionMethods } from './methods';
import { pointsOf } from './points';
import { visionReport } from './report';
import { type ResolvedSettings, resolve } from './resolve';
import type { Row } from './row';
import { type MethodRun, runMethod } from './run-method';
import { drawSamples, type Images, splitOf } from './samples';
import { type VisionSettings, visionSchema } from './schema';
import { visionFailure, visionSummary } from './summary';

/** Images that a network is to tell apart, of which it learns from few; every synapse learns its own lambda from the others. */
export interface VisionDescription<S extends z.ZodRawShape> {
  readonly name: string;
  readonly question: string;
  /** The rows of the paper's Table 1, by name, and the one that is taken where nobody says which. */
  readonly rows: Readonly<Record<string, Row>>;
  readonly row: string;
  /** Settings of its own. */
  readonly settings: S;
  /** What makes its network small, for the size `smoke`. */
  readonly smoke: Readonly<Record<string, unknown>>;
  /** @throws InputError where the images are not there, with the command that gets them. */
  read(part: 'train' | 'test'): ImageSet;
  network(settings: z.output<z.ZodObject<S>>, synapse: SynapseModel): Network;
}

/** Seconds, with any engine: few images, few steps. */
const smoke = {
  train: 10,
  heldOut: 30,
  testImages: 40,
  metaSteps: 3,
  contrastive: { steps: 10, nudgedSteps: 3 },
  t1t2: { steps: 10 },
  evaluation: { every: 1, slice: 20 },
};

/** The scenario of such an experiment. */
export function vision<S extends z.ZodRawShape>(description: VisionDescription<S>): Scenario {
  const { name, question, rows, row } = description;
  const read = (): Images => ({ train: description.read('train'), test: description.read('test') });
  const resolved = (settings: VisionSettings): ResolvedSettings => resolve(settings, rows[settings.row]!);
  const networkOf = (settings: VisionSettings) => description.network(settings as never, complexSynapse);
  /** What `prepare` has read, for the run of the same configuration. */
  const prepared = new WeakMap<object, Images>();

  return defineScenario({
    name,
    question,
    config: visionSchema(Object.keys(rows), row, description.settings),
    takesCredit: true,
    presets: {
      smoke: { ...smoke, ...description.smoke },
      cpu: {},
      paper: { hyperparameters: 'paper' },
    },
    schedule(given) {
      const settings = given as VisionSettings;
      const of = resolved(settings);
      const methods = methodsNamed(settings);
      const network = networkOf(settings);
      for (const method of methods) if (method.smallOnly) checkExactSize(network);
      return { plan: methods[0]!.plan(of), tasks: of.metaSteps + 1 };
    },
    prepare(given) {
      const images = read();
      // The seed decides which images are drawn, not whether there are enough.
      splitOf(images.train, resolved(given as VisionSettings), 0);
      prepared.set(given, images);
    },
    async run(context): Promise<Outcome> {
      const settings = context.config as VisionSettings;
      const images = prepared.get(context.config) ?? read();
      prepared.delete(context.config);
      const { seed } = context;
      const network = networkOf(settings);
      const of = resolved(settings);
      const samples = drawSamples(images, of, settings.testImages, seed);
      if (samples.unseenClasses.length > 0) {
        const classes = samples.unseenClasses.join(', ');
        context.warn(`no training image of ${samples.unseenClasses.length} classes: ${classes}`);
      }
      const runs: MethodRun[] = [];
      for (const point of pointsOf(settings, methodsNamed(settings), of))
        runs.push(
          await runMethod({
            ...point,
            network,
            samples,
            evaluation: settings.evaluation,
            traces: settings.traces,
            seed,
            context,
          }),
        );
      const facts: VisionFacts = {
        ...{ name, settings, resolved: of, row: rows[settings.row]!, network, samples, runs },
        rules: context.rules.report,
        seconds: (label) => context.seconds(label),
      };
      for (const figure of visionFigures(facts)) context.figure(figure);
      return {
        summary: visionSummary(facts),
        report: visionReport(facts),
        failure: visionFailure(facts),
      };
    },
  });
}

/** The methods that a text names. @throws InputError for an unknown one, one that comes twice, or one that a study has no use for. */
function methodsNamed({ method: text, study }: VisionSettings): readonly VisionMethod[] {
  // The nudging strength is the contrastive rule's alone.
  const fitting = study === 'beta' ? visionMethods.slice(0, 1) : visionMethods;
  if (text === 'all') return fitting.filter(({ smallOnly }) => smallOnly !== true);
  const wanted = wordsOf(
    text,
    visionMethods.map(({ name }) => name),
  );
  const chosen = fitting.filter(({ name }) => wanted.includes(name));
  if (chosen.length > 0) return chosen;
  throw new InputError({
    what: 'The study of beta is one of the contrastive rule',
    got: text,
    legal: 'method=contrastive',
  });
}

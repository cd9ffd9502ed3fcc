import { z } from 'zod';
import { InputError } from '../../core/errors';
import { type RandomStream, RandomStreams } from '../../core/random';
import { validate } from '../../core/validate';
import { engineNamed } from '../../engine/auto';
import type { Engine } from '../../engine/engine';
import { engineSchema } from '../../engine/engine-schema';
import { plainExecutor } from '../../synapse/plain-executor';
import { executorSchema, type Quantities, type RuleExecutor } from '../../synapse/rule-executor';
import { copiesOf } from '../learned-variables';
import { checkSimulationOptions, type SimulationOptions } from '../simulation-options';
import { simulate } from '../simulator';
import { type RecordedPhase, RecordingSession } from './recording-session';
import { type SynapsesAloneOptions, synapsesAlone } from './synapses-alone';

/** A simulation whose synapses are to be perturbed: its network has a source of credit with a rule. */
export interface PerturbedSimulation
  extends Pick<SimulationOptions, 'network' | 'task' | 'rule' | 'meta' | 'seed' | 'initial'> {
  /** Where its meta-step is taken. Default: the engine `reference`. */
  readonly engine?: Engine;
  /** What runs all rules. Default: `plainExecutor()`. */
  readonly rules?: RuleExecutor;
}

/** How synapses are perturbed. */
export interface PerturbCreditOptions {
  /** How many of them, drawn at random. Default: all. */
  readonly synapses?: number;
  /** Seed of what is drawn. Default 0. */
  readonly seed?: number;
}

/** Something that became of one synapse when another one saw something else. */
export interface CreditBreach {
  /** What the other synapse saw otherwise: `pre`, `postNudged`, ... */
  readonly quantity: string;
  /** The phase, by its beta, and the inner step and the sample in it, counted from 0, in which it did. */
  readonly beta: number;
  readonly step: number;
  readonly sample: number;
  readonly changed: number;
  /** The synapse that became something else, and in what: `phi at beta = 0`, `omega`, ... */
  readonly affected: number;
  readonly variable: string;
  readonly before: number;
  readonly after: number;
}

/** What perturbing the synapses of a network showed. */
export interface PerturbedCredit {
  /** No synapse became anything else by what another one saw. */
  readonly local: boolean;
  /** The first breach of each quantity, pair of synapses and variable. */
  readonly breaches: readonly CreditBreach[];
  /** The largest difference between what rules alone make of what was seen, and the simulation: 0 where it is the same to the bit, as on the reference engine. */
  readonly deviation: number;
  /** How many times a synapse was shown something else, and after how many of them it became something else itself. */
  readonly changes: number;
  readonly felt: number;
}

const perturbOptions = z.strictObject({
  synapses: z.int().min(1).optional(),
  seed: z.int().min(0).default(0),
});

const runners = z.looseObject({ engine: engineSchema.optional(), rules: executorSchema.optional() });

/**
 * Shows by experiment, over the whole way from neurons to slow variables, that a synapse learns from nothing but its own two neurons. One meta-step is simulated,
 * and what each synapse sees of its neurons is recorded, sample by sample. The same is done once more from that record, by rules alone. Then one synapse is shown
 * something else: one entry of one activity (each that the rule reads, in each phase); and nothing may become of any other synapse, in phi at the end of any phase
 * nor in a slow variable, by a single bit.
 *
 * Other neurons stay as they were recorded: by them a synapse does reach others, as it should.
 * @throws InputError where an option is not legal, the network's credit has no rule, or the engine does not spell out what synapses see; and as `metaStep` does.
 */
export async function perturbCredit(
  simulation: PerturbedSimulation,
  options: PerturbCreditOptions = {},
): Promise<PerturbedCredit> {
  const { synapses, seed } = validate(perturbOptions, options, 'the options of perturbCredit');
  validate(runners, simulation, 'the simulation of perturbCredit');
  const { engine = await engineNamed('reference'), rules = plainExecutor() } = simulation;
  checkSimulationOptions({ ...simulation, engine, rules });
  const { alone, phases, right } = await record(simulation, engine, rules);
  const before = synapsesAlone(alone, phases);
  const random = new RandomStreams(seed).stream('perturb-credit');
  const { size } = simulation.network;
  const chosen = random.permutation(size).slice(0, Math.min(synapses ?? size, size));
  const breaches = new Map<string, CreditBreach>();
  let [changes, felt] = [0, 0];
  for (const changed of chosen) {
    for (const [index, phase] of phases.entries()) {
      for (const quantity of quantitiesOf(phase, simulation)) {
        const change = changeOf(phase, quantity, changed, size, random);
        const altered = phases.map((other, i) => (i === index ? change.phase : other));
        const after = synapsesAlone(alone, altered);
        changes++;
        let own = false;
        for (const [variable, values] of Object.entries(after)) {
          values.forEach((value, affected) => {
            const was = before[variable]![affected]!;
            if (Object.is(value, was)) return;
            if (affected === changed) {
              own = true;
              return;
            }
            const key = `${quantity}/${changed}/${affected}/${variable}`;
            if (breaches.has(key)) return;
            const { step, sample } = change;
            const beta = [0, ...simulation.rule.estimator.betas][index]!;
            const where = { quantity, beta, step, sample, changed, affected, variable };
            breaches.set(key, { ...where, before: was, after: value });
          });
        }
        if (own) felt++;
      }
    }
  }
  const all = [...breaches.values()];
  return { local: all.length === 0, breaches: all, deviation: deviationOf(before, right), changes, felt };
}

/** One meta-step, what synapses saw in it, and what became of them. */
async function record(
  simulation: PerturbedSimulation,
  engine: Engine,
  rules: RuleExecutor,
): Promise<{ alone: SynapsesAloneOptions; phases: readonly RecordedPhase[]; right: Quantities }> {
  const { network, rule, meta } = simulation;
  const { fast } = network.synapse;
  let recording: RecordingSession | null = null;
  const recorder: Engine = {
    name: engine.name,
    probe: () => engine.probe(),
    async open(of) {
      const session = await engine.open(of);
      if (session.activity === undefined || of.credit.rule === null) {
        await session.close();
        throw notShown(of.credit.kind, engine.name);
      }
      recording = new RecordingSession(session, fast);
      return recording;
    },
  };
  const learner = simulate({ ...simulation, engine: recorder, rules, warn: () => {} });
  try {
    const variables = (): Quantities =>
      copiesOf(
        Object.fromEntries(network.synapse.meta.map((name) => [name, learner.population.values(name)])),
      );
    const slow = variables();
    const start = learner.population.values(fast).slice();
    const { equilibria } = await learner.metaStep();
    const ends = [...equilibria].map(([beta, phi]) => [`${fast} at beta = ${beta}`, phi]);
    const { phases } = recording! as RecordingSession;
    return {
      alone: { network, rule, meta, start, slow, executor: rules },
      phases,
      right: { ...Object.fromEntries(ends), ...variables() },
    };
  } finally {
    await learner.close();
  }
}

function notShown(credit: string, engine: string): InputError {
  return new InputError({
    what: `There is nothing to perturb: the engine ${engine} does not spell out what synapses see of their neurons`,
    got: credit,
    legal: 'a network whose credit has a rule, as equilibriumPropagation() and activityRule() make it',
    advice: 'Take withCredit(network, ...) and the engine reference',
  });
}

/** What of its neurons a synapse sees in a phase. */
function quantitiesOf({ steps }: RecordedPhase, { network }: PerturbedSimulation): readonly string[] {
  const activity = steps[0]?.seen[0]?.activity ?? {};
  return Object.keys(activity).filter((name) => !network.credit.modulators?.includes(name));
}

/** The same phase, but for one entry of what one synapse saw in one sample. */
function changeOf(
  { steps }: RecordedPhase,
  quantity: string,
  synapse: number,
  size: number,
  random: RandomStream,
) {
  const step = random.integer(steps.length);
  const which = random.integer(steps[step]!.seen.length);
  const of = steps[step]!.seen[which]!;
  const sample = random.integer(of.samples);
  const values = of.activity[quantity]!.slice();
  values[sample * size + synapse]! += random.normal();
  const changed = { ...of, activity: { ...of.activity, [quantity]: values } };
  const seen = steps[step]!.seen.map((other, i) => (i === which ? changed : other));
  const phase = { steps: steps.map((other, i) => (i === step ? { ...other, seen } : other)) };
  return { step, sample, phase };
}

function deviationOf(given: Quantities, right: Quantities): number {
  let largest = 0;
  for (const [name, values] of Object.entries(right)) {
    values.forEach((value, i) => {
      if (!Object.is(value, given[name]![i])) largest = Math.max(largest, Math.abs(value - given[name]![i]!));
    });
  }
  return largest;
}

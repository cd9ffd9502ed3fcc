import { shown } from '../../inspector/page/text/symbols';
import { presets, settingsFor } from '../experiment/presets';
import {
  engineNames,
  estimatorNames,
  mostSteps,
  type ProblemName,
  problemNames,
  type Settings,
} from '../experiment/settings';
import { NumberControl } from './number-control';
import { PenaltyEditor } from './penalty-editor';
import { set, settings, watched } from './played';

const problems: Readonly<Record<ProblemName, string>> = {
  'one-synapse': 'one synapse',
  boston: 'Boston, 301 synapses',
  sinusoid: 'one sinusoid, 193 synapses',
};
const estimators: Readonly<Record<Settings['estimator'], string>> = {
  forward: 'forward, bias of order β',
  symmetric: 'symmetric, of order β²',
  p3: 'p3, forward of order β²',
  p4: 'p4, forward of order β³',
};
const engines: Readonly<Record<Settings['engine'], string>> = {
  simd: 'simd (float32)',
  reference: 'reference (float64)',
  gpujs: 'gpujs (WebGPU, WebGL2)',
};

interface ChoiceProps<Name extends string> {
  readonly label: string;
  readonly names: readonly Name[];
  readonly words: Readonly<Record<Name, string>>;
  readonly value: Name;
  readonly onChoose: (name: Name) => void;
}

function Choice<Name extends string>({ label, names, words, value, onChoose }: ChoiceProps<Name>) {
  return (
    <label class="choice">
      <span>{label}</span>
      <select value={value} onChange={({ currentTarget }) => onChoose(currentTarget.value as Name)}>
        {names.map((name) => (
          <option key={name} value={name}>
            {words[name]}
          </option>
        ))}
      </select>
    </label>
  );
}

const oneToMost = `1 to ${mostSteps.toLocaleString('en')} steps`;
const ofSteps = (value: number) =>
  value < 1 || value > mostSteps ? `out of range; ${oneToMost}` : undefined;
const ofRate = (value: number) => (value <= 0 || value > 10 ? 'out of range; above 0, up to 10' : undefined);

/** What can be turned. */
export function Controls() {
  const now = settings.value;
  const number = (name: 'freeSteps' | 'nudgedSteps' | 'freeRate' | 'nudgedRate', label: string) => {
    const isSteps = name.endsWith('Steps');
    return (
      <NumberControl
        key={name}
        label={label}
        range={isSteps ? oneToMost : 'learning rate, above 0, up to 10'}
        value={now[name]}
        from={isSteps ? 1 : 1e-4}
        to={isSteps ? 20_000 : 1}
        log
        whole={isSteps}
        refuse={isSteps ? ofSteps : ofRate}
        onSlide={(value) => set.slide({ [name]: value })}
        onSet={(value) => set.slide({ [name]: value })}
      />
    );
  };
  const setVariable = (name: string, initial: number) =>
    set.slide({ slow: now.slow.map((one) => (one.name === name ? { ...one, initial } : one)) });
  return (
    <form class="controls" onSubmit={(event) => event.preventDefault()} aria-label="Settings">
      <Choice
        label="Problem"
        names={problemNames}
        words={problems}
        value={now.problem}
        onChoose={(problem) => set.go(settingsFor(problem), watched.to([]))}
      />
      <fieldset>
        <legend>Nudge</legend>
        <NumberControl
          label="β"
          range="nudging strength, not 0; type one below 0"
          value={now.beta}
          from={1e-7}
          to={10}
          log
          signed
          refuse={(value) => (value === 0 ? 'β of 0 leaves nothing to contrast' : undefined)}
          onSlide={(beta) => set.slide({ beta })}
          onSet={(beta) => set.slide({ beta })}
        />
        <Choice
          label="Estimator"
          names={estimatorNames}
          words={estimators}
          value={now.estimator}
          onChoose={(estimator) => set.go({ estimator })}
        />
      </fieldset>
      <fieldset>
        <legend>Pull</legend>
        {now.slow
          .filter(({ nonNegative }) => nonNegative)
          .map(({ name, initial }) => (
            <NumberControl
              key={name}
              label={`${shown(name)}₀`}
              range={`first ${shown(name)} of all synapses, 0 or more`}
              value={initial}
              from={1e-4}
              to={10}
              log
              onSlide={(value) => setVariable(name, value)}
              onSet={(value) => setVariable(name, value)}
            />
          ))}
      </fieldset>
      <fieldset>
        <legend>Phases</legend>
        {number('freeSteps', 'Free steps')}
        {number('nudgedSteps', 'Nudged steps')}
        {number('freeRate', 'Free rate')}
        {number('nudgedRate', 'Nudged rate')}
      </fieldset>
      <fieldset>
        <legend>First weights and machine</legend>
        <div class="seed">
          <label>
            Seed{' '}
            <input
              type="number"
              min={0}
              step={1}
              class="exact"
              value={now.seed}
              onInput={({ currentTarget: { valueAsNumber } }) => {
                if (Number.isSafeInteger(valueAsNumber) && valueAsNumber >= 0)
                  set.slide({ seed: valueAsNumber });
              }}
            />
          </label>
          <button type="button" onClick={() => set.go({ seed: now.seed + 1 }, watched.to([]))}>
            New seed
          </button>
          <button
            type="button"
            title="All settings of the problem as they were; the same seed draws the same first weights"
            onClick={() => set.go({ ...settingsFor(now.problem), seed: now.seed, engine: now.engine })}
          >
            Reset
          </button>
        </div>
        <Choice
          label="Engine"
          names={engineNames}
          words={engines}
          value={now.engine}
          onChoose={(engine) => set.go({ engine })}
        />
      </fieldset>
      <PenaltyEditor />
    </form>
  );
}

/** Settings that show something, and what it is. */
export function Presets() {
  const now = JSON.stringify(settings.value);
  const chosen = presets.find((preset) => JSON.stringify(preset.settings) === now);
  return (
    <section class="presets" aria-label="Presets">
      {presets.map((preset) => (
        <button
          key={preset.name}
          type="button"
          aria-pressed={preset === chosen}
          title={preset.shows}
          onClick={() => set.go(preset.settings, watched.to([]))}
        >
          {preset.name}
        </button>
      ))}
      <p role="status">
        {chosen?.shows ??
          'Turn β, and see when the estimate of a meta-gradient breaks. Begin with a preset, or with any slider.'}
      </p>
    </section>
  );
}

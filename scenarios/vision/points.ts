import type { VisionMethod } from './methods';
import type { ResolvedSettings } from './resolve';
import type { MethodPoint } from './run-method';
import type { VisionSettings } from './schema';

/** The runs that a scenario is made of: one of each method; or, in a study, one for each number of inner steps, and for each nudging strength. */
export function pointsOf(
  { study, studySteps, studyBetas }: VisionSettings,
  methods: readonly VisionMethod[],
  settings: ResolvedSettings,
): MethodPoint[] {
  if (study === 'none') return methods.map((method) => ({ label: method.name, method, settings }));
  const ofSteps = methods.flatMap((method) =>
    studySteps.map((steps) => ({
      label: `${method.name}, ${steps} steps`,
      method,
      settings: changed(settings, method.name, { steps }),
    })),
  );
  if (study === 'steps') return ofSteps;
  return ofSteps.flatMap(({ label, method, settings: given }) =>
    studyBetas.map((beta) => ({
      label: `${label}, beta ${beta}`,
      method,
      settings: changed(given, method.name, { beta }),
    })),
  );
}

function changed(settings: ResolvedSettings, method: VisionMethod['name'], values: object): ResolvedSettings {
  const { methods } = settings;
  return { ...settings, methods: { ...methods, [method]: { ...methods[method], ...values } } };
}

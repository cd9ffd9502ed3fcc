import { auditLocality } from '../kernel/audit-locality';
import type { NamedAudit } from '../kernel/audit-module';
import type { Kernel } from '../kernel/kernel';
import type { SynapseModel } from './model';
import type { Rule } from './rule';

/** The audit of every kernel of a synapse model: what its energy was made into. */
export function auditModel(name: string, model: SynapseModel): NamedAudit[] {
  const ofKernel = (rule: string, writes: string | null, { source }: Kernel): NamedAudit => ({
    ...{ rule: `${name}: ${rule}`, writes },
    ...auditLocality(source),
  });
  const ofRule = ({ name: rule, steps }: Rule): NamedAudit[] =>
    steps.map(({ writes, kernel }) => ofKernel(rule, writes, kernel));
  return [
    ofKernel('energy', null, model.energy),
    ...ofRule(model.pull),
    ...Object.values(model.contrast).flatMap(ofRule),
    ...(model.flow === null ? [] : ofRule(model.flow.rule)),
    ofKernel(`curvature in ${model.fast}`, null, model.curvature),
    ...Object.entries(model.cross).map(([variable, kernel]) =>
      ofKernel(`cross derivative in ${variable} and ${model.fast}`, null, kernel),
    ),
  ];
}

import { Command } from 'commander';
import type { Estimate } from '../run/estimate/estimate';
import { numberOption } from './options';
import { printJson, type Terminal } from './terminal';

interface Flags {
  readonly estimator: string;
  readonly beta: number;
  readonly engine: string;
  readonly json?: boolean;
}

/** `metaplast estimate <problem.json>` */
export function estimateCommand(terminal: Terminal): Command {
  return new Command('estimate')
    .description('estimate the meta-gradient of one problem, beside the exact one')
    .argument(
      '<problem>',
      'a JSON file: model, loss, train, validation, phi, omega, lambda, free, nudged; for modulation learning and theta',
    )
    .option('--estimator <name>', 'forward, symmetric, p3, p4, ...', 'forward')
    .option('--beta <number>', 'nudging strength, not 0', numberOption, 0.1)
    .option('--engine <name>', 'what executes the network; estimates are in float64', 'reference')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  metaplast estimate problem.json --estimator symmetric --beta 0.1 --json',
    )
    .action(async (path: string, flags: Flags) => {
      const { engineNamed } = await import('../engine/auto');
      const { estimatorNamed } = await import('../learning/estimators');
      const { estimate } = await import('../run/estimate/estimate');
      const { readProblem } = await import('../run/estimate/problem');
      const estimator = estimatorNamed(flags.estimator, flags.beta);
      const engine = await engineNamed(flags.engine);
      const result = await estimate(readProblem(path), estimator, engine);
      for (const warning of result.warnings) terminal.err(`warning: ${warning}\n`);
      if (result.exactRefused !== null) terminal.err(`warning: no exact gradient. ${result.exactRefused}\n`);
      if (flags.json) printJson(terminal, result);
      else terminal.out(describe(result));
    });
}

function describe({ estimator, beta, engine, relativeError, residual, metaGradient }: Estimate): string {
  const error = (variable: 'theta' | 'omega' | 'lambda') => {
    if (relativeError === null) return 'not known: there is no exact gradient';
    return relativeError[variable]?.toExponential(3) ?? 'not known: the exact gradient is 0';
  };
  const nudged = residual.nudged.map((value) => value.toExponential(2)).join(', ');
  return [
    `${estimator} estimate at beta = ${beta} on engine ${engine}, ${metaGradient.omega.length} synapses`,
    `  residual, free phase:     ${residual.free.toExponential(2)}`,
    `  residual, nudged phases:  ${nudged}`,
    ...(metaGradient.theta === undefined ? [] : [`  relative error, theta:    ${error('theta')}`]),
    `  relative error, omega:    ${error('omega')}`,
    `  relative error, lambda:   ${error('lambda')}`,
    'The gradients themselves: --json',
    '',
  ].join('\n');
}

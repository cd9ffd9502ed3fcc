/** In the URL, for all variables of a trace. */
export const everyVariable = '*';

/**
 * The variables that maps and charts show: those of the synapse; in a trace with an account also what the rule saw, `lambda.gradient`, where
 * one asks for it.
 * @param chosen A name, `*` for all, or nothing.
 */
export function shownVariables(variables: readonly string[], chosen: string): readonly string[] {
  if (chosen === everyVariable) return variables;
  if (variables.includes(chosen)) return [chosen];
  const own = variables.filter((name) => !name.includes('.'));
  return own.length === 0 ? variables : own;
}

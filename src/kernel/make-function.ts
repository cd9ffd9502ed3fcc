// biome-ignore lint/suspicious/noExplicitAny: what it takes and gives is the text's own.
export type MadeFunction = (...given: any[]) => any;

/**
 * The function of a text in the language of kernels, in the global scope: it closes over nothing. In browsers an interpreter takes this one's
 * place, since pages of a strict policy compile no text.
 * @param parameters names of what it takes
 * @param body its statements
 * @throws SyntaxError where the text is none of a function.
 */
export const makeFunction = (parameters: readonly string[], body: string): MadeFunction =>
  new Function(...parameters, body) as MadeFunction;

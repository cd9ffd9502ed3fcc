import { create, derivativeDependencies, parseDependencies } from 'mathjs/number';

/**
 * What reads a text, and knows the derivatives of functions; nothing of it simplifies. The build makes one file of this module and the parts
 * of mathjs that it needs, which loads ten times as fast.
 */
export const math = create({ ...parseDependencies, ...derivativeDependencies });

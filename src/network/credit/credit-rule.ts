import { hasFields, made } from '../../core/validate';
import type { Rule } from '../../synapse/rule';

/** What a synapse makes of its neurons' activity. */
export const creditRule = made<Rule>(
  'a rule that writes "gradient", as defineRule makes it',
  (value) =>
    hasFields(value, { name: 'string', steps: 'object', reads: 'object', writes: 'object' }) &&
    Array.isArray((value as Rule).steps),
).optional();

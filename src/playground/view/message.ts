import type { ErrorData } from '../../core/error-data';

/** What the library says of an error, in its own words. */
export const messageOf = ({ message }: ErrorData): string => message;

import { shellPath } from '../../core/shell-word';

/** What goes on with a run, as it can be copied into a shell. */
export const resumeCommandOf = (directory: string): string => `metaplast resume ${shellPath(directory)}`;

import { shellPath } from '../../core/shell-word';

/** What goes on with a run, as it can be copied into a shell. */
export const resumeCommandOf = (directory: string): string => `metaplast resume ${shellPath(directory)}`;

/** What draws its figures again. */
export const plotCommandOf = (directory: string): string => `metaplast plot ${shellPath(directory)}`;

/** What judges its meta-gradients. */
export const diagnoseCommandOf = (directory: string): string => `metaplast diagnose ${shellPath(directory)}`;

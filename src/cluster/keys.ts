/** What a run announces its learner under; it is over when nobody hears of the run for a time. */
export const offerKeys = 'offer:';
/** What a worker announces itself under. */
export const workerKeys = 'worker:';
/** What is announced of each queue that was made, for as long as it may be left behind by runs that died. */
export const queueKeys = 'queue:';

/** The queue of an offer. */
export const queueNameOf = (offer: string): string => `tasks-${offer}`;

/** Seconds after which a run that is not heard of counts as gone; it is heard of every `beat`. A process is not heard of while its machine works at something else. */
export const [offerLife, workerLife, beat] = [30, 20, 4];
/** Seconds: what is left of a run that died goes by itself, as far as it is large. */
export const blobLife = 24 * 3600;
/** Seconds for which a queue that was left behind can be found and removed. */
export const queueLife = 90 * 24 * 3600;

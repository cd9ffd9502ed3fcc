import { signal } from '@preact/signals';

/** Whether the scrubber goes on by itself: of the moment only, and so not in the address. */
export const playing = signal(false);

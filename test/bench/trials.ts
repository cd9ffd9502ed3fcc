/** How often each thing is measured; what is told is the median. */
export const trials = 9;

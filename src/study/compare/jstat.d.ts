/** What is used of jStat, which brings no types. */
declare module 'jstat' {
  export const jStat: {
    readonly studentt: {
      /** The value below which Student's t with so many degrees of freedom lies with this probability. */
      inv(probability: number, degreesOfFreedom: number): number;
    };
  };
}

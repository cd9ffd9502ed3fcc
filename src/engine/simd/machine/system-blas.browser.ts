/** A browser lets no page use the libraries of its system. */
export const findSystemBlas: typeof import('./system-blas').findSystemBlas = () => ({
  blas: null,
  why: 'a page has no libraries of the system',
});

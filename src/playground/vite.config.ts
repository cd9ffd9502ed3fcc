import { defineConfig } from 'vite';

/**
 * The simulator as a page: plain files with relative addresses, nothing inline, so that any web server can serve them, under any path and a strict
 * content policy.
 */
export default defineConfig({
  base: './',
  resolve: {
    // Where Node and browsers differ, `thing.browser.ts` stands beside `thing.ts`.
    extensions: ['.browser.ts', '.ts', '.tsx', '.mjs', '.js', '.json'],
  },
  worker: { format: 'es' },
  build: {
    outDir: '../../dist/playground',
    emptyOutDir: true,
    // Kernels are read from their own text, in which the names of parameters mean something: nothing may be renamed, as esbuild does for any other target.
    target: 'esnext',
    minify: 'terser',
    terserOptions: { mangle: false, compress: false, format: { comments: false } },
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The library loads some of its parts by `require` where they are first used.
    commonjsOptions: {
      include: [/node_modules/, /src\//],
      extensions: ['.js', '.cjs', '.ts'],
      transformMixedEsModules: true,
    },
  },
});

import { defineConfig } from 'vite';

/** The page is plain files beside the server: relative addresses, nothing inline, so that a strict content policy holds. */
export default defineConfig({
  base: './',
  build: {
    outDir: '../../../dist/inspector/page',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  // For `npx vite src/inspector/page`, beside `metaplast inspect --port 4173`.
  server: { proxy: { '/api': 'http://127.0.0.1:4173' } },
});

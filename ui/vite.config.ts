import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// The window's content policy allows nothing inline and nothing from elsewhere, so every asset is a
// file of its own and no script is written into the page.
export default defineConfig(({ mode }) => ({
  base: './',
  plugins: [svelte()],
  build: {
    target: 'es2022',
    outDir: mode === 'gallery' ? 'dist-gallery' : 'dist',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The gallery shows every part in every state; it is built for tests only and never shipped.
    rollupOptions: { input: mode === 'gallery' ? 'gallery.html' : 'index.html' },
  },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
}));

import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The server behind `npm run dev`; the built studio is served by that server itself. */
const server = process.env.CLARY_DEV_SERVER ?? 'http://127.0.0.1:8000';

export default defineConfig({
  base: '/static/',
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    outDir: '../static/studio',
    emptyOutDir: true,
    manifest: 'manifest.json',
    target: 'es2022',
    // Small assets stay files: the content security policy allows no data: scripts or styles.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 850, // the charts, loaded with the first one
    rollupOptions: { input: 'src/main.tsx' },
  },
  server: {
    proxy: {
      '/api': server,
      '/artifacts': server,
      '/ws': { target: server, ws: true },
    },
  },
  worker: { format: 'es' },
});

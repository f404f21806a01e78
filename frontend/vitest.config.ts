import { defineConfig, mergeConfig } from 'vitest/config';
import vite from './vite.config.ts';

// A file of its own: a build needs none of the packages that tests need.
export default mergeConfig(
  vite,
  defineConfig({
    test: {
      environment: 'jsdom',
      setupFiles: ['src/testing/setup.ts'],
      include: ['src/**/*.test.{ts,tsx}'],
      css: false,
      testTimeout: 20_000, // a machine busy with other work is no failure
    },
  }),
);

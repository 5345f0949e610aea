import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const HEAVY = ['packages/*/test/**/*.stress.test.ts', 'packages/*/test/**/*.kill.test.ts'];

export default defineConfig({
  test: {
    pool: 'forks',
    retry: 0,
    allowOnly: false,
    teardownTimeout: 10_000,
    // The built packages are loaded by Node itself, as in a user's program: one instance per process,
    // and stack traces and `import.meta.url` that name the real file.
    server: { deps: { external: [/\/packages\/[^/]+\/dist\//] } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'packages/*/test/**/*.test.ts',
            'examples/test/**/*.test.ts',
            'benchmarks/test/**/*.test.ts',
          ],
          exclude: HEAVY,
          testTimeout: 30_000,
          hookTimeout: 30_000,
          maxWorkers: Math.min(4, availableParallelism()),
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Stress and kill tests use every core themselves: one file at a time, after all the others.
        extends: true,
        test: {
          name: 'heavy',
          include: HEAVY,
          testTimeout: 180_000,
          hookTimeout: 30_000,
          fileParallelism: false,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});

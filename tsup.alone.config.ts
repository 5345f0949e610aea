import { defineConfig } from 'tsup';
import { aloneEntries, common } from './tsup.config.js';

/** The second build of a package that has such entries. */
export default defineConfig({
  ...common,
  entry: aloneEntries,
  external: ['./revive.js'],
  splitting: false,
  clean: false,
});

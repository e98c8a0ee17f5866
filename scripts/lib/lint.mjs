import { runPackage } from './project.mjs'

/** Checks style and format; `--write` mends what can be mended. False where something is left. */
export const lint = async (options = []) =>
  (await runPackage('@biomejs/biome/bin/biome', ['check', '--error-on-warnings', ...options])) === 0

import { build } from './build.mjs'
import { installDependencies } from './dependencies.mjs'

const MINIMUM_NODE = 20

/** Makes this checkout ready to run: dependencies installed, sources compiled. False where they do not compile. */
export const prepare = async () => {
  const major = Number(process.versions.node.split('.')[0])
  if (major < MINIMUM_NODE) {
    throw new Error(`Node ${MINIMUM_NODE} or later is needed, this is ${process.versions.node}`)
  }
  await installDependencies()
  return build()
}

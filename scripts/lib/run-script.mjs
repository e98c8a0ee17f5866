/** Runs a script's action; its exit code is 0 where that gives true or a code of its own, and 1 with its message where it throws. */
export const runScript = async (action) => {
  try {
    const result = await action()
    process.exitCode = typeof result === 'number' ? result : result ? 0 : 1
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}

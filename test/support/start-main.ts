/** The process of a {@link StartCommand}. */
import { main } from '../../src/demo/main.js'

process.exitCode = await main(process.argv.slice(2))

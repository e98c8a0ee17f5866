import { prepare } from './lib/prepare.mjs'
import { runScript } from './lib/run-script.mjs'

runScript(prepare)

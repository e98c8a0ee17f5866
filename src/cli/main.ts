#!/usr/bin/env node
import { command } from './command.js'

// What a module of the user's holds open (a pool of connections, a timer) does not keep the process.
process.exit(await command(process.argv.slice(2), process.env))

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor'
import { projectRoot } from './project.mjs'

/** The entries of the package, by what their reports are called. */
const ENTRIES = new Map([
  ['millrace', 'dist/src/index.d.ts'],
  ['millrace-feed-client', 'dist/src/observe/feed-client/index.d.ts'],
  ['millrace-observe', 'dist/src/observe/index.d.ts'],
  ['millrace-schema-registry', 'dist/src/serdes/schema-registry/index.d.ts'],
  ['millrace-testing', 'dist/src/testing/index.d.ts'],
])

const COMPILER_OPTIONS = {
  target: 'ES2023',
  lib: ['ES2023', 'ESNext.Disposable'],
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  strict: true,
  skipLibCheck: true,
  types: ['node'],
}

const SILENT = { logLevel: 'none' }

/** Of what it has to say, the reports have in them which types can be seen, but not be imported. */
const MESSAGES = {
  extractorMessageReporting: {
    default: SILENT,
    'ae-forgotten-export': { logLevel: 'warning', addToApiReportFile: true },
  },
  tsdocMessageReporting: { default: SILENT },
}

const configOf = (name, entry, directory) =>
  ExtractorConfig.prepare({
    configObject: {
      projectFolder: projectRoot,
      mainEntryPointFilePath: join(projectRoot, entry),
      compiler: { overrideTsconfig: { compilerOptions: COMPILER_OPTIONS, files: [entry] } },
      apiReport: {
        enabled: true,
        reportFileName: name,
        reportFolder: directory,
        reportTempFolder: join(directory, 'temporary'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: MESSAGES,
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(projectRoot, 'package.json'),
  })

/** Errors of the compiler are for whoever runs this; the rest is about how the extractor works. */
const onMessage = (message) => {
  message.handled = message.category !== 'Compiler'
}

const reportOf = (name, entry, directory) => {
  const config = configOf(name, entry, directory)
  const { succeeded } = Extractor.invoke(config, { localBuild: true, messageCallback: onMessage })
  if (!succeeded) throw new Error(`no report of the API of ${entry} could be made`)
  return readFileSync(config.reportFilePath, 'utf8')
}

/** The report of each entry's public API, of what is built: `{ file, present, expected }`. */
export const apiReports = () => {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-api-report-'))
  try {
    return [...ENTRIES].map(([name, entry]) => {
      const file = `docs/api-report/${name}.api.md`
      const path = join(projectRoot, file)
      const present = existsSync(path) ? readFileSync(path, 'utf8') : ''
      return { file, present, expected: reportOf(name, entry, directory) }
    })
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** Writes the reports where the API has changed. */
export const writeApiReports = () => {
  for (const { file, present, expected } of apiReports()) {
    if (present === expected) continue
    writeFileSync(join(projectRoot, file), expected)
    console.log(`wrote ${file}`)
  }
}

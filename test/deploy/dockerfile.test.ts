import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readText } from '../support/deploy/deploy-files.js'
import { imageConfig, parseDockerfile } from '../support/deploy/dockerfile.js'

const text = readText('Dockerfile')

describe('the Dockerfile', () => {
  const stages = parseDockerfile(text)
  const image = imageConfig(stages)
  const [built, application, final] = stages

  test('has its image run what npm pack ships, without what builds it', () => {
    assert.equal(stages.length, 3)
    const copied = final!.instructions.filter(({ keyword }) => keyword === 'COPY')
    assert.ok(copied.every(({ flags }) => flags.from === application!.name))
    const fromBuilt = application!.instructions.filter(({ flags }) => flags.from === built!.name)
    assert.deepEqual(
      fromBuilt.map(({ value }) => value.split(' ')[0]),
      ['/build/package', '/build/dist/topologies'],
    )
  })

  test('installs what package-lock.json has, runs no scripts of packages, and nothing that is for development', () => {
    const installs = [...text.matchAll(/npm (?:ci|install)[^\n&]*/g)].map(([command]) => command)
    assert.equal(installs.length, 2)
    for (const command of installs) assert.match(command, /^npm ci .*--ignore-scripts/)
    assert.match(installs[1]!, /--omit=dev/)
  })

  test('runs as a user that is not root, given as a number for runAsNonRoot', () => {
    assert.match(image.user, /^[1-9]\d*:[1-9]\d*$/)
  })

  test('lets its user write the state and nothing else', () => {
    const owned = final!.instructions.filter(({ flags }) => flags.chown !== undefined)
    assert.deepEqual(
      owned.map(({ flags, value }) => [flags.chown, value.split(' ')[1]]),
      [[image.user, image.env.MILLRACE_STATE_DIR]],
    )
    assert.deepEqual(image.volumes, [image.env.MILLRACE_STATE_DIR])
  })

  test('starts the process without a shell, so that it is the one that gets the signal', () => {
    assert.equal(image.entrypoint[0], 'node')
    assert.equal(image.stopSignal, 'SIGTERM')
  })

  test('asks for health where the worker listens', () => {
    assert.deepEqual(image.ports, [Number(image.env.MILLRACE_HTTP_PORT)])
    assert.match(image.healthCheck.join(' '), /^node .*\$\{process\.env\.MILLRACE_HTTP_PORT\}\/healthz/)
  })

  test('is what docs/production.md tells others to do', () => {
    const [, example] = /```dockerfile\n(.*?)```/s.exec(readText('docs/production.md'))!
    const { entrypoint, command, ...same } = imageConfig(parseDockerfile(example!))
    const { entrypoint: _, command: __, ...ours } = image
    assert.deepEqual(same, ours)
    assert.deepEqual([...entrypoint, ...command], ['node_modules/.bin/millrace', 'run', 'topology.js'])
  })

  test('takes one version of Node.js for all stages, one that is supported', () => {
    assert.deepEqual([...new Set(stages.map(({ base }) => base))], ['$NODE'])
    assert.match(text, /^ARG NODE=node:(22|24)-/m)
  })
})

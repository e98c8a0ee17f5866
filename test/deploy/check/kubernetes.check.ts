import { existsSync } from 'node:fs'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { stringify } from 'yaml'
import { PROJECT, readYaml } from '../../support/deploy/deploy-files.js'
import { tool } from '../../support/deploy/tool.js'

/** From PyPI; has the schemas of Kubernetes in it. */
const VALIDATOR = 'kubernetes-validate==1.37.0'

const INSTALLED = join(PROJECT, '.build', VALIDATOR)

/** The oldest version of Kubernetes that we look at, and the newest that the validator knows. */
const VERSIONS = ['1.29', '1.37']

const DIRECTORY = 'deploy/kubernetes'

async function installValidator(): Promise<void> {
  if (existsSync(INSTALLED)) return
  const unfinished = `${INSTALLED}.part`
  await rm(unfinished, { recursive: true, force: true })
  await tool('python3', ['-m', 'pip', 'install', '--quiet', '--target', unfinished, VALIDATOR])
  await rename(unfinished, INSTALLED)
}

const validate = (version: string, file: string): Promise<string> =>
  tool('python3', ['-m', 'kubernetes_validate', '--strict', '-k', version, file], {
    env: { ...process.env, PYTHONPATH: INSTALLED },
  })

interface ScaledObject {
  readonly metadata: unknown
  readonly spec: {
    readonly scaleTargetRef: unknown
    readonly minReplicaCount: number
    readonly maxReplicaCount: number
    readonly advanced: { readonly horizontalPodAutoscalerConfig: { readonly behavior: unknown } }
  }
}

/** What KEDA makes of a ScaledObject, as far as its schema is Kubernetes'. */
function autoscalerOf({ metadata, spec }: ScaledObject): unknown {
  const { scaleTargetRef, minReplicaCount: minReplicas, maxReplicaCount: maxReplicas, advanced } = spec
  const { behavior } = advanced.horizontalPodAutoscalerConfig
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata,
    spec: { scaleTargetRef, minReplicas, maxReplicas, behavior },
  }
}

describe('the schemas of Kubernetes', () => {
  before(installValidator)

  for (const version of VERSIONS) {
    for (const name of ['configuration', 'service', 'stateful-set', 'pod-disruption-budget']) {
      test(`of ${version} take ${name}.yaml`, async () => {
        await validate(version, `${DIRECTORY}/${name}.yaml`)
      })
    }

    test(`of ${version} take the autoscaler that KEDA makes of scaled-object.yaml`, async (t) => {
      const directory = await mkdtemp(join(tmpdir(), 'millrace-autoscaler-'))
      t.after(() => rm(directory, { recursive: true, force: true }))
      const file = join(directory, 'autoscaler.yaml')
      await writeFile(file, stringify(autoscalerOf(readYaml(`${DIRECTORY}/scaled-object.yaml`))))
      await validate(version, file)
    })
  }
})

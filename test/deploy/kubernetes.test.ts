import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { PROJECT, readImage, readText, readYaml, seconds } from '../support/deploy/deploy-files.js'
import { labelsIn, labelsOf, seriesIn } from '../support/deploy/metric-use.js'

type Texts = Readonly<Record<string, string>>

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string }
  readonly periodSeconds: number
  readonly failureThreshold: number
}

interface Container {
  readonly args: readonly string[]
  readonly env: readonly {
    readonly name: string
    readonly valueFrom: { readonly fieldRef: { readonly fieldPath: string } }
  }[]
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[]
  readonly startupProbe: Probe
  readonly livenessProbe: Probe
  readonly readinessProbe: Probe
  readonly securityContext: Readonly<Record<string, unknown>>
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[]
  readonly resources: { readonly requests: Texts; readonly limits: Texts }
}

interface StatefulSet {
  readonly metadata: { readonly name: string }
  readonly spec: {
    readonly replicas?: number
    readonly selector: { readonly matchLabels: Texts }
    readonly volumeClaimTemplates: readonly { readonly metadata: { readonly name: string } }[]
    readonly template: {
      readonly metadata: { readonly labels: Texts; readonly annotations: Texts }
      readonly spec: {
        readonly terminationGracePeriodSeconds: number
        readonly securityContext: Readonly<Record<string, unknown>>
        readonly containers: readonly Container[]
      }
    }
  }
}

interface ScaledObject {
  readonly apiVersion: string
  readonly spec: {
    readonly scaleTargetRef: { readonly apiVersion: string; readonly kind: string; readonly name: string }
    readonly minReplicaCount: number
    readonly maxReplicaCount: number
    readonly triggers: readonly {
      readonly type: string
      readonly name: string
      readonly metricType: string
      readonly metadata: Texts
    }[]
  }
}

const DIRECTORY = 'deploy/kubernetes'
const SESSION_TIMEOUT_S = 45

const manifest = <T>(name: string): T => readYaml<T>(`${DIRECTORY}/${name}.yaml`)

describe('the manifests for Kubernetes', () => {
  const image = readImage()
  const set = manifest<StatefulSet>('stateful-set')
  const pod = set.spec.template
  const worker = pod.spec.containers[0]!
  const { data: configuration } = manifest<{ data: Texts }>('configuration')
  const scaled = manifest<ScaledObject>('scaled-object').spec

  test('are all applied by the kustomization', () => {
    const { resources } = manifest<{ resources: readonly string[] }>('kustomization')
    const files = readdirSync(join(PROJECT, DIRECTORY)).filter((file) => file !== 'kustomization.yaml')
    assert.deepEqual([...resources].sort(), files.sort())
    assert.ok(readText('docs/production.md').includes(`kubectl apply -k ${DIRECTORY}`))
  })

  test('mean the same pods everywhere', () => {
    const service = manifest<{ spec: { selector: Texts } }>('service')
    const budget = manifest<{ spec: { selector: { matchLabels: Texts } } }>('pod-disruption-budget')
    const selectors = [service.spec.selector, budget.spec.selector.matchLabels, set.spec.selector.matchLabels]
    for (const labels of selectors) assert.deepEqual(labels, pod.metadata.labels)
    const target = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: set.metadata.name }
    assert.deepEqual(scaled.scaleTargetRef, target)
  })

  test('run what the image has', () => {
    assert.deepEqual(worker.args, image.command)
  })

  test('give each worker its name in the group, and a disk for its state', () => {
    const name = worker.env.find((variable) => variable.name === 'MILLRACE_GROUP_INSTANCE_ID')
    assert.equal(name?.valueFrom.fieldRef.fieldPath, 'metadata.name')
    const [mount] = worker.volumeMounts
    assert.equal(mount!.mountPath, image.env.MILLRACE_STATE_DIR)
    assert.equal(set.spec.volumeClaimTemplates[0]!.metadata.name, mount!.name)
  })

  test('ask /healthz whether it lives and /readyz whether it has its tasks', () => {
    assert.equal(worker.startupProbe.httpGet.path, '/healthz')
    assert.equal(worker.livenessProbe.httpGet.path, '/healthz')
    assert.equal(worker.readinessProbe.httpGet.path, '/readyz')
    const [port] = worker.ports
    assert.equal(port!.containerPort, image.ports[0])
    assert.equal(pod.metadata.annotations['prometheus.io/port'], String(image.ports[0]))
    for (const probe of [worker.startupProbe, worker.livenessProbe, worker.readinessProbe]) {
      assert.equal(probe.httpGet.port, port!.name)
    }
  })

  test('do not take a worker for dead before the group does', () => {
    const { periodSeconds, failureThreshold } = worker.livenessProbe
    assert.ok(periodSeconds * failureThreshold >= SESSION_TIMEOUT_S)
  })

  test('give a worker longer to stop than it takes', () => {
    const { terminationGracePeriodSeconds: grace } = pod.spec
    assert.ok(grace > seconds(configuration.MILLRACE_SHUTDOWN_TIMEOUT!))
  })

  test('run it as the user of the image, who may write its state only', () => {
    const [uid, gid] = image.user.split(':').map(Number)
    const { runAsNonRoot, runAsUser, fsGroup } = pod.spec.securityContext
    assert.deepEqual([runAsNonRoot, runAsUser, fsGroup], [true, uid, gid])
    assert.deepEqual(worker.securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
  })

  test('keep its memory, and not its CPU, within a limit', () => {
    const { requests, limits } = worker.resources
    assert.deepEqual(limits, { memory: requests.memory })
  })

  test('leave the number of workers to the autoscaler, which goes by lag and by age', () => {
    assert.equal(set.spec.replicas, undefined)
    assert.ok(scaled.minReplicaCount < scaled.maxReplicaCount)
    assert.deepEqual(
      scaled.triggers.map(({ name, type, metricType }) => [name, type, metricType]),
      [
        ['lag', 'prometheus', 'AverageValue'],
        ['age', 'prometheus', 'Value'],
      ],
    )
    for (const { metadata } of scaled.triggers) {
      // KEDA takes nothing else.
      for (const value of Object.values(metadata)) assert.equal(typeof value, 'string')
      const [series] = seriesIn(metadata.query!)
      for (const label of labelsIn(metadata.query!)) assert.ok(labelsOf(series!).includes(label), label)
    }
  })
})

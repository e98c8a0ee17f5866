import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readText, readYaml } from '../support/deploy/deploy-files.js'
import { labelsIn, labelsOf, seriesIn } from '../support/deploy/metric-use.js'

interface Alert {
  readonly alert: string
  readonly expr: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: { readonly summary: string; readonly runbook: string }
}

interface Rules {
  readonly groups: readonly { readonly rules: readonly Alert[] }[]
}

interface RuleTests {
  readonly tests: readonly {
    readonly input_series: readonly { readonly series: string }[]
    readonly alert_rule_test: readonly {
      readonly alertname: string
      readonly exp_alerts?: readonly unknown[]
    }[]
  }[]
}

const alerts = readYaml<Rules>('deploy/prometheus/alerts.yml').groups.flatMap(({ rules }) => rules)
const { tests } = readYaml<RuleTests>('deploy/prometheus/alerts.test.yml')

const SERIES = /^(\w+)\{(.*)\}$/

describe('the alerts', () => {
  test('have a name each, and say how urgent they are', () => {
    assert.equal(new Set(alerts.map(({ alert }) => alert)).size, alerts.length)
    for (const { alert, labels } of alerts) {
      assert.match(alert, /^Millrace[A-Z]\w+$/)
      assert.ok(['critical', 'warning'].includes(labels.severity!), alert)
    }
  })

  test('use series that there are, and labels that these have', () => {
    for (const { alert, expr } of alerts) {
      const series = seriesIn(expr)
      assert.ok(series.length > 0, alert)
      const known = new Set(series.flatMap(labelsOf))
      for (const label of labelsIn(expr)) assert.ok(known.has(label), `${alert}: ${label}`)
    }
  })

  test('have a section each on what to do; there is none for an alert that is gone', () => {
    const sections = [...readText('docs/production.md').matchAll(/^### (Millrace\w+)$/gm)]
    assert.deepEqual(
      sections.map(([, name]) => name),
      alerts.map(({ alert }) => alert),
    )
    for (const { alert, annotations } of alerts) {
      assert.equal(annotations.runbook, `docs/production.md#${alert.toLowerCase()}`)
    }
  })

  test('are each tried in a case in which they fire', () => {
    const fired = tests
      .flatMap(({ alert_rule_test: cases }) => cases)
      .filter(({ exp_alerts: expected = [] }) => expected.length > 0)
      .map(({ alertname }) => alertname)
    assert.deepEqual([...new Set(fired)].sort(), alerts.map(({ alert }) => alert).sort())
  })

  test('are tried with series as a worker has them', () => {
    for (const { series } of tests.flatMap(({ input_series: inputs }) => inputs)) {
      const [, name, labels] = SERIES.exec(series)!
      if (name === 'up') continue
      const given = [...labels!.matchAll(/(\w+)="/g)].map(([, label]) => label!)
      const expected = labelsOf(name!).filter((label) => label !== 'application')
      assert.deepEqual(given.sort(), [...expected].sort(), series)
    }
  })
})

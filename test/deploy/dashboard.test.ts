import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { dashboardPanels, readDashboard } from '../support/deploy/dashboard.js'
import { labelsIn, labelsOf, seriesIn } from '../support/deploy/metric-use.js'

const dashboard = readDashboard()
const panels = dashboardPanels()

const VARIABLE = /\$\{?(\w+)\}?/g

/** Those that Prometheus gives to its own series of alerts. */
const LABELS_OF_ALERTS = ['alertname', 'alertstate', 'job']

describe('the dashboard', () => {
  test('says of each panel what it shows, and in what unit', () => {
    for (const { title, description, fieldConfig } of panels) {
      assert.match(description, /\.$/, title)
      assert.notEqual(fieldConfig.defaults.unit, undefined, title)
    }
  })

  test('has a title and an id for each panel', () => {
    const { panels: all } = dashboard
    assert.equal(new Set(all.map(({ id }) => id)).size, all.length)
    assert.equal(new Set(all.map(({ title }) => title)).size, all.length)
  })

  test('queries series that there are, by labels that these have', () => {
    for (const { title, targets } of panels) {
      for (const { expr } of targets) {
        const ofAlerts = expr.includes('ALERTS') ? LABELS_OF_ALERTS : []
        const known = new Set([...seriesIn(expr).flatMap(labelsOf), ...ofAlerts])
        for (const label of labelsIn(expr)) assert.ok(known.has(label), `${title}: ${label}`)
      }
    }
  })

  test('keeps to the application that is chosen', () => {
    for (const { title, targets } of panels) {
      for (const { expr } of targets) {
        const selectors = [...expr.matchAll(/\{([^}]*)\}/g)].map(([, matchers]) => matchers!)
        assert.ok(selectors.length > 0, title)
        for (const matchers of selectors) assert.match(matchers, /job=~"\$job"/, title)
      }
    }
  })

  test('uses variables that it has', () => {
    const names = dashboard.templating.list.map(({ name }) => name)
    const used = panels.flatMap(({ targets, datasource }) => [
      datasource.uid,
      ...targets.map(({ expr }) => expr),
    ])
    for (const [, name] of used.flatMap((text) => [...text.matchAll(VARIABLE)])) {
      if (!name!.startsWith('__')) assert.ok(names.includes(name!), name)
    }
  })

  test('has room for each panel', () => {
    for (const one of dashboard.panels) {
      assert.ok(one.gridPos.x + one.gridPos.w <= 24, one.title)
      for (const other of dashboard.panels.filter((panel) => panel !== one)) {
        const [a, b] = [one.gridPos, other.gridPos]
        const apart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y
        assert.ok(apart, `${one.title} lies over ${other.title}`)
      }
    }
  })
})

import { DESCRIPTION_ID, type PageDescription, STATUS_PATH } from '../page-description.js'
import { shownResults } from '../results/shown-results.js'
import type { Status } from '../status.js'
import { byId, setText } from './elements.js'
import { FiguresView } from './figures-view.js'
import { ProcessView } from './process-view.js'
import { followFeed } from './results-source.js'
import { ResultsView } from './results-view.js'
import { TopologyView } from './topology-view.js'

const description = JSON.parse(byId(DESCRIPTION_ID).textContent) as PageDescription
const { results } = description
const figures = new FiguresView()
const topology = new TopologyView(description.topology)
const processView = new ProcessView()
const resultsView = results && new ResultsView(results)

type StateKind = 'connecting' | 'good' | 'busy' | 'bad'

const KINDS: Readonly<Partial<Record<Status['state'], StateKind>>> = { running: 'good', error: 'bad' }

/** Says how things stand, and only where that has changed: it is read out. */
function showState(state: string, kind: StateKind): void {
  const element = byId('state')
  element.dataset.state = kind
  setText(element, state)
}

function showStatus(status: Status): void {
  if (status.fingerprint !== description.topology.fingerprint) {
    location.reload()
    return
  }
  showState(status.state, KINDS[status.state] ?? 'busy')
  figures.show(status)
  topology.show(status)
  processView.show(status)
  const { results: shown } = status
  if (shown !== undefined) {
    resultsView?.show((palette) => {
      palette.assign(shown.series?.names ?? [])
      return shown
    })
  }
}

const statuses = new EventSource(STATUS_PATH)
statuses.addEventListener('message', ({ data }) => showStatus(JSON.parse(data)))
statuses.addEventListener('error', () => showState('connection lost, trying again', 'bad'))

if (results?.feed !== undefined && resultsView !== undefined) {
  const panel = document.querySelector<HTMLElement>('.results')!
  const problem = panel.querySelector('[data-problem]')!
  followFeed(results.feed, results, {
    changed: (table) =>
      resultsView.show((palette) =>
        shownResults(table, results, (rows) => {
          palette.assign(rows.map(({ name }) => name))
          return palette.names
        }),
      ),
    state(live, why) {
      panel.dataset.live = String(live)
      if (live || why !== undefined) setText(problem, live ? '' : why!)
    },
  })
}

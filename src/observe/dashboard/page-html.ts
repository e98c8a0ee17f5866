import { DESCRIPTION_ID, type PageDescription, type PageResults } from './page-description.js'
import type { ResultColumn } from './results/results-description.js'
import { hasSeries } from './results/shown-results.js'

export interface PageLinks {
  readonly style: string
  /** The modules of the page, the one that begins first. */
  readonly modules: readonly string[]
}

/** The page as it is before anything is known. */
export const pageHtml = (
  description: PageDescription,
  { style, modules }: PageLinks,
): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(description.title)} · Millrace</title>
<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(ICON)}">
<link rel="stylesheet" href="${style}">
${modules.map((module) => `<link rel="modulepreload" href="${module}">`).join('\n')}
<script type="module" src="${modules[0]}"></script>
</head>
<body>
<a class="skip" href="#content">Skip to the figures</a>
<header class="masthead">
<p class="brand">Millrace</p>
<h1>${escaped(description.title)}</h1>
<p class="state" id="state" role="status" data-state="connecting">connecting</p>
</header>
<noscript><p class="notice">This page shows a running application and needs JavaScript. Without: <a href="/topology">/topology</a>, <a href="/metrics">/metrics</a>.</p></noscript>
<main id="content">
<section class="figures" aria-label="Figures">
${FIGURES.map(figureHtml).join('\n')}
</section>
${description.results === undefined ? '' : resultsHtml(description.results)}
<section class="panel" aria-labelledby="topology-title">
<div class="panel-head"><h2 id="topology-title">Topology</h2><p class="note">Records a second, by this process</p></div>
<div class="picture" id="topology" role="region" aria-labelledby="topology-title" tabindex="0"></div>
</section>
<section class="panel" aria-labelledby="process-title">
<div class="panel-head"><h2 id="process-title">This process</h2><p class="note" id="process-note"></p></div>
<div class="scroll" role="region" aria-labelledby="process-title" tabindex="0">
<table class="inputs">
<thead><tr><th scope="col">topic</th><th scope="col">partitions</th><th scope="col">records/s</th><th scope="col">lag</th></tr></thead>
<tbody id="inputs"></tbody>
</table>
</div>
<ul class="threads" id="threads" aria-label="Stream threads and their tasks"></ul>
</section>
</main>
<footer><nav aria-label="Other views"><a href="/metrics">metrics</a> <a href="/topology">topology as text</a> <a href="/healthz">health</a> <a href="/readyz">readiness</a></nav></footer>
<script type="application/json" id="${DESCRIPTION_ID}">${scriptJson(description)}</script>
</body>
</html>
`

const FIGURES = [
  { id: 'throughput', title: 'Throughput', unit: 'records/s' },
  { id: 'lag', title: 'Lag', unit: 'records' },
  { id: 'event-time', title: 'Event time', unit: 'UTC' },
  { id: 'commits', title: 'Commits', unit: 'a second' },
]

const figureHtml = ({ id, title, unit }: (typeof FIGURES)[number]): string =>
  `<div class="figure" id="${id}"><h2>${title}</h2><p class="value"><span data-value>–</span> <span class="unit">${unit}</span></p><svg class="spark" aria-hidden="true"></svg><p class="detail" data-detail></p></div>`

const resultsHtml = (
  results: PageResults,
): string => `<section class="panel results" aria-labelledby="results-title">
<div class="panel-head"><h2 id="results-title">${escaped(results.title)}</h2><p class="note">${spanNote(results)}</p></div>
<p class="problem" data-problem role="status"></p>
<div class="results-body">
${hasSeries(results) ? CHART : ''}
<div class="scroll" role="region" aria-labelledby="results-title" tabindex="0">
<table class="board">
<thead><tr><th scope="col">${escaped(results.row)}</th>${results.columns.map(columnHtml).join('')}</tr></thead>
<tbody id="rows"></tbody>
</table>
<p class="waiting" id="waiting">waiting for results</p>
</div>
</div>
</section>`

const CHART =
  '<figure class="chart"><svg id="chart" role="img" aria-labelledby="chart-caption"></svg><figcaption id="chart-caption"></figcaption></figure>'

const spanNote = ({ lastHours }: PageResults): string =>
  lastHours === undefined ? 'the latest of each' : `last ${lastHours} hours of event time`

const columnHtml = ({ title }: ResultColumn): string => `<th scope="col">${escaped(title)}</th>`

/** A mill wheel. */
const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><g fill="none" stroke="#e8a33d" stroke-width="3"><circle cx="16" cy="16" r="9"/><path d="M16 1v30M1 16h30M5.4 5.4l21.2 21.2M26.6 5.4L5.4 26.6"/></g></svg>'

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => ENTITIES[character]!)

/** JSON that ends no element. */
const scriptJson = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c')

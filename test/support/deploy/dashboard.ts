import { readText } from './deploy-files.js'

interface GridPosition {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

/** What the panels of a Grafana dashboard have in common. */
interface AnyPanel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly gridPos: GridPosition
}

export interface QueryPanel extends AnyPanel {
  readonly description: string
  readonly datasource: { readonly uid: string }
  readonly fieldConfig: { readonly defaults: { readonly unit: string } }
  readonly targets: readonly { readonly expr: string }[]
}

interface Dashboard {
  readonly panels: readonly AnyPanel[]
  readonly templating: { readonly list: readonly { readonly name: string }[] }
}

export const readDashboard = (): Dashboard =>
  JSON.parse(readText('deploy/grafana/dashboards/millrace.json')) as Dashboard

const isQueryPanel = (panel: AnyPanel): panel is QueryPanel => panel.type !== 'row'

/** The panels that show something; the others are headings. */
export const dashboardPanels = (): readonly QueryPanel[] => readDashboard().panels.filter(isQueryPanel)

/** Whether the description of a panel says when it is empty, as it may be where all is well. */
export const mayBeEmpty = ({ description }: QueryPanel): boolean => /\bEmpty: /.test(description)

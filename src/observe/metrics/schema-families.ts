import type { SchemaLoads } from '../../serdes/schema-loads.js'
import { type MetricFamily, type Part, perPart, seconds } from './metric-family.js'

/** A figure of each schema registry. */
const perRegistry = (
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  value: (loads: SchemaLoads) => number,
): MetricFamily =>
  perPart({ name, type, help }, ['registry'], ({ schemaLoads }) =>
    schemaLoads.map((loads): Part => [{ registry: loads.registry }, value(loads)]),
  )

/** What there is to fetch of schema registries; absent where no serde has one. */
export const SCHEMA_FAMILIES: readonly MetricFamily[] = [
  perRegistry(
    'millrace_schema_registry_fetched_schemas_total',
    'counter',
    'Schemas that were fetched by the ids in records',
    ({ fetched }) => fetched,
  ),
  perRegistry(
    'millrace_schema_registry_unknown_schemas_total',
    'counter',
    'Ids in records that the registry had no schema for that can be used',
    ({ notFound }) => notFound,
  ),
  perRegistry(
    'millrace_schema_registry_failures_total',
    'counter',
    'Schemas that could not be fetched and were asked for again: the registry was away, slow or refused',
    ({ failures }) => failures,
  ),
  perRegistry(
    'millrace_schema_registry_awaited_schemas',
    'gauge',
    'Schemas that are being fetched: records that have them wait',
    ({ pending }) => pending,
  ),
  perRegistry(
    'millrace_schema_registry_outage_seconds',
    'gauge',
    'For how long schemas cannot be fetched; 0 while the registry answers',
    ({ outageMs }) => seconds(outageMs ?? 0),
  ),
]

/**
 * The part of the Standard Schema interface (https://standardschema.dev, version 1) that reading a value needs. Zod,
 * Valibot, ArkType and others implement it.
 */
export interface StandardSchema<Output> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>
  }
}

type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] }

interface SchemaIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** `flights[0].delay: Expected number`, one line for each issue. */
export function describeIssues(issues: readonly SchemaIssue[]): string {
  return issues.map((issue) => `${pathOf(issue)}${issue.message}`).join('; ')
}

function pathOf(issue: SchemaIssue): string {
  if (issue.path === undefined || issue.path.length === 0) return ''
  let text = ''
  for (const part of issue.path) {
    const key = typeof part === 'object' ? part.key : part
    if (typeof key === 'number') text += `[${key}]`
    else text += text === '' ? String(key) : `.${String(key)}`
  }
  return `${text}: `
}

export type { SchemaResult }

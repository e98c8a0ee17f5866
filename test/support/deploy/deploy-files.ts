import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { imageConfig, parseDockerfile } from './dockerfile.js'

export const PROJECT = join(import.meta.dirname, '../../../..')

export const readText = (path: string): string => readFileSync(join(PROJECT, path), 'utf8')

/** A YAML file, merge keys and anchors resolved. */
export const readYaml = <T>(path: string): T => parse(readText(path), { merge: true }) as T

export const readImage = () => imageConfig(parseDockerfile(readText('Dockerfile')))

/** A duration of a configuration, `45s` or `2m`, in seconds. */
export const seconds = (text: string): number => {
  const [, number, unit] = /^(\d+)(s|m|h|d)$/.exec(text) ?? []
  if (unit === undefined) throw new Error(`'${text}' is not a duration`)
  return Number(number) * { s: 1, m: 60, h: 3600, d: 86_400 }[unit as 's' | 'm' | 'h' | 'd']
}

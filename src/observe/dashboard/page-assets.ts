import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** Where the page's own modules begin; they and what they import are served, nothing else. */
const PAGE_MODULE = new URL('./page/main.js', import.meta.url)
const STYLE = new URL('page.css', PAGE_MODULE)

const IMPORT = /\b(?:from|import)\s*'(\.[^']+)'/g
/** The sources are not served. */
const SOURCE_MAP = /^\/\/# sourceMappingURL=.*$/m
/** Addresses are relative to the folder of this layer, as the modules are to each other. */
const ROOT = PAGE_MODULE.href.slice(0, -'dashboard/page/main.js'.length)

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
}

export interface PageAsset {
  readonly contentType: string
  readonly text: string
}

/** What a page loads, by path from the folder of this layer; the module that begins is the first. */
export async function loadPageAssets(): Promise<ReadonlyMap<string, PageAsset>> {
  const assets = new Map<string, PageAsset>()
  const load = async (url: URL): Promise<void> => {
    const path = url.href.slice(ROOT.length)
    if (assets.has(path)) return
    const text = (await readFile(fileURLToPath(url), 'utf8')).replace(SOURCE_MAP, '')
    assets.set(path, { contentType: CONTENT_TYPES[path.split('.').at(-1)!]!, text })
    for (const [, relative] of text.matchAll(IMPORT)) await load(new URL(relative!, url))
  }
  await load(PAGE_MODULE)
  await load(STYLE)
  return assets
}

/** The path of the page's style. */
export const STYLE_PATH = STYLE.href.slice(ROOT.length)

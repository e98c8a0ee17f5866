import { join, relative } from 'node:path'
import { SyntaxKind } from 'typescript/unstable/ast'
import { API } from 'typescript/unstable/sync'
import { readComment } from './doc-comment.mjs'
import { projectRoot } from './project.mjs'

/**
 * What the public entry exports, with its doc comments: `{ name, kind, file, signature, doc, members }`, members as
 * `{ name, kind, signatures, doc }`; a function has `signatures`, too. Read from the sources, so that it needs no build.
 */
export const readApi = () => {
  const api = new API({ cwd: projectRoot })
  try {
    const snapshot = api.updateSnapshot({ openProject: join(projectRoot, 'tsconfig.json') })
    const { program, checker } = snapshot.getProjects()[0]
    const entry = checker.getSymbolAtLocation(program.getSourceFile(join(projectRoot, 'src/index.ts')))
    return checker
      .getExportsOfModule(entry)
      .map((symbol) => readExport(symbol.name, checker.getAliasedSymbol(symbol).declarations))
  } finally {
    api.close()
  }
}

const KINDS = new Map([
  [SyntaxKind.InterfaceDeclaration, 'interface'],
  [SyntaxKind.ClassDeclaration, 'class'],
  [SyntaxKind.TypeAliasDeclaration, 'type'],
  [SyntaxKind.FunctionDeclaration, 'function'],
  [SyntaxKind.VariableDeclaration, 'const'],
])

const readExport = (name, declarations) => {
  const nodes = declarations.map((handle) => handle.resolve())
  const [declaration] = nodes
  const kind = KINDS.get(declaration.kind)
  if (kind === undefined) throw new Error(`the reference does not know how to show ${name}`)
  const { fileName } = declaration.getSourceFile()
  return {
    name,
    kind,
    file: relative(projectRoot, fileName).replaceAll('\\', '/'),
    signature: signatureOf(declaration),
    signatures: kind === 'function' ? callable(nodes) : undefined,
    doc: commentOf(declaration),
    members: membersOf(declaration),
  }
}

/** The statement of a variable carries its comment. */
const commented = (node) => (node.kind === SyntaxKind.VariableDeclaration ? node.parent.parent : node)

const commentOf = (node) => {
  const owner = commented(node)
  const comment = owner.jsDoc?.at(-1)
  return readComment(comment === undefined ? '' : textBetween(node, comment.pos, comment.end))
}

const textBetween = (node, from, to) => node.getSourceFile().text.slice(from, to).trim()

/** Where a node's own text begins, behind its comments. */
const beginOf = (node) => commented(node).jsDoc?.at(-1)?.end ?? commented(node).pos

/** A declaration without what it does. */
const signatureOf = (node) => {
  const made = node.initializer
  const body = node.body ?? made?.body
  if (body !== undefined) return textBetween(node, beginOf(node), body.pos).replace(/\s*=>$/, '')
  if (made !== undefined) return textBetween(node, beginOf(node), made.pos).replace(/\s*[:=]$/, '')
  return textBetween(node, beginOf(node), node.end)
}

const isPublic = (member) =>
  member.name !== undefined &&
  member.name.kind === SyntaxKind.Identifier &&
  !(member.modifiers ?? []).some(({ kind }) => kind === SyntaxKind.PrivateKeyword)

const memberKind = (member) => {
  const callable = [SyntaxKind.MethodSignature, SyntaxKind.MethodDeclaration].includes(member.kind)
  const made = member.initializer?.kind === SyntaxKind.ArrowFunction
  return callable || made ? 'method' : 'property'
}

/** Of an interface, a class, or a constant that is an object of functions; overloads are one member. */
const membersOf = (declaration) => {
  const members = declaration.members ?? declaration.initializer?.properties ?? []
  const byName = new Map()
  for (const member of members) {
    if (!isPublic(member)) continue
    const present = byName.get(member.name.text)
    if (present === undefined) byName.set(member.name.text, [member])
    else present.push(member)
  }
  return [...byName].map(([name, overloads]) => ({
    name,
    kind: memberKind(overloads[0]),
    signatures: callable(overloads),
    doc: commentOfAll(overloads),
  }))
}

/** What the comments of overloads say, one after the other. */
const commentOfAll = (overloads) => {
  const comments = overloads.map(commentOf)
  return {
    text: comments
      .map(({ text }) => text)
      .filter((text) => text !== '')
      .join('\n\n'),
    tags: comments.flatMap(({ tags }) => tags),
    examples: comments.flatMap(({ examples }) => examples),
  }
}

/** Signatures that can be called: of several, the one with a body is not. */
const callable = (overloads) =>
  overloads.filter(({ body }) => overloads.length === 1 || body === undefined).map(signatureOf)

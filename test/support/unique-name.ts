import { randomBytes } from 'node:crypto'

/** A name that no other test uses, for topics, groups and transactional ids. */
export const uniqueName = (prefix: string): string => `${prefix}-${randomBytes(6).toString('hex')}`

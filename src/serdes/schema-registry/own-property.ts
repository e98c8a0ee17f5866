/** A property of the data: what all objects inherit (`constructor` may be the name of a field) is none. */
export function ownProperty(object: Readonly<Record<string, unknown>>, name: string): unknown {
  const value = object[name]
  return value !== undefined && name in Object.prototype && !Object.hasOwn(object, name) ? undefined : value
}

/** Sets a property that the data has named. */
export function setOwnProperty(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(object, name, { value, configurable: true, enumerable: true, writable: true })
  } else object[name] = value
}

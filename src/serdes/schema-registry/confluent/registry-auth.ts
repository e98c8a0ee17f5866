import type { MaybePromise } from '../../settle.js'

/** Credentials: a name and a password (such as Confluent Cloud's API key and secret), or a bearer token. */
export type RegistryAuth =
  | { readonly username: string; readonly password: string }
  | {
      /** A function is called for every request, so that a token that expires can be renewed. */
      readonly token: string | (() => MaybePromise<string>)
    }

const basic = (username: string, password: string): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`

/** What makes the header Authorization. */
export const authorizationOf = (auth: RegistryAuth): (() => MaybePromise<string>) => {
  if ('token' in auth) {
    const { token } = auth
    return typeof token === 'string' ? () => `Bearer ${token}` : async () => `Bearer ${await token()}`
  }
  const header = basic(auth.username, auth.password)
  return () => header
}

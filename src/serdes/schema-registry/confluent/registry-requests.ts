import type { ApiRequest } from './api-client.js'

/** What a registry can be asked, by the paths of Confluent's API. */
export const requests = {
  schema: (id: number): ApiRequest => ({
    shown: `GET /schemas/ids/${id}`,
    resource: 'Schema',
    method: 'find',
    parameters: { id },
  }),
  versions: (subject: string): ApiRequest => ({
    shown: `GET /subjects/${subject}/versions`,
    resource: 'Subject',
    method: 'all',
    parameters: { subject, path: '/subjects/{subject}/versions' },
  }),
  version: (subject: string, version: number | 'latest'): ApiRequest => ({
    shown: `GET /subjects/${subject}/versions/${version}`,
    resource: 'Subject',
    method: 'version',
    parameters: { subject, version },
  }),
  lookup: (subject: string, body: object): ApiRequest => ({
    shown: `POST /subjects/${subject}`,
    resource: 'Subject',
    method: 'registered',
    parameters: { subject, body },
  }),
  register: (subject: string, body: object): ApiRequest => ({
    shown: `POST /subjects/${subject}/versions`,
    resource: 'Subject',
    method: 'register',
    parameters: { subject, body },
  }),
  compatibility: (subject: string): ApiRequest => ({
    shown: `GET /config/${subject}`,
    resource: 'Subject',
    method: 'config',
    parameters: { subject },
  }),
  compatibilityOfAll: (): ApiRequest => ({
    shown: 'GET /config',
    resource: 'Subject',
    method: 'all',
    parameters: { path: '/config' },
  }),
  setCompatibility: (subject: string, compatibility: string): ApiRequest => ({
    shown: `PUT /config/${subject}`,
    resource: 'Subject',
    method: 'updateConfig',
    parameters: { subject, body: { compatibility } },
  }),
  checkLatest: (subject: string, body: object): ApiRequest => ({
    shown: `POST /compatibility/subjects/${subject}/versions/latest`,
    resource: 'Subject',
    method: 'compatible',
    parameters: { subject, version: 'latest', verbose: true, body },
  }),
  checkAll: (subject: string, body: object): ApiRequest => ({
    shown: `POST /compatibility/subjects/${subject}/versions`,
    resource: 'Subject',
    method: 'compatible',
    // The package would put a version of its own into the query.
    parameters: {
      subject,
      version: undefined,
      verbose: true,
      body,
      path: '/compatibility/subjects/{subject}/versions',
    },
  }),
}

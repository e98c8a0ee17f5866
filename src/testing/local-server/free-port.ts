import { createServer } from 'node:net'

const LOOPBACK = '127.0.0.1'

const listenOn = (port: number): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    )
    server.listen(port, LOOPBACK, () => {
      const address = server.address()
      const bound = typeof address === 'object' && address ? address.port : undefined
      server.close(() => resolve(bound))
    })
  })

/** Whether nothing listens on a loopback port now. */
export const isPortFree = async (port: number): Promise<boolean> => (await listenOn(port)) !== undefined

/** A loopback port that the system has just given out and taken back. */
export const freePort = async (): Promise<number> => {
  const port = await listenOn(0)
  if (port === undefined) throw new Error('the system gave out no loopback port')
  return port
}

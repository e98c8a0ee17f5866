import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

export const STORE_PASSWORD = 'changeit'

/** A key with a self-signed certificate for 127.0.0.1; gives the key store (PKCS 12) and the certificate as PEM. */
export const createCertificate = (directory: string): { keyStore: string; certificate: string } => {
  const keyStore = join(directory, 'server.p12')
  const store = ['-alias', 'server', '-keystore', keyStore, '-storepass', STORE_PASSWORD]
  const subject = ['-dname', 'CN=127.0.0.1', '-ext', 'SAN=ip:127.0.0.1']
  execFileSync('keytool', ['-genkeypair', ...store, '-keyalg', 'RSA', '-storetype', 'PKCS12', ...subject], {
    stdio: 'ignore',
  })
  return {
    keyStore,
    certificate: execFileSync('keytool', ['-exportcert', '-rfc', ...store], { encoding: 'utf8' }),
  }
}

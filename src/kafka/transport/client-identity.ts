/** How the engine presents itself to brokers (KIP-511). */
export const CLIENT_NAME = 'millrace'
export const CLIENT_VERSION = '0.1.0'

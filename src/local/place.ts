import { randomInt } from 'node:crypto'
import { freePort, isMissing, probePort } from './free-port.js'

/** Where a server listens. */
export interface Place {
  readonly host: string
  readonly port: number
}

const LOOPBACK = '127.0.0.1'
const TRIES = 10

/**
 * A free place of loopback that no web page finds by trying: a random address of 127.0.0.0/8 and a random port,
 * one of 2^39. Platforms with no address but 127.0.0.1 (macOS) get a free port of that one.
 */
export async function secludedPlace(): Promise<Place> {
  for (let tries = 1; tries <= TRIES; tries++) {
    const host = `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}`
    try {
      return { host, port: await probePort(host, randomInt(1024, 65_536)) }
    } catch (error) {
      if (isMissing(error)) break
    }
  }
  return { host: LOOPBACK, port: await freePort(LOOPBACK) }
}

/** Whether web pages can't find a place. */
export const isSecluded = ({ host }: Place): boolean => host !== LOOPBACK

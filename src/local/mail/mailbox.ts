import { mkdir, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Mail, Mailer } from '../../email/mailer.js'
import type { Clock } from '../../lib/clock.js'

/** A mail that has arrived. */
export interface ReceivedMail extends Mail {
  readonly id: string
  /** ISO 8601. */
  readonly receivedAt: string
}

export interface MailboxOptions {
  readonly folder: string
  readonly clock: Clock
}

/** In a data folder. */
export const mailboxFolder = (dataDir: string): string => join(resolve(dataDir), 'mail')

/** The newest are kept. */
const MOST = 200

/** Of a message, in front of the domain of its `Message-ID`. */
const ID = /^[0-9a-f-]{36}$/
/** When it came and which it is. A later copy of one mail takes the place of the earlier. */
const NAME = /^(\d{15})-([0-9a-f-]{36})\.json$/

/**
 * The mails of the local server, which sends none: a folder of files (mode 0600), since they have links and codes
 * that open accounts.
 */
export class Mailbox implements Mailer {
  readonly #options: MailboxOptions

  constructor(options: MailboxOptions) {
    this.#options = options
  }

  async send(mail: Mail): Promise<void> {
    const { folder, clock } = this.#options
    const [id = ''] = mail.messageId.split('@')
    if (!ID.test(id)) throw new Error('the Message-ID of a mail must be that of a message')
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const now = clock()
    const received: ReceivedMail = { ...mail, id, receivedAt: new Date(now).toISOString() }
    const draft = join(folder, `${id}.draft`)
    await writeFile(draft, JSON.stringify(received, null, 2), { mode: 0o600 })
    const name = `${String(now).padStart(15, '0')}-${id}.json`
    await rename(draft, join(folder, name))
    const others = (await this.#names()).filter((other) => other !== name)
    const copies = others.filter((other) => idOf(other) === id)
    const tooOld = others.filter((other) => !copies.includes(other)).slice(MOST - 1)
    await this.#remove([...copies, ...tooOld])
  }

  /** Newest first. */
  async list(): Promise<ReceivedMail[]> {
    const mails = await Promise.all((await this.#names()).map((name) => this.#read(name)))
    return mails.filter((mail) => mail !== undefined)
  }

  async find(id: string): Promise<ReceivedMail | undefined> {
    const name = (await this.#names()).find((each) => idOf(each) === id)
    return name === undefined ? undefined : this.#read(name)
  }

  /** Removes the mails to some addresses. */
  async forget(addresses: readonly string[]): Promise<void> {
    const theirs = (await this.list()).filter(({ to }) => addresses.includes(to))
    const ids = new Set(theirs.map(({ id }) => id))
    await this.#remove((await this.#names()).filter((name) => ids.has(idOf(name) ?? '')))
  }

  /** Newest first. */
  async #names(): Promise<string[]> {
    const names = await readdir(this.#options.folder).catch(ifMissing<string[]>([]))
    return names
      .filter((name) => NAME.test(name))
      .sort()
      .reverse()
  }

  /** @returns undefined for one that was removed meanwhile. */
  async #read(name: string): Promise<ReceivedMail | undefined> {
    const text = await readFile(join(this.#options.folder, name), 'utf8').catch(
      ifMissing<undefined>(undefined),
    )
    return text === undefined ? undefined : (JSON.parse(text) as ReceivedMail)
  }

  async #remove(names: readonly string[]): Promise<void> {
    const { folder } = this.#options
    await Promise.all(names.map((name) => unlink(join(folder, name)).catch(ifMissing(undefined))))
  }
}

const idOf = (name: string): string | undefined => NAME.exec(name)?.[2]

const ifMissing =
  <T>(fallback: T) =>
  (error: unknown): T => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return fallback
    throw error
  }

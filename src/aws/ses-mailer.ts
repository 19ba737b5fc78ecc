import {
  SendEmailCommand,
  SESv2Client,
  type SESv2ClientConfig,
  SESv2ServiceException,
} from '@aws-sdk/client-sesv2'
import { fromField } from '../email/from-field.js'
import { type Mail, type Mailer, MailRefused } from '../email/mailer.js'
import { isPlainAddress } from '../email/plain-address.js'

export interface SesMailerOptions {
  /** What SES does with bounces, complaints and TLS. @default - what the identity has of its own */
  readonly configurationSet?: string | undefined
}

const UTF_8 = 'UTF-8'
/** What SES says of a mail that it would never send. */
const REFUSALS = new Set(['MessageRejected', 'BadRequestException'])
/**
 * The exception among them: an identity is not verified, or the account is in the sandbox. That passes, and the
 * mail is good then. https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-error-messages.html
 */
const NOT_VERIFIED = /not verified/i

/**
 * Amazon SES, version 2 of its API. It makes `Message-ID` and `Date` itself, and takes neither.
 * https://docs.aws.amazon.com/ses/latest/dg/header-fields.html
 */
export class SesMailer implements Mailer {
  readonly #client: SESv2Client
  readonly #configurationSet: string | undefined

  constructor({ configurationSet }: SesMailerOptions = {}, config: SESv2ClientConfig = {}) {
    this.#configurationSet = configurationSet
    this.#client = new SESv2Client({
      maxAttempts: 3,
      requestHandler: {
        connectionTimeout: 1_000,
        requestTimeout: 3_000,
        throwOnRequestTimeout: true,
      },
      ...config,
    })
  }

  async send({ from, to, subject, text, html, headers }: Mail): Promise<void> {
    if (!isPlainAddress(to)) throw new MailRefused('the address is not a plain one')
    const send = new SendEmailCommand({
      FromEmailAddress: fromField(from),
      Destination: { ToAddresses: [to] },
      Content: {
        Simple: {
          Subject: { Data: subject, Charset: UTF_8 },
          Body: {
            Text: { Data: text, Charset: UTF_8 },
            Html: { Data: html, Charset: UTF_8 },
          },
          Headers: Object.entries(headers).map(([Name, Value]) => ({ Name, Value })),
        },
      },
      ConfigurationSetName: this.#configurationSet,
    })
    try {
      await this.#client.send(send)
    } catch (error) {
      throw withoutAddress(error)
    }
  }
}

/** The messages of SES name addresses, and logs must not. */
function withoutAddress(error: unknown): Error {
  if (!(error instanceof SESv2ServiceException)) {
    return new Error(`SES did not answer: ${nameOf(error)}`)
  }
  const { name, message } = error
  if (NOT_VERIFIED.test(message)) {
    return new Error(`SES answered ${name}: an address or a domain is not verified`)
  }
  const sentence = `SES answered ${name}`
  return REFUSALS.has(name) ? new MailRefused(sentence) : new Error(sentence)
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error)

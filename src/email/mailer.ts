/** A mail as a mail server gets it. Both addresses are plain `local@domain`, never a list or a display name. */
export interface Mail {
  readonly from: { readonly name: string; readonly address: string }
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  /** Without angle brackets; the same however often the mail is sent (RFC 5322 §3.6.4). SES takes none. */
  readonly messageId: string
  /** Further header fields, such as `Auto-Submitted` (RFC 3834 §5). */
  readonly headers: Readonly<Record<string, string>>
}

/** Sends mail: SES on AWS, SMTP or the mailbox of the local server elsewhere. */
export interface Mailer {
  /**
   * Returns when a mail server has accepted the mail.
   * @throws {MailRefused} for a mail that no later try would send; any other error is worth another try. No
   * message of either holds an address: it is logged.
   */
  send(mail: Mail): Promise<void>
}

/** The mail server refuses this mail for good. Its message holds no address. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused'
}

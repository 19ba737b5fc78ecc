/** Where mails come from that go to the mailbox: an address that no mail reaches. */
export const LOCAL_SENDER = 'latchkey@localhost.localdomain'

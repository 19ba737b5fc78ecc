const TICKET = '#ticket='

/**
 * Takes the ticket of a mail's link out of the address, before all else: it stays in no history, and no link from
 * here on carries it. A form that takes one sends it in the place of the code; pressing its button is left to the
 * person, since programs open the links of mails too.
 */
export function takeMailTicket(): void {
  take()
  // The link of a mail is opened in a tab that shows the page already.
  addEventListener('hashchange', take)
}

function take(): void {
  const { hash, pathname, search } = location
  if (!hash.startsWith(TICKET)) return
  history.replaceState(undefined, '', pathname + search)
  for (const input of document.querySelectorAll<HTMLInputElement>('[data-ticket]')) {
    input.value = hash.slice(TICKET.length)
    input.disabled = false
  }
  for (const part of document.querySelectorAll<HTMLElement>('[data-without-ticket]')) {
    part.hidden = true
    for (const input of part.querySelectorAll('input')) input.disabled = true
  }
  for (const part of document.querySelectorAll<HTMLElement>('[data-with-ticket]')) {
    part.hidden = false
  }
  document.querySelector<HTMLElement>('form input:not([type=hidden], :disabled)')?.focus()
}

import { takeMailTicket } from './mail-ticket.js'
import { copyButtons } from './copy.js'
import { keepSignedInLinks } from './keep-signed-in.js'
import { localTimes } from './local-times.js'
import { passkeys } from './passkey.js'
import { passwordMeters } from './password-meter.js'
import { printButtons } from './print.js'
import { revealButtons } from './reveal.js'
import { sendFormsOnce } from './send-once.js'

/** Everything works without it: what stands here answers sooner, or saves a step. */
takeMailTicket()
localTimes()
revealButtons()
passwordMeters()
copyButtons()
printButtons()
passkeys()
keepSignedInLinks()
sendFormsOnce()
forgetPost()
focusFirst()

// A page that comes back out of memory may belong to a person who has signed out since.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) location.reload()
})

/** The page that shows a new key answers a form: loading it again must not make another one. */
function forgetPost(): void {
  const path = document.querySelector<HTMLElement>('[data-path]')?.dataset.path
  if (path !== undefined) history.replaceState(undefined, '', path)
}

/** The first field that was refused, or else what the page says has happened: a screen reader starts there. */
function focusFirst(): void {
  const wrong = document.querySelector<HTMLElement>('[aria-invalid=true]')
  const first = wrong ?? document.querySelector<HTMLElement>('[data-focus]')
  first?.focus()
}

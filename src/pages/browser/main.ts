import { copyButtons } from './copy.js'
import { localTimes } from './local-times.js'
import { passwordMeters } from './password-meter.js'
import { revealButtons } from './reveal.js'

/** Everything works without it: what stands here answers sooner, or saves a step. */
localTimes()
revealButtons()
passwordMeters()
copyButtons()
forgetPost()
focusNotice()

// A page that comes back out of memory may belong to somebody who has signed out since.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) location.reload()
})

/** The page that shows a new key answers a form: loading it again must not make another one. */
function forgetPost(): void {
  const path = document.querySelector<HTMLElement>('[data-path]')?.dataset.path
  if (path !== undefined) history.replaceState(undefined, '', path)
}

/** Whoever does not see the page begins where it says what happened. */
function focusNotice(): void {
  document.querySelector<HTMLElement>('[data-focus]')?.focus()
}

/** A form that is on its way is not sent again, until the page is shown again by the back button. */
export function sendFormsOnce(): void {
  const sent = new Set<EventTarget>()
  document.addEventListener('submit', (event) => {
    if (event.target === null) return
    if (sent.has(event.target)) event.preventDefault()
    else sent.add(event.target)
  })
  addEventListener('pageshow', () => {
    sent.clear()
  })
}

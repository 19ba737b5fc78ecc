/** The server knows no time zones: it writes UTC, and here it becomes the reader's own time. */
export function localTimes(): void {
  const format = new Intl.DateTimeFormat(document.documentElement.lang, {
    dateStyle: 'medium',
    timeStyle: 'short',
  })
  for (const element of document.querySelectorAll('time')) {
    element.title = element.textContent
    element.textContent = format.format(new Date(element.dateTime))
  }
}

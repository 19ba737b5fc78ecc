/** Puts a new key on the clipboard. */
export function copyButtons(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-copy]')) {
    const { copy = '', copied = '', failed = '' } = button.dataset
    const source = document.getElementById(copy)
    const status = button.closest('section')?.querySelector('[role=status]')
    if (!source || !status) continue
    button.hidden = false
    button.addEventListener('click', () => {
      navigator.clipboard.writeText(source.textContent).then(
        () => {
          status.textContent = copied
        },
        () => {
          getSelection()?.selectAllChildren(source)
          status.textContent = failed
        },
      )
    })
  }
}

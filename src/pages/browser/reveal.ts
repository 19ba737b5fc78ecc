/** Lets people see the password that they type; it is hidden again before it is sent. */
export function revealButtons(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('.reveal')) {
    const input = button.parentElement?.querySelector('input')
    if (!input) continue
    const show = (shown: boolean): void => {
      input.type = shown ? 'text' : 'password'
      button.ariaPressed = String(shown)
    }
    button.hidden = false
    button.addEventListener('click', () => {
      show(input.type === 'password')
    })
    input.form?.addEventListener('submit', () => {
      show(false)
    })
  }
}

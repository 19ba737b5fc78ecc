/** Links to other ways to sign in say, as forms do, whether their person wants to stay signed in. */
export function keepSignedInLinks(): void {
  const box = document.querySelector<HTMLInputElement>('[data-keep-signed-in]')
  if (!box) return
  const tell = () => {
    for (const link of document.querySelectorAll<HTMLAnchorElement>('[data-sign-in]')) {
      const url = new URL(link.href)
      if (box.checked) url.searchParams.delete(box.name)
      else url.searchParams.set(box.name, 'no')
      link.href = url.href
    }
  }
  box.addEventListener('change', tell)
  // A browser that shows the page again puts the box back as it was.
  addEventListener('pageshow', tell)
}

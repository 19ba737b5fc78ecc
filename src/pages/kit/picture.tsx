import type { ComponentChildren } from 'preact'

/** A small drawing in the colour of the text, 22 by 22. It adds nothing for people who cannot see it. */
export const Picture = ({ children }: { readonly children: ComponentChildren }) => (
  <svg
    width="22"
    height="22"
    viewBox="0 0 22 22"
    fill="none"
    stroke="currentColor"
    stroke-width="1.5"
  >
    {children}
  </svg>
)

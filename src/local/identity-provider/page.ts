import { type Asset, makeAssets } from '../../pages/kit/assets.js'

/** The provider's pages, in the style of the service's own. Nothing in them comes from a request. */
export interface ProviderPages {
  /** Asks who signs in. */
  readonly form: string
  /** Says that a sign-in can't go on. */
  readonly failure: string
  find(path: string): Asset | undefined
}

/** Of the provider, whichever colour the team has given its own pages. */
const BRAND = {
  name: 'Local identity provider',
  logo: undefined,
  accentColour: '#3453d1',
  termsUrl: undefined,
  privacyUrl: undefined,
  supportUrl: undefined,
}

export async function makePages(): Promise<ProviderPages> {
  const assets = await makeAssets(BRAND)
  const { icon, style } = assets
  const document = (content: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${BRAND.name}</title>
<link rel="icon" href="${icon.path}" type="${icon.type}">
<link rel="stylesheet" href="${style.path}">
</head>
<body>
<main class="narrow">
<span class="brand"><img src="${icon.path}" alt="" height="28">${BRAND.name}</span>
${content}
</main>
</body>
</html>
`
  return { form: document(FORM), failure: document(FAILURE), find: (path) => assets.find(path) }
}

const FORM = `<form class="card stack" method="post">
<div class="stack tight">
<h1>Who signs in?</h1>
<p class="quiet">For development only: sign in as any person you name.</p>
</div>
<div class="field">
<label for="email">E-mail address</label>
<input id="email" name="email" type="email" autocomplete="off" placeholder="person@example.com" required autofocus>
</div>
<label class="check"><input name="verified" type="checkbox" checked> The provider has verified the address</label>
<div class="field">
<label for="name">Name <span class="quiet">(optional)</span></label>
<input id="name" name="name" autocomplete="off">
</div>
<button class="button main wide">Sign in</button>
<button class="button wide" name="deny" value="true" formnovalidate>Deny</button>
</form>`

const FAILURE = `<div class="card stack">
<h1>This sign-in can’t go on</h1>
<p>It has expired, or it was begun in another browser. Go back to the service and sign in again.</p>
</div>`

/** What the pages are allowed: no script, and nothing from elsewhere. A form's answer leads on to any app. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

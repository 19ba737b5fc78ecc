import type { Traces } from '../trace.js'

export const OTHERS: Traces = {
  'CVE-2026-22706': [
    'security/sessions.test.ts: CVE-2026-22706: a new password ends the refresh tokens of other sessions',
    'sign-in/password-reset.test.ts: a password reset takes the ${by} of a mail, once',
    'sign-in/password-reset.test.ts: a password reset ends what apps hold of the account, at once',
  ],
  'CVE-2023-3128': [
    'social/presets.test.ts: CVE-2023-3128 an address that the Microsoft tenant does not own is ignored',
    'social/presets.test.ts: CVE-2023-3128 no team can trust the addresses of all Microsoft tenants',
    'social/presets.test.ts: V6.8.1 V10.5.1 one subject in two Microsoft tenants is two users',
  ],
  'CVE-2025-68158, CVE-2025-14546, CVE-2025-68481, CVE-2025-65107': [
    'social/evil-provider.test.ts: OA-3 V10.2.1 V10.1.2 a flow belongs to one browser, one provider and one use',
    'social/evil-provider.test.ts: CVE-2023-27490 a provider’s callback without the cookie of its flow is refused',
    'security/oauth.test.ts: OA-3 V10.1.2 the request to a provider is bound to the browser by a short-lived cookie',
  ],
  'CVE-2026-28512': [
    'prove/authorization-requests.test.ts: for each hostile redirect URI',
    'security/oauth.test.ts: a sign-in at a provider refuses every near miss of returnTo, and begins nothing',
    'oauth/clients/redirect-uri.test.ts: redirect URIs that are hostile may not be registered, with a reason, more than 100 of them',
  ],
  'openauth#299': [
    'prove/authorization-requests.test.ts: for each hostile redirect URI',
    'security/oauth.test.ts: a sign-in at a provider refuses every near miss of returnTo, and begins nothing',
    'oauth/clients/redirect-uri.test.ts: redirect URIs that are hostile may not be registered, with a reason, more than 100 of them',
  ],
  'CVE-2022-25896': [
    'security/sessions.test.ts: CVE-2023-29019, CVE-2022-25896: a sign-in adopts no session that was there',
  ],
}

/**
 * Browser and system of a User-Agent, for its owner to recognise. A dozen names are all that a person needs,
 * and browsers have frozen the rest of the string; a whole parser would weigh ten times as much as this page.
 * https://www.chromium.org/updates/ua-reduction/
 */
export interface Agent {
  readonly browser?: string
  readonly system?: string
  readonly isMobile: boolean
}

/** The first that matches: what comes later is also claimed by those before it. */
const BROWSERS: readonly [RegExp, string][] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\bOPR\/|\bOPT\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\bDuckDuckGo\/|\bDdg\//, 'DuckDuckGo'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:HeadlessChrome|Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/\bVersion\/[\d.]+.* Safari\//, 'Safari'],
]
const SYSTEMS: readonly [RegExp, string][] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
]

/** A program's own name, such as `curl` of `curl/8.5.0`. */
const PROGRAM = /^([A-Za-z][\w.-]{0,31})(?:\/|$)/

export function parseAgent(userAgent: string): Agent {
  const nameIn = (names: readonly [RegExp, string][]) =>
    names.find(([pattern]) => pattern.test(userAgent))?.[1]
  const isBrowser = userAgent.startsWith('Mozilla/')
  const browser = isBrowser ? nameIn(BROWSERS) : PROGRAM.exec(userAgent)?.[1]
  const system = nameIn(SYSTEMS)
  return {
    ...(browser !== undefined && { browser }),
    ...(system !== undefined && { system }),
    isMobile: system === 'iPhone' || system === 'iPad' || system === 'Android',
  }
}

/** How a team makes the pages its own (`BRAND_*`). */
export interface Brand {
  readonly name: string
  /** A path of the same origin, or an image that was decoded from a data URL. */
  readonly logo: string | LogoImage | undefined
  /** `#rrggbb`. */
  readonly accentColour: string
  readonly termsUrl: string | undefined
  readonly privacyUrl: string | undefined
  /** Where people get help: also `mailto:`. */
  readonly supportUrl: string | undefined
}

/** A logo that the service itself serves. */
export interface LogoImage {
  readonly type: string
  readonly bytes: Buffer
}

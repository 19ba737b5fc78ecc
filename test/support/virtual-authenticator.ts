import type { Page } from 'playwright-core'

export interface VirtualAuthenticatorSettings {
  /** `u2f` is a security key of before passkeys: it verifies no one, and keeps no credential. */
  readonly protocol?: 'ctap2' | 'u2f'
  /** Whether its user can show who they are, and does. */
  readonly hasUserVerification?: boolean
  /** Whether what it makes can be backed up (BE), and is (BS). */
  readonly isSynced?: boolean
}

/** What a page's browser has in place of a device, over CDP (WebAuthn Level 3 §11). */
export interface VirtualAuthenticator {
  /** Whether the person shows who they are from now on. */
  setUserVerified(isUserVerified: boolean): Promise<void>
  /** Whether the person touches it by themselves; without, a ceremony waits. */
  setPresence(isPresent: boolean): Promise<void>
  credentialIds(): Promise<string[]>
  /** The device is lost. */
  remove(): Promise<void>
}

/** Gives a page an authenticator, for as long as the page is there. */
export async function addVirtualAuthenticator(
  page: Page,
  {
    protocol = 'ctap2',
    hasUserVerification = true,
    isSynced = false,
  }: VirtualAuthenticatorSettings = {},
): Promise<VirtualAuthenticator> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const isOld = protocol === 'u2f'
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol,
      transport: isOld ? 'usb' : 'internal',
      hasResidentKey: !isOld,
      hasUserVerification: !isOld && hasUserVerification,
      isUserVerified: !isOld && hasUserVerification,
      automaticPresenceSimulation: true,
      ...(isSynced && { defaultBackupEligibility: true, defaultBackupState: true }),
    },
  })
  return {
    setUserVerified: async (isUserVerified) => {
      await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })
    },
    setPresence: async (enabled) => {
      await cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled })
    },
    credentialIds: async () => {
      const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId })
      return credentials.map(({ credentialId }) =>
        Buffer.from(credentialId, 'base64').toString('base64url'),
      )
    },
    remove: async () => {
      await cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
    },
  }
}

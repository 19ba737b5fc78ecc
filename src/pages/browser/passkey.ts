/** Before a challenge expires, after ten minutes, it is replaced (WebAuthn Level 3 §15.1). */
const RENEWED_MS = 8 * 60_000

/** The browser's own offer of passkeys, in the field for the address; one ceremony can be on its way at a time. */
let offer: AbortController | undefined

/** Passkeys, made and used by the browser. What it answers goes into a form, which is sent like any other. */
export function passkeys(): void {
  if (!isSupported()) return
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-passkey]')) {
    button.hidden = false
    button.addEventListener('click', () => void press(button))
    if (button.dataset.autofill !== undefined) void offerPasskeys(button)
  }
  for (const part of document.querySelectorAll<HTMLElement>('[data-with-passkeys]')) {
    part.hidden = false
  }
  for (const part of document.querySelectorAll<HTMLElement>('[data-without-passkeys]')) {
    part.hidden = true
  }
  document.addEventListener('submit', () => offer?.abort())
}

const isSupported = (): boolean =>
  'PublicKeyCredential' in window &&
  'parseCreationOptionsFromJSON' in PublicKeyCredential &&
  'parseRequestOptionsFromJSON' in PublicKeyCredential

async function press(button: HTMLButtonElement): Promise<void> {
  const { passkey, failed = '', known = '', stepUp } = button.dataset
  button.nextElementSibling?.remove()
  offer?.abort()
  button.disabled = true
  try {
    const answer = await ask(button)
    if (answer.status === 401 && stepUp !== undefined) {
      location.assign(stepUp)
      return
    }
    const options: unknown = await answer.json()
    const credential =
      passkey === 'attestation'
        ? await create(options)
        : await get(options, { mediation: 'optional' })
    send(button, credential)
  } catch (error) {
    const isKnown = error instanceof DOMException && error.name === 'InvalidStateError'
    say(button, isKnown ? known : failed)
  } finally {
    button.disabled = false
  }
}

/** Says below a button what went wrong: what is put there is read out. */
function say(button: HTMLButtonElement, sentence: string): void {
  const line = document.createElement('p')
  line.className = 'wrong'
  line.setAttribute('role', 'alert')
  line.textContent = sentence
  button.after(line)
}

/** Offers passkeys among the addresses that the browser fills in, until the person signs in another way. */
async function offerPasskeys(button: HTMLButtonElement): Promise<void> {
  if (!(await PublicKeyCredential.isConditionalMediationAvailable())) return
  offer = new AbortController()
  const { signal } = offer
  const timer = setTimeout(() => {
    offer?.abort()
    void offerPasskeys(button)
  }, RENEWED_MS)
  signal.addEventListener('abort', () => {
    clearTimeout(timer)
  })
  try {
    const answer = await ask(button)
    if (signal.aborted) return
    const credential = await get(await answer.json(), { mediation: 'conditional', signal })
    send(button, credential)
  } catch {
    // The person has signed in another way, or the browser offers nothing.
  }
}

const ask = ({ dataset: { options = '' } }: HTMLButtonElement): Promise<Response> =>
  fetch(options, { method: 'POST' })

const create = (options: unknown): Promise<Credential | null> =>
  navigator.credentials.create({
    publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(
      options as PublicKeyCredentialCreationOptionsJSON,
    ),
  })

const get = (options: unknown, how: CredentialRequestOptions): Promise<Credential | null> =>
  navigator.credentials.get({
    publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(
      options as PublicKeyCredentialRequestOptionsJSON,
    ),
    ...how,
  })

function send({ form, dataset: { passkey = '' } }: HTMLButtonElement, credential: unknown): void {
  const field = form?.querySelector<HTMLInputElement>(`[name=${passkey}]`)
  if (!form || !field) return
  field.value = JSON.stringify(credential)
  for (const { name, checked } of document.querySelectorAll<HTMLInputElement>(
    '[data-keep-signed-in]',
  )) {
    const copy = form.querySelector<HTMLInputElement>(`[name=${name}]`)
    if (copy) copy.value = checked ? 'yes' : 'no'
  }
  form.noValidate = true
  form.requestSubmit()
}

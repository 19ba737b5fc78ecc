/** Milliseconds without typing before the service is asked. */
const PAUSE = 350

interface Judgement {
  readonly accepted: boolean
  readonly refusal?: string
  readonly strength: number
}

/** Says while a person types whether a password may be chosen and how hard it is to guess. */
export function passwordMeters(): void {
  for (const meter of document.querySelectorAll<HTMLElement>('.meter')) {
    const input = document.querySelector<HTMLInputElement>(`#${meter.dataset.for ?? ''}`)
    if (input) watch(input, meter)
  }
}

function watch(input: HTMLInputElement, meter: HTMLElement): void {
  const status = meter.querySelector<HTMLElement>('[role=status]')
  const bars = meter.querySelector<HTMLElement>('.bars')
  if (!status || !bars) return
  const rules = status.textContent
  const email = input.form?.querySelector<HTMLInputElement>('[name=email]')
  let timer = 0
  let asked = new AbortController()

  const say = (text: string, strength: number, wrong: boolean): void => {
    meter.dataset.strength = String(strength)
    status.textContent = text
    status.classList.toggle('wrong', wrong)
    input.ariaInvalid = String(wrong)
  }
  const text = (name: string): string => meter.dataset[name] ?? rules

  const ask = async (): Promise<void> => {
    asked.abort()
    asked = new AbortController()
    const { signal } = asked
    const judgement = await judge(input.value, email?.value ?? meter.dataset.email ?? '', signal)
    if (!judgement || signal.aborted) return
    const { accepted, refusal = '', strength } = judgement
    // Bars speak of what may be chosen; a strong password that is refused shows none.
    if (accepted)
      say(`${text('strengthLabel')}: ${text(`strength${strength}`)}`, Math.max(strength, 1), false)
    else say(text(camel(refusal)), 0, refusal !== 'TOO_SHORT')
  }

  bars.hidden = false
  for (const field of [input, email]) {
    field?.addEventListener('input', () => {
      clearTimeout(timer)
      asked.abort()
      if (input.value === '') say(rules, 0, false)
      else timer = setTimeout(() => void ask(), PAUSE)
    })
  }
}

/** @returns undefined where there is no answer: the form is judged again when it is sent. */
async function judge(
  password: string,
  email: string,
  signal: AbortSignal,
): Promise<Judgement | undefined> {
  try {
    const answer = await fetch('/api/auth/password/check', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ password, email }),
      credentials: 'omit',
      signal,
    })
    return answer.ok ? ((await answer.json()) as Judgement) : undefined
  } catch {
    return undefined
  }
}

/** `TOO_SHORT` is `data-too-short`. */
const camel = (code: string): string =>
  code.toLowerCase().replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ApiKey } from '../../api-keys/api-key.js'
import { GenerateBody, UpdateBody } from '../../api-keys/schemas.js'
import { callerOf } from '../../http/caller.js'
import { codeOf, goOn, isTooLate, type PageContext, proveAgain } from '../kit/context.js'
import { checkForm, fieldOf } from '../kit/forms.js'
import type { Handler } from '../kit/routes.js'
import {
  changesTo,
  chosenOf,
  type KeyForm,
  keyFormOf,
  refusedFields,
  typedKeyForm,
} from './form.js'
import { fieldErrors } from '../kit/refusals.js'
import { overlapOf } from '../kit/rotate.js'
import type { FieldErrors, Notice } from '../kit/view.js'
import type { KeyValues } from './fields.js'
import { Key } from './key.js'
import type { KeyState, KeyView } from './parts.js'
import { EXPIRIES, Keys } from './view.js'

interface Shown {
  readonly notice?: Notice | undefined
  readonly errors?: FieldErrors
  readonly values?: KeyValues
  readonly secret?: string
  /** A key that was made just now. */
  readonly made?: ApiKey
  readonly status?: number
}

const PATH = '/dashboard/keys'
const DAY = 86_400_000
/** How much of a key's trail is shown. */
const EVENTS = 10

/** The API keys of a person. A new secret is only in the answer to its form, which no cache keeps. */
export function keyHandlers(context: PageContext) {
  const { options } = context
  const { keyDesk, keyUsage } = context.services
  const { clock } = options

  const sendKeys = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { status, notice = context.notice(request), made, ...shown }: Shown,
  ) => {
    const { session } = request
    const listed = await keyDesk.list(callerOf(request), session, session.account.id)
    // The index that lists them may not have it yet.
    const keys = made ? [made, ...listed.filter(({ keyId }) => keyId !== made.keyId)] : listed
    const newestFirst = keys.sort((a, b) => b.createdAt.localeCompare(a.createdAt))
    const page = (
      <Keys
        view={context.view(request)}
        owner={context.owner(request)}
        notice={notice}
        keys={newestFirst.map((key) => viewOf(key, clock()))}
        scopes={keyDesk.scopesFor(session)}
        issuer={options.issuer}
        {...shown}
      />
    )
    return context.send(reply, page, status)
  }

  const sendKey = async (
    request: FastifyRequest,
    reply: FastifyReply,
    key: ApiKey,
    {
      status,
      notice = context.notice(request),
      secret,
      errors = {},
      values = valuesOfKey(key),
    }: Shown = {},
  ) => {
    const givable = keyDesk.scopesFor(request.session)
    const page = (
      <Key
        view={context.view(request)}
        owner={context.owner(request)}
        notice={notice}
        of={viewOf(key, clock())}
        days={await keyUsage.read(key.keyId)}
        secret={secret}
        issuer={options.issuer}
        scopes={[...new Set([...givable, ...key.scopes])]}
        errors={errors}
        values={values}
      />
    )
    return context.send(reply, page, status)
  }

  /** A key that is not there, or not theirs, is said on the list of those that are. */
  const withKey =
    (
      use: (request: FastifyRequest, reply: FastifyReply, id: string) => Promise<FastifyReply>,
    ): Handler =>
    async (request, reply) => {
      const { id } = request.params as { id: string }
      try {
        return await use(request, reply, id)
      } catch (error) {
        if (isTooLate(error)) return proveAgain(reply, `${PATH}/${id}`)
        if (codeOf(error) === undefined) throw error
        const notice = context.explain(request, reply, error)
        return sendKeys(request, reply, { notice, status: reply.statusCode })
      }
    }

  const showKeys: Handler = async (request, reply) => sendKeys(request, reply, {})

  const showKey = withKey(async (request, reply, id) =>
    sendKey(request, reply, await keyDesk.find(callerOf(request), request.session, id)),
  )

  const expiryIn = (days: number): string => new Date(clock() + days * DAY).toISOString()

  const createKey: Handler = async (request, reply) => {
    const expiry = EXPIRIES.find((each) => each === fieldOf(request, 'expiry')) ?? '90'
    const values = { ...typedKeyForm(request), expiry }
    const refuse = (names: readonly string[]) => {
      const errors = fieldErrors(context.view(request), names.map(fieldName))
      return sendKeys(request, reply, { errors, values, status: 400 })
    }
    const form = checkForm(request, GenerateBody, {
      ...chosenOf(keyFormOf(request)),
      ...(expiry !== 'never' && { expiresAt: expiryIn(Number(expiry)) }),
    })
    if (form.wrong) return refuse(form.wrong)
    const { expiresAt, ...settings } = form.value
    try {
      const { secret, key } = await keyDesk.generate(callerOf(request), request.session, {
        ...settings,
        ...(expiresAt !== undefined && { expiresAt: Date.parse(expiresAt) }),
      })
      return await sendKeys(request, reply, { secret, made: key, status: 201 })
    } catch (error) {
      if (isTooLate(error)) return proveAgain(reply, PATH)
      const refused = refusedFields(error)
      if (refused.length > 0) return refuse(refused)
      const notice = context.explain(request, reply, error)
      return sendKeys(request, reply, { notice, values, status: reply.statusCode })
    }
  }

  const editKey = withKey(async (request, reply, id) => {
    const key = await keyDesk.find(callerOf(request), request.session, id)
    const changes = changesTo(formOfKey(key), keyFormOf(request))
    if (Object.keys(changes).length === 0) return goOn(reply, `${PATH}/${id}`, 'KEY_CHANGED')
    const values = typedKeyForm(request)
    const refuse = (names: readonly string[]) => {
      const errors = fieldErrors(context.view(request), names.map(fieldName))
      return sendKey(request, reply, key, { errors, values, status: 400 })
    }
    const { wrong } = checkForm(request, UpdateBody, changes)
    if (wrong) return refuse(wrong)
    try {
      await keyDesk.update(callerOf(request), request.session, id, changes)
    } catch (error) {
      if (codeOf(error) === undefined || isTooLate(error)) throw error
      const refused = refusedFields(error)
      if (refused.length > 0) return refuse(refused)
      const notice = context.explain(request, reply, error)
      return sendKey(request, reply, key, { notice, values, status: reply.statusCode })
    }
    return goOn(reply, `${PATH}/${id}`, 'KEY_CHANGED')
  })

  const rotateKey = withKey(async (request, reply, id) => {
    const overlap = overlapOf(fieldOf(request, 'overlap'))
    const { secret, key } = await keyDesk.rotate(callerOf(request), request.session, id, overlap)
    return sendKey(request, reply, key, { secret, status: 201 })
  })

  const setStatus = (status: 'active' | 'disabled', done: string) =>
    withKey(async (request, reply, id) => {
      await keyDesk.update(callerOf(request), request.session, id, { status })
      return goOn(reply, `${PATH}/${id}`, done)
    })

  const deleteKey = withKey(async (request, reply, id) => {
    await keyDesk.delete(callerOf(request), request.session, id)
    return goOn(reply, PATH, 'KEY_DELETED')
  })

  return {
    showKeys,
    showKey,
    createKey,
    editKey,
    rotateKey,
    disableKey: setStatus('disabled', 'KEY_DISABLED'),
    enableKey: setStatus('active', 'KEY_ENABLED'),
    deleteKey,
  }
}

/** How the forms call a field of the JSON routes. */
const fieldName = (name: string): string => (name === 'expiresAt' ? 'expiry' : name)

const formOfKey = ({ name, scopes, rateLimit, monthlyQuota, allowedCidrs }: ApiKey): KeyForm => ({
  name,
  scopes,
  rateLimit,
  monthlyQuota,
  allowedCidrs,
})

const valuesOfKey = ({ name, scopes, rateLimit, monthlyQuota, allowedCidrs }: ApiKey) => ({
  name,
  scopes: scopes.join(' '),
  rateLimit: rateLimit && String(rateLimit.limit),
  window: rateLimit && String(rateLimit.windowSeconds),
  monthlyQuota: monthlyQuota === undefined ? undefined : String(monthlyQuota),
  allowedCidrs: allowedCidrs?.join(' '),
})

export function viewOf(key: ApiKey, now: number): KeyView {
  const { keyId, name, prefix, status, scopes, createdAt, expiresAt, lastUsedAt } = key
  const { rateLimit, monthlyQuota, allowedCidrs, events = [], oldSecrets = [] } = key
  const oldEnd = Math.max(0, ...oldSecrets.map(({ until }) => until))
  return {
    keyId,
    name,
    prefix,
    status,
    isOwners: key.suspendedBy !== 'administrator',
    state: stateOf(key, now),
    scopes,
    createdAt,
    expiresAt,
    lastUsedAt,
    oldSecretUntil: oldEnd > now ? oldEnd : undefined,
    rateLimit,
    monthlyQuota,
    allowedCidrs,
    events: events.slice(-EVENTS).reverse(),
  }
}

function stateOf({ status, expiresAt = Infinity, secretUntil }: ApiKey, now: number): KeyState {
  if (secretUntil !== undefined) return 'leaked'
  if (status !== 'active') return status
  return expiresAt <= now ? 'expired' : 'active'
}

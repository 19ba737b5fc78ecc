import type { FactorKind } from '../../users/factors.js'
import type { ListedRemoval } from '../../users/factors-removal.js'
import { Confirm } from '../kit/confirm.js'
import type { View } from '../kit/view.js'

/** A user, as far as it is about second factors. */
export interface UserOfFactors {
  readonly id: string
  readonly isAdminAccount: boolean
  readonly secondFactors: readonly FactorKind[]
  readonly isTotpLocked: boolean
  readonly factorsRemoval: ListedRemoval | null
}

interface LostFactorsProps {
  readonly view: View
  /** The administrator whose page it is. */
  readonly owner: { readonly id: string }
  readonly found: UserOfFactors
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly path: string
}

/** For a user who has lost their second factors, or was locked out by wrong codes. */
export function LostFactors(props: LostFactorsProps) {
  const { view, owner, found, path } = props
  const { text } = view.language
  const { id, secondFactors, isTotpLocked, factorsRemoval: removal } = found
  if (secondFactors.length === 0 && !isTotpLocked) return null
  return (
    <>
      {isTotpLocked && (
        <div class="stack">
          <p>{text('users.locked')}</p>
          <form method="post" action={`${path}/factors-unlock`}>
            <button class="button">{text('users.unlock')}</button>
          </form>
        </div>
      )}
      {removal ? (
        <Pending {...props} removal={removal} />
      ) : (
        id !== owner.id && (
          <div class="actions">
            <Confirm
              label={text('users.removal')}
              about={`${text('users.removal.about')} ${text(`users.removal.when.${rulesOf(found)}`)}`}
              action={`${path}/factors-removal`}
              submit={text('users.removal.submit')}
            />
          </div>
        )
      )}
    </>
  )
}

function Pending(props: LostFactorsProps & { readonly removal: ListedRemoval }) {
  const { view, found, removal, path } = props
  const { text, time } = view.language
  const { effectiveAt, isOwnerTold, confirmedBy } = removal
  const at = time(new Date(effectiveAt))
  return (
    <div class="stack">
      <p>
        {text(`users.removal.pending.${rulesOf(found)}`, { time: at })}{' '}
        {confirmedBy !== null && text('users.removal.confirmed')}
      </p>
      <p class="quiet">{text(isOwnerTold ? 'users.removal.told' : 'users.removal.untold')}</p>
      <div class="actions">
        {canConfirm(props) && (
          <Confirm
            label={text('users.removal.confirm')}
            about={text('users.removal.confirm.about')}
            action={`${path}/factors-removal/confirm`}
            submit={text('users.removal.confirm.submit')}
          />
        )}
        <form method="post" action={`${path}/factors-removal/take-back`}>
          <button class="button">{text('users.removal.takeBack')}</button>
        </form>
      </div>
    </div>
  )
}

const rulesOf = ({ isAdminAccount }: UserOfFactors) => (isAdminAccount ? 'admin' : 'user')

/** Whether the word of this administrator is still wanted. */
function canConfirm({
  owner,
  found: { id, isAdminAccount },
  removal: { by, confirmedBy, effectiveAt },
  now,
}: LostFactorsProps & { readonly removal: ListedRemoval }): boolean {
  if (id === owner.id) return false
  const hasWaited = Date.parse(effectiveAt) <= now
  const isAnother = by !== owner.id
  if (!isAdminAccount) return isAnother || hasWaited
  return hasWaited ? isAnother || confirmedBy !== null : isAnother && confirmedBy !== owner.id
}

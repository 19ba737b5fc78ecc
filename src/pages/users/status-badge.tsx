import type { Status } from '../../users/user.js'
import type { View } from '../kit/view.js'

export const StatusBadge = ({ view, status }: { readonly view: View; readonly status: Status }) => (
  <span class={`badge ${status === 'active' ? 'good' : 'bad'}`}>
    {view.language.text(`users.${status}`)}
  </span>
)

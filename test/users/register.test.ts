import t from 'tap'
import { newAccount, startService } from '../support/service.js'

t.test('POST /api/auth/register', async (t) => {
  const service = await startService(t)

  t.test('answers 201 with the user, never the password', async (t) => {
    const { email, password } = newAccount()
    const answer = await service.post('/api/auth/register', { email, password, name: 'Ada' })
    t.equal(answer.status, 201)
    t.match(answer.body, { user: { id: String, email, role: 'user', name: 'Ada' } })
    t.same(Object.keys(answer.body.user).sort(), ['email', 'id', 'name', 'role'])
    t.equal(answer.headers['cache-control'], 'no-store')
  })
})

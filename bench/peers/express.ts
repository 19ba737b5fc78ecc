import bcrypt from 'bcrypt'
import express, { type RequestHandler } from 'express'
import jwt from 'jsonwebtoken'
import { bearerCall, signInCalls } from '../support/calls.js'
import { listenWith } from '../support/listen.js'
import type { Scene } from '../support/peer.js'
import { newRsaKeys } from '../support/rsa.js'
import { newTokens } from '../support/tokens.js'
import { PASSWORD, USERS } from '../support/users.js'

/**
 * What many teams write by hand: Express, jsonwebtoken and bcrypt, each as its README shows it, on users in memory.
 * https://expressjs.com/en/guide/routing.html, https://github.com/auth0/node-jsonwebtoken#readme,
 * https://github.com/kelektiv/node.bcrypt.js#readme
 */
const { publicKey, privateKey } = newRsaKeys()

/** The `saltRounds` of bcrypt's README. */
const SALT_ROUNDS = 10

export async function protectedRoute(): Promise<Scene> {
  const authenticate: RequestHandler = (request, response, next) => {
    const token = request.headers.authorization?.split(' ')[1] ?? ''
    try {
      response.locals.claims = jwt.verify(token, publicKey, { algorithms: ['RS256'] })
      next()
    } catch {
      response.status(401).json({ error: 'Unauthorized' })
    }
  }
  const app = express()
  app.get('/api/protected', authenticate, (_request, response) => {
    const { sub } = response.locals.claims as jwt.JwtPayload
    response.json({ userId: sub })
  })
  const calls = newTokens(privateKey).map(({ token, id }) =>
    bearerCall('/api/protected', token, id),
  )
  return { port: await listenWith(app), calls }
}

export async function signIn(): Promise<Scene> {
  const passwordHash = await bcrypt.hash(PASSWORD, SALT_ROUNDS)
  const users = new Map(USERS.map((user) => [user.email, { ...user, passwordHash }]))
  const app = express()
  app.use(express.json())
  app.post('/login', async (request, response) => {
    const { email, password } = request.body as { email: string; password: string }
    const user = users.get(email)
    if (!user || !(await bcrypt.compare(password, user.passwordHash))) {
      response.status(401).json({ error: 'Invalid credentials' })
      return
    }
    const token = jwt.sign({ sub: user.id }, privateKey, { algorithm: 'RS256', expiresIn: '15m' })
    response.json({ token, user: { id: user.id, email } })
  })
  return { port: await listenWith(app), calls: signInCalls('/login') }
}

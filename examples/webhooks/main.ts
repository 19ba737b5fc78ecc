import { buildWebhooks } from './app.js'

buildWebhooks()

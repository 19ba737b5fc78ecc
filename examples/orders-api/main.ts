import { buildOrders } from './app.js'

buildOrders()

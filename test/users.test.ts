// One process for all of them: each takes a second to start.
import './users/addresses.test.js'
import './users/admin.test.js'
import './users/initial-password.test.js'
import './users/names.test.js'
import './users/register.test.js'
import './users/removal.test.js'
import './users/sign-in.test.js'
import './users/sign-up.test.js'

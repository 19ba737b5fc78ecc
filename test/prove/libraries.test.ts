// Clients that other people have made, unchanged.
import './libraries/openid-client.js'
import './libraries/oauth4webapi.js'
import './libraries/auth-core.js'
import './libraries/passport.js'
import './libraries/oidc-client-ts.js'
import './libraries/authlib.js'
import './libraries/mod-auth-openidc.js'

// One process for all of them: each takes a second to start.
import './local/earlier-tables.test.js'
import './local/file-key-ring.test.js'
import './local/identity-provider.test.js'
import './local/mailbox.test.js'
import './local/server.test.js'
import './local/smtp-mailer.test.js'
import './local/progress-bar.test.js'
import './local/terminal.test.js'
// Last: once it has mocked a module, `import.meta.resolve` never returns.
import './local/engine.test.js'

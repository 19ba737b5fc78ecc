// What the stacks deploy, asserted on their templates: each set of settings is synthesized, which takes a while.
import '../infra.test.js'

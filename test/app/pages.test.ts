// Among the longest, so that it does not run alone in the end: files start in the order of their names.
import '../pages.test.js'

const LONG = 'a'.repeat(512)

/** Redirect URIs that no client may register. */
export const HOSTILE_REDIRECTS: readonly string[] = [
  // No absolute URI.
  ...[
    '',
    ' ',
    '/',
    '/callback',
    '//a.example/cb',
    '///a.example/cb',
    '\\\\a.example\\cb',
    'callback',
  ],
  ...[
    'a.example',
    'a.example/cb',
    'https',
    'https:',
    'https:/',
    'https://',
    'https:///',
    ':',
    '?',
    '#',
  ],
  ...['null', 'undefined', '*', 'urn:ietf:wg:oauth:2.0:oob', 'about:blank'],
  // Schemes that run, read, or belong to the system.
  ...[
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'javascript://a.example/%0aalert(1)',
    'java\tscript:alert(1)',
  ],
  ...[
    'data:text/html,<script>1</script>',
    'DATA:text/html;base64,PHNjcmlwdD4=',
    'vbscript:msgbox(1)',
  ],
  ...[
    'blob:https://a.example/0',
    'filesystem:https://a.example/x',
    'view-source:https://a.example/',
  ],
  ...['file:///etc/passwd', 'ftp://a.example/cb', 'ws://a.example/cb', 'wss://a.example/cb'],
  ...[
    'mailto:a@a.example',
    'tel:123',
    'sms:123',
    'intent://a.example/#Intent;end',
    'market://details',
  ],
  ...[
    'chrome://settings',
    'chrome-extension://abc/cb',
    'ms-appx-web://cb',
    'android-app://a.example/',
  ],
  // Apps' own schemes that are no domain name in reverse, or name an authority.
  ...[
    'myapp:/cb',
    'myapp://cb',
    'exp://127.0.0.1:19000',
    'com.example.app://cb',
    'com.example.app:///cb',
  ],
  ...[
    'com.example.app:cb',
    'com.example.app:',
    'com.example.app://user@host/cb',
    'Com.example.app:/cb',
  ],
  ...[
    '.example:/cb',
    '1com.example:/cb',
    'com..example:/cb',
    'com.example.:/cb',
    'com.exa_mple:/cb',
  ],
  ...[
    'com.example.app:/cb#x',
    'com.example.app:/*',
    'com.example.app:/a b',
    'com.example.app:/a\\b',
  ],
  ...[
    'com.example.app:/../cb',
    'com.example.app:/.//cb',
    'com.example.app:/<x>',
    'com.example.app:/%00',
  ],
  ...['com.example.app:/cb?code=1', 'com.example.app:/é', 'com.example.app:/a\nb'],
  // Without TLS, and not of this machine.
  ...[
    'http://a.example/cb',
    'http://10.0.0.1/cb',
    'http://169.254.169.254/latest',
    'http://127.0.0.2/cb',
  ],
  ...[
    'http://0.0.0.0/cb',
    'http://[::]/cb',
    'http://localhost.a.example/cb',
    'http://127.0.0.1.a.example/cb',
  ],
  ...[
    'http://localhost./cb',
    'http://a.localhost/cb',
    'http://[::ffff:7f00:1]/cb',
    'HTTP://a.example/',
  ],
  ...[
    'http://localhost@a.example/cb',
    'http://127.0.0.1:80@a.example/cb',
    'http://localhost\\.a.example/cb',
  ],
  // Spelled otherwise than a browser spells it.
  ...['http://127.1/cb', 'http://2130706433/cb', 'http://0x7f.1/cb', 'http://017700000001/cb'],
  ...[
    'http://[0:0:0:0:0:0:0:1]/cb',
    'http://localhost:80/cb',
    'http://LOCALHOST/cb',
    'http://localhost',
  ],
  ...[
    'HTTPS://a.example/cb',
    'https://A.example/cb',
    'https://a.example:443/cb',
    'https://a.example',
  ],
  ...[
    'https:a.example/cb',
    'https:/a.example/cb',
    'https:///a.example/cb',
    'https:\\\\a.example\\cb',
  ],
  ...[
    'https://a.example\\@b.example/cb',
    'https://a.example/\\b.example',
    'https://a.example/a/../cb',
  ],
  ...[
    'https://a.example/./cb',
    'https://a.example/%2e%2e/cb',
    'https://a.example/a b',
    'https://a.example/é',
  ],
  ...[
    ' https://a.example/cb',
    'https://a.example/cb ',
    'https://a.example/cb\n',
    '\u0000https://a.example/',
  ],
  ...[
    'https://a.exa\tmple/cb',
    'https://a.example/c\nb',
    'https://a.example/c\rb',
    'https://ａ.example/cb',
  ],
  ...[
    'https://münchen.example/cb',
    'https://a.example/\u202e',
    'https://a.example/\ud800',
    'https://a。example/',
  ],
  // A user, a fragment, a wildcard.
  ...[
    'https://user@a.example/cb',
    'https://user:pw@a.example/cb',
    'https://@a.example/cb',
    'https://:@a.example/',
  ],
  ...[
    'https://a.example@b.example/cb',
    'https://a.example%40b.example/cb',
    'https://a.example/cb#',
  ],
  ...['https://a.example/cb#x', 'https://a.example/#/cb', 'https://*/cb', 'https://*.example/cb'],
  ...[
    'https://*.a.example/cb',
    'https://a.example/*',
    'https://a.example:*/cb',
    'https://a.example/cb?*',
  ],
  // Hosts that are none, or that would end a directive of a Content-Security-Policy.
  ...[
    "https://a.example'/cb",
    'https://a.example;x/cb',
    'https://a.example,b.example/cb',
    'https://a.example"/',
  ],
  ...[
    'https://a_b.example/cb',
    'https://a.exa{m}ple/cb',
    'https://$a.example/cb',
    `https://${LONG}.example/`,
  ],
  ...[
    'https://a.example:0/cb',
    'https://a.example:99999/cb',
    'https://a.example:-1/cb',
    'https://[::1/cb',
  ],
  ...[
    'https://a.example:8o/cb',
    'https://[v1.x]/cb',
    'https://256.256.256.256/cb',
    'https://xn--/cb',
    'https://xn--a.example/cb',
    'https://a.xn--.example/cb',
    'https://xn--example-.com/cb',
    'https://xn--xn---epa.example/cb',
  ],
  // Paths and queries with two meanings.
  ...[
    'https://a.example//b.example',
    'https://a.example/%2f%2fb.example',
    'https://a.example/%5cb.example',
  ],
  ...['https://a.example/%0d%0aSet-Cookie:x', 'https://a.example/%00', 'https://a.example/%7f'],
  ...[
    'https://a.example/%252e%252e/',
    'https://a.example/%',
    'https://a.example/%zz',
    'https://a.example/<x>',
  ],
  ...[
    'https://a.example/cb?code=1',
    'https://a.example/cb?x=1&state=2',
    'https://a.example/cb?iss=x',
  ],
  ...[
    'https://a.example/cb?error=x',
    'https://a.example/cb?c%6fde=1',
    'https://a.example/cb?x=%',
    'https://a.example/a|b',
  ],
  // Longer than a browser or a log wants, and Latchkey itself.
  ...[
    `https://a.example/${LONG}`,
    `com.example.app:/${LONG}`,
    'https://auth.example.com/oauth/authorize',
  ],
]

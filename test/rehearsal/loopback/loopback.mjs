// Names below localhost are this machine (RFC 6761 section 6.3), which not every resolver knows.
import dns from 'node:dns'

const { lookup } = dns
dns.lookup = (host, ...rest) => lookup(host.endsWith('.localhost') ? '127.0.0.1' : host, ...rest)

/** What CloudFront adds to every call: nobody else knows the value, and it writes over one that was sent. */
export const ORIGIN_HEADER = 'x-origin-verify'
/** The caller's address, as CloudFront saw it. A function at the edge writes over one that was sent. */
export const VIEWER_HEADER = 'x-latchkey-viewer-address'

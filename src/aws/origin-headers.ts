/** What CloudFront adds to every call. Only CloudFront knows the value, and it overwrites one that a caller sent. */
export const ORIGIN_HEADER = 'x-origin-verify'
/** The caller's address, as CloudFront saw it. A function at the edge overwrites one that a caller sent. */
export const VIEWER_HEADER = 'x-latchkey-viewer-address'

"""Calls to Latchkey: bounded in time, size and redirects (there are none)."""

import http.client
import urllib.error
import urllib.request

from problems import unavailable

MAX_BYTES = 64 * 1024


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args):
        return None


_opener = urllib.request.build_opener(_NoRedirect)


def call(url, body=None, headers=None, timeout=3):
    """:returns: status, headers, body. :raises Problem: 503, when there is no answer."""
    request = urllib.request.Request(url, data=body, headers=headers or {})
    try:
        with _opener.open(request, timeout=timeout) as response:
            return response.status, response.headers, response.read(MAX_BYTES)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read(MAX_BYTES)
    except (OSError, http.client.HTTPException) as error:
        raise unavailable() from error


def retry_after(headers):
    """Seconds, of a header that may be missing; a minute at most."""
    text = headers.get("Retry-After", "")
    return min(int(text), 60) if text.isdigit() and int(text) > 0 else 2

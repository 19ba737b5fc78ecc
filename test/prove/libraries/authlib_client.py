"""A web app's part of a sign-in by Authlib. Reads one JSON object a line, and answers with one."""

import json
import sys

from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, jwt
from authlib.oidc.core import CodeIDToken
import requests


def start(session, metadata, settings):
    uri, _ = session.create_authorization_url(
        metadata['authorization_endpoint'],
        code_verifier=settings['verifier'],
        nonce='a-nonce',
    )
    return {'uri': uri}


def finish(session, metadata, settings, uri):
    token = session.fetch_token(
        metadata['token_endpoint'],
        authorization_response=uri,
        code_verifier=settings['verifier'],
    )
    keys = JsonWebKey.import_key_set(requests.get(metadata['jwks_uri']).json())
    claims = jwt.decode(
        token['id_token'],
        keys,
        claims_cls=CodeIDToken,
        claims_options={'iss': {'value': metadata['issuer']}},
        claims_params={'nonce': 'a-nonce', 'client_id': settings['client_id']},
    )
    claims.validate()
    userinfo = session.get(metadata['userinfo_endpoint'])
    return {'token': token, 'claims': claims, 'userinfo': userinfo.json()}


def main():
    settings = json.loads(sys.stdin.readline())
    discovery = f"{settings['issuer']}/.well-known/openid-configuration"
    metadata = requests.get(discovery).json()
    session = OAuth2Session(
        settings['client_id'],
        settings['client_secret'],
        scope='openid email',
        redirect_uri=settings['redirect_uri'],
        code_challenge_method='S256',
    )
    print(json.dumps(start(session, metadata, settings)), flush=True)
    answer = finish(session, metadata, settings, sys.stdin.readline().strip())
    answer['metadata'] = metadata
    answer['refreshed'] = session.refresh_token(metadata['token_endpoint'])
    session.revoke_token(metadata['revocation_endpoint'], token_type_hint='refresh_token')
    print(json.dumps(answer), flush=True)


main()

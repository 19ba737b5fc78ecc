package latchkey

import (
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"sync"
	"time"
)

const (
	lifespan = time.Hour        // keys stand in the JWKS for two hours before they sign, so that an hour is safe
	cooldown = 10 * time.Second // an unknown key makes it look again, but not more often than this
	maxBytes = 64 * 1024
)

var errUnknownKey = errors.New("the issuer has no such key")

// issuerKeys are the issuer's public keys. Those that are known serve on while the issuer is away, and tokens with
// invented key ids can't make it ask each time.
type issuerKeys struct {
	url    string
	client *http.Client
	now    func() time.Time

	mu      sync.Mutex
	keys    map[string]*rsa.PublicKey
	failed  bool
	fetched time.Time
	tried   time.Time
}

func newIssuerKeys(issuer string) *issuerKeys {
	client := &http.Client{
		Timeout:       3 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &issuerKeys{url: issuer + "/.well-known/jwks.json", client: client, now: time.Now}
}

// find returns errUnknownKey for a key that the issuer does not have, and a Problem when no one can say.
func (k *issuerKeys) find(id string) (*rsa.PublicKey, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.now()
	known := k.keys[id]
	due := known == nil || now.Sub(k.fetched) >= lifespan
	if k.keys == nil || (due && now.Sub(k.tried) >= cooldown) {
		k.tried = now
		k.fetch(now)
		known = k.keys[id]
	}
	if known != nil {
		return known, nil
	}
	if k.keys == nil || k.failed {
		return nil, unavailable()
	}
	return nil, errUnknownKey
}

func (k *issuerKeys) fetch(now time.Time) {
	keys, err := k.read()
	k.failed = err != nil
	if err == nil {
		k.keys, k.fetched = keys, now
	}
}

func (k *issuerKeys) read() (map[string]*rsa.PublicKey, error) {
	answer, err := k.client.Get(k.url)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the issuer's keys: %s", answer.Status)
	}
	var set struct {
		Keys []struct{ Kty, Kid, N, E string }
	}
	if err := json.NewDecoder(io.LimitReader(answer.Body, maxBytes)).Decode(&set); err != nil {
		return nil, err
	}
	keys := map[string]*rsa.PublicKey{}
	for _, key := range set.Keys {
		n, errN := base64.RawURLEncoding.DecodeString(key.N)
		e, errE := base64.RawURLEncoding.DecodeString(key.E)
		if key.Kty != "RSA" || errN != nil || errE != nil || len(n) < 256 || len(e) == 0 || len(e) > 3 {
			continue
		}
		keys[key.Kid] = &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}
	}
	if len(keys) == 0 {
		return nil, errors.New("the issuer's keys: there are none")
	}
	return keys, nil
}

package latchkey

import (
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
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

// issuerKeys are the issuer's public keys. Those that are known serve on while the issuer is away, tokens with invented
// key ids can't make it ask each time, and it waits for as long as a 429 or a 503 says.
type issuerKeys struct {
	url    string
	client *http.Client
	now    func() time.Time

	mu      sync.Mutex
	keys    map[string]*rsa.PublicKey
	failed  *Problem // why the last try gave no keys
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
	if due && now.Sub(k.tried) >= k.wait() {
		k.tried = now
		k.fetch(now)
		known = k.keys[id]
	}
	if known != nil {
		return known, nil
	}
	if k.failed != nil {
		return nil, k.failed
	}
	return nil, errUnknownKey
}

// wait is from one question to the next. Without any keys it is no longer than it was told.
func (k *issuerKeys) wait() time.Duration {
	told := time.Duration(0)
	if k.failed != nil {
		told = time.Duration(k.failed.RetryAfter) * time.Second
	}
	if k.keys == nil {
		return told
	}
	return max(told, cooldown)
}

func (k *issuerKeys) fetch(now time.Time) {
	keys, err := k.read()
	switch {
	case err == nil:
		k.keys, k.fetched, k.failed = keys, now, nil
	case errors.As(err, &k.failed):
	default:
		k.failed = unavailable(2)
	}
}

func (k *issuerKeys) read() (map[string]*rsa.PublicKey, error) {
	answer, err := k.client.Get(k.url)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, unavailable(retryAfter(answer.Header))
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

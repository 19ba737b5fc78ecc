package latchkey

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const resource = "https://orders.example.com"

// forger is an issuer whose tokens say what the test wants.
type forger struct {
	server   *httptest.Server
	verifier *Verifier
	key      *rsa.PrivateKey
	asked    int
	away     bool
	wait     string // Retry-After of what it answers while it is away
	clock    time.Time
}

func newForger(t *testing.T) *forger {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	f := &forger{key: key, clock: time.Now()}
	f.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		f.asked++
		if f.away {
			w.Header().Set("Retry-After", f.wait)
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		n := base64.RawURLEncoding.EncodeToString(key.N.Bytes())
		e := base64.RawURLEncoding.EncodeToString(big.NewInt(int64(key.E)).Bytes())
		_ = json.NewEncoder(w).Encode(map[string]any{
			"keys": []map[string]string{{"kty": "RSA", "kid": "first", "n": n, "e": e}},
		})
	}))
	t.Cleanup(f.server.Close)
	if f.verifier, err = New(f.server.URL, resource); err != nil {
		t.Fatal(err)
	}
	f.verifier.keys.now = func() time.Time { return f.clock }
	return f
}

type fields = map[string]any

// forge signs a good token with some members changed; nil takes one away.
func (f *forger) forge(t *testing.T, header, changed fields) string {
	t.Helper()
	now := time.Now().Unix()
	claims := jwt.MapClaims{
		"iss": f.server.URL, "aud": resource, "sub": "ada", "client_id": "latchkey", "jti": "1", "sid": "s",
		"iat": now, "exp": now + 900, "role": "user", "scope": "user", "acr": "urn:latchkey:2", "auth_time": now,
	}
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	token.Header["typ"], token.Header["kid"] = "at+jwt", "first"
	for _, one := range []struct{ of, by fields }{{token.Header, header}, {claims, changed}} {
		for name, value := range one.by {
			one.of[name] = value
			if value == nil {
				delete(one.of, name)
			}
		}
	}
	signed, err := token.SignedString(f.key)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func (f *forger) codeOf(t *testing.T, requirement Requirement, header, claims fields) string {
	t.Helper()
	_, err := f.verifier.Verify(f.forge(t, header, claims), requirement)
	var problem *Problem
	if err == nil {
		return ""
	} else if !errors.As(err, &problem) {
		t.Fatal(err)
	}
	return problem.Code
}

func TestForgedTokens(t *testing.T) {
	f := newForger(t)
	now := time.Now().Unix()
	for _, one := range []struct {
		code           string
		header, claims fields
	}{
		{"", nil, nil},
		{"TOKEN_INVALID", fields{"typ": "JWT"}, nil},
		{"TOKEN_INVALID", fields{"typ": nil}, nil},
		{"TOKEN_INVALID", fields{"kid": "other"}, nil},
		{"TOKEN_INVALID", fields{"crit": []string{"exp"}}, nil},
		{"TOKEN_INVALID", fields{"jku": "https://evil.example.com"}, nil},
		{"TOKEN_INVALID", nil, fields{"iss": "https://evil.example.com"}},
		{"TOKEN_INVALID", nil, fields{"aud": "latchkey"}},
		{"TOKEN_INVALID", nil, fields{"aud": []string{resource}}},
		{"TOKEN_INVALID", nil, fields{"aud": nil}},
		{"TOKEN_INVALID", nil, fields{"client_id": nil}},
		{"TOKEN_INVALID", nil, fields{"sid": nil}},
		{"TOKEN_INVALID", nil, fields{"exp": nil}},
		{"TOKEN_INVALID", nil, fields{"iat": now + 60}},
		{"TOKEN_EXPIRED", nil, fields{"iat": now - 900, "exp": now - 10}},
	} {
		if code := f.codeOf(t, Requirement{}, one.header, one.claims); code != one.code {
			t.Errorf("%v %v: %q instead of %q", one.header, one.claims, code, one.code)
		}
	}
}

func TestStrongAndFresh(t *testing.T) {
	f := newForger(t)
	sure := Requirement{AcrValues: []string{"urn:latchkey:2"}, MaxAge: Within(5 * time.Minute)}
	const insufficient = "AUTHENTICATION_INSUFFICIENT"
	now := time.Now().Unix()
	for _, one := range []struct {
		code        string
		requirement Requirement
		claims      fields
	}{
		{"", sure, fields{"auth_time": now - 290}},
		{insufficient, sure, fields{"auth_time": now - 301}},
		{insufficient, sure, fields{"auth_time": nil}},
		{insufficient, sure, fields{"acr": "urn:latchkey:1"}},
		{insufficient, sure, fields{"acr": "urn:latchkey:3"}},
		{insufficient, sure, fields{"acr": nil}},
		{"", Requirement{AcrValues: []string{"urn:latchkey:1"}}, nil},
		{insufficient, Requirement{Accept: Both, AcrValues: []string{"urn:latchkey:2"}}, fields{"sid": nil}},
		{"INSUFFICIENT_SCOPE", Requirement{Scopes: []string{"data:read"}}, nil},
		{"INSUFFICIENT_SCOPE", Requirement{}, fields{"scope": "data:read"}},
		{"INSUFFICIENT_SCOPE", Requirement{Accept: Both}, fields{"scope": "data:read"}},
		{"", Requirement{Scopes: []string{"data:read"}}, fields{"scope": "data:read"}},
		{"", Requirement{Accept: Both}, fields{"scope": "data:read", "sid": nil}},
	} {
		if code := f.codeOf(t, one.requirement, nil, one.claims); code != one.code {
			t.Errorf("%+v %v: %q instead of %q", one.requirement, one.claims, code, one.code)
		}
	}
}

func TestWhatCanNotBeAskedStopsTheStart(t *testing.T) {
	f := newForger(t)
	for _, wrong := range []Requirement{
		{Accept: 7},
		{AcrValues: []string{}},
		{AcrValues: []string{`"`}},
		{MaxAge: Within(-time.Second)},
		{Accept: Machines, MaxAge: Within(time.Minute)},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%+v was taken", wrong)
				}
			}()
			f.verifier.Require(wrong, nil)
		}()
	}
	for _, none := range []string{"latchkey", f.server.URL, f.server.URL + "/orders"} {
		if _, err := New(f.server.URL, none); err == nil {
			t.Errorf("%s was taken", none)
		}
	}
}

func TestTheIssuerIsAskedSeldomAndMayBeAway(t *testing.T) {
	f := newForger(t)
	expect := func(code string, header fields, asked int) {
		t.Helper()
		if given := f.codeOf(t, Requirement{}, header, nil); given != code || f.asked != asked {
			t.Errorf("%q after %d calls, instead of %q after %d", given, f.asked, code, asked)
		}
	}
	expect("", nil, 1)
	invented := fields{"kid": "invented"}
	expect("TOKEN_INVALID", invented, 1)
	f.clock = f.clock.Add(11 * time.Second)
	expect("TOKEN_INVALID", invented, 2)
	expect("TOKEN_INVALID", invented, 2)
	f.away = true
	f.clock = f.clock.Add(2 * time.Hour)
	expect("", nil, 3)
	expect("STORE_UNAVAILABLE", invented, 3)
	expect("", nil, 3)
}

func TestRetryAfter(t *testing.T) {
	for _, one := range []struct {
		wait  string
		asked int
	}{{"", 2}, {"soon", 2}, {"30", 30}, {"9999", 60}} {
		f := newForger(t)
		f.away, f.wait = true, one.wait
		token := f.forge(t, nil, nil)
		for range [2]int{} {
			_, err := f.verifier.Verify(token, Requirement{})
			var problem *Problem
			if !errors.As(err, &problem) || problem.Status != http.StatusServiceUnavailable || problem.RetryAfter != one.asked {
				t.Errorf("%q: %+v", one.wait, err)
			}
		}
		if f.asked != 1 {
			t.Errorf("%q: asked %d times", one.wait, f.asked)
		}
		f.away = false
		f.clock = f.clock.Add(time.Duration(one.asked) * time.Second)
		if code := f.codeOf(t, Requirement{}, nil, nil); code != "" {
			t.Errorf("%q: %q when the time is up", one.wait, code)
		}
	}
}

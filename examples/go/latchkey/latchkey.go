// Package latchkey verifies Latchkey's access tokens for one API: RS256, at+jwt, one issuer, one audience
// (RFC 8725 §3.1, §3.8, §3.9, §3.11). It is meant to be copied, and needs golang-jwt alone.
package latchkey

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// leeway is how far the clocks of two machines may differ.
const leeway = 5 * time.Second

// Claims are those of an access token (RFC 9068).
type Claims struct {
	Issuer    string           `json:"iss"`
	Audience  any              `json:"aud"` // compared as it is: a list is refused
	Subject   string           `json:"sub"`
	ClientID  string           `json:"client_id"`
	IssuedAt  *jwt.NumericDate `json:"iat"`
	ExpiresAt *jwt.NumericDate `json:"exp"`
	ID        string           `json:"jti"`
	SessionID string           `json:"sid"` // of people alone
	Role      string           `json:"role"`
	Scope     string           `json:"scope"`
	Acr       string           `json:"acr"`
	AuthTime  int64            `json:"auth_time"`
}

func (c *Claims) GetExpirationTime() (*jwt.NumericDate, error) { return c.ExpiresAt, nil }
func (c *Claims) GetIssuedAt() (*jwt.NumericDate, error)       { return c.IssuedAt, nil }
func (c *Claims) GetNotBefore() (*jwt.NumericDate, error)      { return nil, nil }
func (c *Claims) GetIssuer() (string, error)                   { return c.Issuer, nil }
func (c *Claims) GetSubject() (string, error)                  { return c.Subject, nil }
func (c *Claims) GetAudience() (jwt.ClaimStrings, error)       { return nil, nil }

// Verifier verifies the tokens of one issuer for one API.
type Verifier struct {
	resource string
	keys     *issuerKeys
	parser   *jwt.Parser
}

// New makes a verifier. The resource is this API's own identifier, as RESOURCES of the service has it.
func New(issuer, resource string) (*Verifier, error) {
	of, err := url.Parse(resource)
	if err != nil || of.Scheme == "" || of.Host == "" || of.Scheme+"://"+of.Host == issuer {
		return nil, fmt.Errorf("resource: must be an absolute URI of this API, not of the issuer")
	}
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"RS256"}), jwt.WithIssuer(issuer),
		jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithLeeway(leeway), jwt.WithStrictDecoding())
	return &Verifier{resource: resource, keys: newIssuerKeys(issuer), parser: parser}, nil
}

// Verify returns the claims of a token, or a *Problem: 401, 403, or 503 while the issuer can't be asked.
func (v *Verifier) Verify(token string, requirement Requirement) (*Claims, error) {
	if err := requirement.fault(); err != nil {
		return nil, err
	}
	claims := &Claims{}
	_, err := v.parser.ParseWithClaims(token, claims, v.keyOf)
	var problem *Problem
	switch {
	case errors.As(err, &problem):
		return nil, problem
	case errors.Is(err, jwt.ErrTokenExpired):
		return nil, refusal(http.StatusUnauthorized, "TOKEN_EXPIRED", "Token expired", "invalid_token")
	case err != nil || claims.Audience != v.resource || !claims.isWhole():
		return nil, invalidToken()
	}
	if err := requirement.check(claims, time.Now()); err != nil {
		return nil, err
	}
	return claims, nil
}

func (c *Claims) isWhole() bool {
	return c.Subject != "" && c.ClientID != "" && c.ID != "" && c.IssuedAt != nil
}

// keyOf lets nothing else in the header: crit, jwk, jku and x5u have nowhere to be.
func (v *Verifier) keyOf(token *jwt.Token) (any, error) {
	id, _ := token.Header["kid"].(string)
	if token.Header["typ"] != "at+jwt" || id == "" || len(token.Header) != len([]string{"alg", "typ", "kid"}) {
		return nil, errors.New("not an access token of ours")
	}
	return v.keys.find(id)
}

// Require lets those requests through whose token meets the requirement; ClaimsOf has its claims. A requirement that
// can't be one stops the start.
func (v *Verifier) Require(requirement Requirement, next http.HandlerFunc) http.HandlerFunc {
	if err := requirement.fault(); err != nil {
		panic(err)
	}
	return func(w http.ResponseWriter, r *http.Request) {
		token, err := bearerToken(r)
		var claims *Claims
		if err == nil {
			claims, err = v.Verify(token, requirement)
		}
		var problem *Problem
		if errors.As(err, &problem) {
			problem.Write(w)
			return
		}
		if err != nil {
			http.Error(w, "Internal Server Error", http.StatusInternalServerError)
			return
		}
		next(w, r.WithContext(context.WithValue(r.Context(), claimsKey{}, claims)))
	}
}

type claimsKey struct{}

// ClaimsOf are those of the request's token, behind Require.
func ClaimsOf(r *http.Request) *Claims {
	return r.Context().Value(claimsKey{}).(*Claims)
}

// bearerToken is of RFC 6750 §2.1.
func bearerToken(r *http.Request) (string, error) {
	given := r.Header.Values("Authorization")
	several := refusal(http.StatusBadRequest, "INVALID_REQUEST",
		"Send one access token, in one Authorization header", "invalid_request")
	if r.URL.Query().Has("access_token") || len(given) > 1 {
		return "", several
	}
	scheme, token, _ := strings.Cut(strings.Join(given, ""), " ")
	if !strings.EqualFold(scheme, "bearer") {
		return "", refusal(http.StatusUnauthorized, "ACCESS_TOKEN_REQUIRED", "Access token required", "")
	}
	token = strings.Trim(token, " ")
	if token == "" || strings.ContainsAny(token, ", ") {
		return "", several
	}
	return token, nil
}

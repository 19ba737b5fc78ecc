package latchkey

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// Accept says whose tokens a route takes.
type Accept int

const (
	People   Accept = iota // their tokens belong to a session
	Machines               // with a token that an API key was swapped for
	Both
)

// Requirement is what a route asks of a token beside being genuine.
type Requirement struct {
	Accept    Accept
	Scopes    []string // all of them; an app of others has what its person has allowed it, and gets in where that is named
	Role      string
	AcrValues []string       // one is enough, or a stronger level (RFC 9470)
	MaxAge    *time.Duration // since the person has signed in, at most
}

// Within is the MaxAge of a Requirement.
func Within(age time.Duration) *time.Duration { return &age }

// acrLevels has the weaker first; a stronger one does for it.
var acrLevels = map[string]int{"urn:latchkey:1": 1, "urn:latchkey:2": 2}

// acrValue is what a quoted string holds without escapes, and no space, which separates values (RFC 6749 A.4).
var acrValue = regexp.MustCompile(`^[\x21\x23-\x5b\x5d-\x7e]+$`)

// fault says what is wrong with a requirement, which would otherwise let everyone in, or no one.
func (r Requirement) fault() error {
	for _, value := range r.AcrValues {
		if !acrValue.MatchString(value) {
			return fmt.Errorf("AcrValues: %q must be a value such as urn:latchkey:2", value)
		}
	}
	if r.AcrValues != nil && len(r.AcrValues) == 0 {
		return fmt.Errorf("AcrValues: an empty list lets no one in")
	}
	if r.MaxAge != nil && (*r.MaxAge < 0 || *r.MaxAge%time.Second != 0) {
		return fmt.Errorf("MaxAge: must be whole seconds, 0 or more")
	}
	if r.Accept < People || r.Accept > Both {
		return fmt.Errorf("Accept: must be People, Machines or Both")
	}
	if r.Accept == Machines && (r.AcrValues != nil || r.MaxAge != nil) {
		return fmt.Errorf("Accept: no sign-in is behind the token of a machine")
	}
	return nil
}

// check refuses a genuine token that does not do.
func (r Requirement) check(claims *Claims, now time.Time) error {
	isPerson := claims.SessionID != ""
	if r.Accept != Both && isPerson != (r.Accept == People) {
		return invalidToken()
	}
	held := map[string]bool{}
	for _, scope := range strings.Fields(claims.Scope) {
		held[scope] = true
	}
	wanted := r.Scopes
	if len(wanted) == 0 && isPerson {
		wanted = []string{"user"} // the tokens of the team's own apps have it
	}
	for _, scope := range wanted {
		if !held[scope] {
			needed := fmt.Sprintf(`scope="%s"`, strings.Join(wanted, " "))
			return refusal(http.StatusForbidden, "INSUFFICIENT_SCOPE", "Insufficient scope", "insufficient_scope", needed)
		}
	}
	if r.Role != "" && claims.Role != r.Role {
		return refusal(http.StatusForbidden, "FORBIDDEN", "Forbidden", "insufficient_scope")
	}
	if asks := r.AcrValues != nil || r.MaxAge != nil; asks && !(isPerson && r.isStrong(claims) && r.isFresh(claims, now)) {
		return r.insufficient()
	}
	return nil
}

func (r Requirement) isStrong(claims *Claims) bool {
	for _, wanted := range r.AcrValues {
		least, known := acrLevels[wanted]
		if claims.Acr == wanted || (known && acrLevels[claims.Acr] > least) {
			return true
		}
	}
	return r.AcrValues == nil
}

// isFresh counts in whole seconds, as auth_time does. A token without it is not fresh.
func (r Requirement) isFresh(claims *Claims, now time.Time) bool {
	if r.MaxAge == nil {
		return true
	}
	return claims.AuthTime != 0 && now.Unix()-claims.AuthTime <= int64(*r.MaxAge/time.Second)
}

// insufficient has what would do (RFC 9470 §3), in the body as well: scripts of other origins can't read the header.
func (r Requirement) insufficient() *Problem {
	var asked []string
	members := map[string]any{}
	if r.AcrValues != nil {
		asked = append(asked, fmt.Sprintf(`acr_values="%s"`, strings.Join(r.AcrValues, " ")))
		members["acrValues"] = r.AcrValues
	}
	if r.MaxAge != nil {
		seconds := int64(*r.MaxAge / time.Second)
		asked = append(asked, fmt.Sprintf(`max_age="%d"`, seconds))
		members["maxAge"] = seconds
	}
	problem := refusal(http.StatusUnauthorized, "AUTHENTICATION_INSUFFICIENT",
		"A stronger or more recent sign-in is required", "insufficient_user_authentication", asked...)
	problem.Members = members
	return problem
}

package latchkey

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// Problem is a refusal: an answer with RFC 9457 problem details, as Latchkey's contract has them.
type Problem struct {
	Status     int
	Code       string
	Title      string
	Challenge  string // WWW-Authenticate (RFC 6750 §3)
	RetryAfter int    // seconds; 0 for none
	Members    map[string]any
}

func (p *Problem) Error() string { return p.Title }

// Write answers with the problem.
func (p *Problem) Write(w http.ResponseWriter) {
	header := w.Header()
	header.Set("Content-Type", "application/problem+json")
	header.Set("Cache-Control", "no-store")
	if p.Challenge != "" {
		header.Set("WWW-Authenticate", p.Challenge)
	}
	if p.RetryAfter > 0 {
		header.Set("Retry-After", fmt.Sprint(p.RetryAfter))
	}
	body := map[string]any{
		"type": "about:blank", "title": p.Title, "status": p.Status, "code": p.Code, "error": p.Title,
	}
	for name, value := range p.Members {
		body[name] = value
	}
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(body)
}

// unavailable says that Latchkey does not answer: never a 401, and never a pass.
func unavailable(retryAfter int) *Problem {
	return &Problem{
		Status: http.StatusServiceUnavailable, Code: "STORE_UNAVAILABLE",
		Title: "Service temporarily unavailable", RetryAfter: retryAfter,
	}
}

// retryAfter is in seconds, of a header that may be missing; a minute at most.
func retryAfter(header http.Header) int {
	seconds, err := strconv.Atoi(header.Get("Retry-After"))
	if err != nil || seconds <= 0 {
		return 2
	}
	return min(seconds, 60)
}

// refusal has the challenge of RFC 6750 §3; a request without a token hears no oauthError.
func refusal(status int, code, title, oauthError string, asked ...string) *Problem {
	said := []string{`realm="latchkey"`}
	if oauthError != "" {
		said = append(said, fmt.Sprintf(`error="%s"`, oauthError), fmt.Sprintf(`error_description="%s"`, title))
	}
	challenge := "Bearer " + strings.Join(append(said, asked...), ", ")
	return &Problem{Status: status, Code: code, Title: title, Challenge: challenge}
}

func invalidToken() *Problem {
	return refusal(http.StatusUnauthorized, "TOKEN_INVALID", "Invalid token", "invalid_token")
}

package main

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

const resource = "http://localhost:8080"

// issuer has what `latchkey dev` prints, by name: ISSUER, "a person", …
var issuer = map[string]string{}

func TestMain(m *testing.M) {
	command := exec.Command("node", "--import", "tsx", "src/entry/latchkey.ts",
		"dev", "--port", "0", "--resource", resource, "--scope", "data:read")
	command.Dir = "../.."
	command.Stderr = os.Stderr
	output, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		panic(err)
	}
	printed := regexp.MustCompile(`^([\w ]+)[=:] *(\S+)$`)
	for lines := bufio.NewScanner(output); issuer["an API key"] == "" && lines.Scan(); {
		if found := printed.FindStringSubmatch(lines.Text()); found != nil {
			issuer[found[1]] = found[2]
		}
	}
	code := 1
	if issuer["an API key"] != "" {
		code = m.Run()
	}
	_ = command.Process.Signal(syscall.SIGTERM)
	_ = command.Wait()
	os.Exit(code)
}

// ask sends a request to an API that trusts the issuer. Each of the Authorization headers is sent.
func ask(t *testing.T, issuerURL, of, path string, authorization ...string) (*http.Response, map[string]any) {
	t.Helper()
	api, err := newAPI(issuerURL, of)
	if err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequest(http.MethodGet, path, nil)
	request.Header["Authorization"] = authorization
	recorder := httptest.NewRecorder()
	api.ServeHTTP(recorder, request)
	var body map[string]any
	if err := json.NewDecoder(recorder.Body).Decode(&body); err != nil {
		t.Fatal(err)
	}
	return recorder.Result(), body
}

func askAs(t *testing.T, who, path string) (*http.Response, map[string]any) {
	t.Helper()
	return ask(t, issuer["ISSUER"], resource, path, "Bearer "+issuer[who])
}

func check(t *testing.T, answer *http.Response, body map[string]any, status int, code string) {
	t.Helper()
	if answer.StatusCode != status || body["code"] != code {
		t.Errorf("%d %v instead of %d %s", answer.StatusCode, body["code"], status, code)
	}
	header := answer.Header
	if header.Get("Content-Type") != "application/problem+json" || header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers: %v", header)
	}
}

func TestEachRouteTakesWhomItIsFor(t *testing.T) {
	const refused, forbidden, insufficient = "TOKEN_INVALID", "FORBIDDEN", "AUTHENTICATION_INSUFFICIENT"
	for _, one := range []struct{ who, path, code string }{
		{"a person", "/api/protected", ""},
		{"an administrator", "/api/protected", ""},
		{"a machine", "/api/protected", refused},
		{"a person", "/api/admin", forbidden},
		{"an administrator", "/api/admin", ""},
		{"a machine", "/api/admin", refused},
		{"a person", "/api/report", refused},
		{"a machine", "/api/report", ""},
		{"a person", "/api/refunds", insufficient},
		{"an administrator", "/api/refunds", ""},
		{"a machine", "/api/refunds", refused},
	} {
		answer, body := askAs(t, one.who, one.path)
		code, _ := body["code"].(string)
		if code != one.code || (code == "") != (answer.StatusCode == http.StatusOK) {
			t.Errorf("%s at %s: %d %v", one.who, one.path, answer.StatusCode, body)
		}
	}
}

func TestAChallengeSaysWhichSignInWouldDo(t *testing.T) {
	answer, body := askAs(t, "a person", "/api/refunds")
	check(t, answer, body, http.StatusUnauthorized, "AUTHENTICATION_INSUFFICIENT")
	wanted := `Bearer realm="latchkey", error="insufficient_user_authentication", ` +
		`error_description="A stronger or more recent sign-in is required", ` +
		`acr_values="urn:latchkey:2", max_age="300"`
	if given := answer.Header.Get("WWW-Authenticate"); given != wanted {
		t.Error(given)
	}
	if body["maxAge"] != 300.0 {
		t.Error(body)
	}
}

func TestWhatIsNoToken(t *testing.T) {
	token := issuer["a person"]
	parts := strings.Split(token, ".")
	none := "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0" // {"alg":"none","typ":"at+jwt"}
	for _, one := range []struct {
		headers []string
		status  int
		code    string
	}{
		{nil, http.StatusUnauthorized, "ACCESS_TOKEN_REQUIRED"},
		{[]string{"Basic eDp5"}, http.StatusUnauthorized, "ACCESS_TOKEN_REQUIRED"},
		{[]string{"Bearer " + token, "Bearer x"}, http.StatusBadRequest, "INVALID_REQUEST"},
		{[]string{"Bearer a,Bearer b"}, http.StatusBadRequest, "INVALID_REQUEST"},
		{[]string{"Bearer x"}, http.StatusUnauthorized, "TOKEN_INVALID"},
		{[]string{"Bearer " + token[:len(token)-4]}, http.StatusUnauthorized, "TOKEN_INVALID"},
		{[]string{"Bearer " + none + "." + parts[1] + "."}, http.StatusUnauthorized, "TOKEN_INVALID"},
		{[]string{"Bearer " + none + "." + parts[1] + "." + parts[2]}, http.StatusUnauthorized, "TOKEN_INVALID"},
	} {
		answer, body := ask(t, issuer["ISSUER"], resource, "/api/protected", one.headers...)
		check(t, answer, body, one.status, one.code)
	}
	answer, body := ask(t, issuer["ISSUER"], resource, "/api/protected?access_token=x")
	check(t, answer, body, http.StatusBadRequest, "INVALID_REQUEST")
}

func TestATokenForAnotherAPI(t *testing.T) {
	authorization := "Bearer " + issuer["a person"]
	answer, body := ask(t, issuer["ISSUER"], "https://billing.example.com", "/api/protected", authorization)
	check(t, answer, body, http.StatusUnauthorized, "TOKEN_INVALID")
}

func TestAnIssuerThatIsAway(t *testing.T) {
	answer, body := ask(t, "http://127.0.0.1:1", resource, "/api/protected", "Bearer "+issuer["a person"])
	check(t, answer, body, http.StatusServiceUnavailable, "STORE_UNAVAILABLE")
	if answer.Header.Get("Retry-After") == "" {
		t.Error("when to come again is missing")
	}
}

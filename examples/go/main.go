// Another team's API in Go: people come with Latchkey's tokens, and so do machines.
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"
	"time"

	"example.com/orders/latchkey"
)

func newAPI(issuer, resource string) (http.Handler, error) {
	tokens, err := latchkey.New(issuer, resource)
	if err != nil {
		return nil, err
	}
	api := http.NewServeMux()
	api.Handle("/api/protected", tokens.Require(latchkey.Requirement{Accept: latchkey.People}, protected))
	api.Handle("/api/admin", tokens.Require(latchkey.Requirement{Role: "admin"}, admin))
	machines := latchkey.Requirement{Accept: latchkey.Machines, Scopes: []string{"data:read"}}
	api.Handle("/api/report", tokens.Require(machines, report))
	// It pays out: the person must have signed in with two factors, and just now.
	sure := latchkey.Requirement{AcrValues: []string{"urn:latchkey:2"}, MaxAge: latchkey.Within(5 * time.Minute)}
	api.Handle("/api/refunds", tokens.Require(sure, refund))
	return api, nil
}

func protected(w http.ResponseWriter, r *http.Request) {
	answer(w, map[string]string{"userId": latchkey.ClaimsOf(r).Subject})
}

func admin(w http.ResponseWriter, _ *http.Request) {
	answer(w, map[string]string{"message": "Admin data"})
}

func report(w http.ResponseWriter, r *http.Request) {
	answer(w, map[string]string{"keyId": latchkey.ClaimsOf(r).ClientID})
}

func refund(w http.ResponseWriter, _ *http.Request) {
	answer(w, map[string]string{"message": "Refunded"})
}

func answer(w http.ResponseWriter, body map[string]string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(body)
}

func main() {
	api, err := newAPI(setting("ISSUER", "http://localhost:3000"), setting("RESOURCE", "http://localhost:8080"))
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{
		Addr:              "127.0.0.1:" + setting("PORT", "8080"),
		Handler:           api,
		ReadHeaderTimeout: 5 * time.Second,
	}
	log.Fatal(server.ListenAndServe())
}

func setting(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

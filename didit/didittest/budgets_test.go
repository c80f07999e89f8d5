package didittest_test

import (
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
)

// TestBudgetHeaders spends a budget: the headers tell of it always, and only who asks for it is refused.
func TestBudgetHeaders(t *testing.T) {
	for name, opts := range map[string][]didittest.Option{"told": nil, "enforced": {didittest.EnforceBudgets()}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := didittest.NewServer(append(opts, didittest.InMemory())...)
				defer server.Close()
				get := func() *http.Response {
					r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.Config().BaseURL+"/v3/sessions/", nil)
					if err != nil {
						t.Fatal(err)
					}
					r.Header.Set("X-Api-Key", server.Config().APIKey.Reveal())
					r.Header.Set("User-Agent", "kyc-go/test")
					answer, err := server.HTTPClient().Do(r)
					if err != nil {
						t.Fatal(err)
					}
					_ = answer.Body.Close()
					return answer
				}
				start := time.Now()
				for i := range 600 {
					answer := get()
					h := answer.Header
					if answer.StatusCode != http.StatusOK || h.Get("X-RateLimit-Limit") != "600" || h.Get("X-RateLimit-Remaining") != strconv.Itoa(599-i) {
						t.Fatalf("call %d: %d, %v", i, answer.StatusCode, h)
					}
					if reset, err := strconv.ParseInt(h.Get("X-RateLimit-Reset"), 10, 64); err != nil || reset != start.Add(time.Minute).Unix() {
						t.Fatalf("call %d: reset %q", i, h.Get("X-RateLimit-Reset"))
					}
				}
				answer := get()
				if name == "told" {
					if answer.StatusCode != http.StatusOK || answer.Header.Get("X-RateLimit-Remaining") != "0" {
						t.Errorf("beyond the budget: %d, %v", answer.StatusCode, answer.Header)
					}
					return
				}
				if answer.StatusCode != http.StatusTooManyRequests || answer.Header.Get("Retry-After") == "" || len(server.Problems()) == 0 {
					t.Errorf("beyond the budget: %d, %v", answer.StatusCode, answer.Header)
				}
				<-time.After(time.Minute + time.Second)
				if answer := get(); answer.StatusCode != http.StatusOK {
					t.Errorf("a minute later: %d", answer.StatusCode)
				}
			})
		})
	}
}

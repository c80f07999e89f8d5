package transport

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// What was sent is counted, although the way on from a redirect fails before anything more goes out.
func TestAttemptsCountAcrossRedirects(t *testing.T) {
	signer := errors.New("the signer is down")
	for _, tt := range []struct {
		name         string
		failAt, want int
	}{{"first request", 1, 0}, {"after a redirect", 2, 1}, {"not at all", 0, 1}} {
		t.Run(tt.name, func(t *testing.T) {
			opt, s := stubbed(func(n int, _ *http.Request) (*http.Response, error) {
				if n == 1 {
					return reply(http.StatusFound, "", "Location", "https://vendor.test/elsewhere"), nil
				}
				return reply(http.StatusOK, "bytes"), nil
			})
			signed := 0
			c, call := client(t, "https://vendor.test", Config{
				Options: []kyc.Option{opt, fast},
				Auth: AuthorizerFunc(func(context.Context, *http.Request, *Body) error {
					if signed++; signed == tt.failAt {
						return signer
					}
					return nil
				}),
			})
			var sink bytes.Buffer
			call.Sink, call.Follow = &sink, true
			var last kyc.Response
			_, err := c.Do(t.Context(), call, kyc.WithResponse(&last))
			counts := []int{last.Attempts}
			if tt.failAt > 0 {
				e, ok := errors.AsType[*kyc.Error](err)
				if !ok || !errors.Is(err, signer) || !errors.Is(err, kyc.ErrUnauthorized) || errors.Is(err, kyc.ErrNotSent) != (tt.want == 0) {
					t.Fatalf("%v, marked as not sent: %v", err, errors.Is(err, kyc.ErrNotSent))
				}
				counts = append(counts, e.Attempts)
			} else if err != nil || s.n != 2 || sink.String() != "bytes" {
				t.Fatalf("%q after %d requests, %v", sink.String(), s.n, err)
			}
			for _, got := range counts {
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

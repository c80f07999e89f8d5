package didit_test

import (
	"testing"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func client(t testing.TB, server *didittest.Server, opts ...kyc.Option) *didit.Client {
	t.Helper()
	c, err := didit.NewClient(server.Config(), append([]kyc.Option{kyc.WithHTTPClient(server.HTTPClient())}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// must ends the test where a call failed.
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// clean fails where the fake had to refuse something.
func clean(t testing.TB, server *didittest.Server) {
	t.Helper()
	for _, p := range server.Problems() {
		t.Error(p)
	}
}

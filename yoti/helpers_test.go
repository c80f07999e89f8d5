package yoti_test

import (
	"encoding/base64"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/yoti"
	"github.com/seed44d1d1b3/kyc-go/yoti/yotitest"
)

// start returns a fake and a client of it. A problem that the fake noted fails the test.
func start(t testing.TB, opts ...yotitest.Option) (*yotitest.Server, *yoti.Client) {
	t.Helper()
	fake := yotitest.NewServer(opts...)
	t.Cleanup(fake.Close)
	client := newClient(t, fake, fake.Config())
	t.Cleanup(func() {
		for _, p := range fake.Problems() {
			t.Errorf("the fake refused: %s", p)
		}
	})
	return fake, client
}

func newClient(t testing.TB, fake *yotitest.Server, cfg yoti.Config, opts ...kyc.Option) *yoti.Client {
	t.Helper()
	opts = append([]kyc.Option{quick}, append(fake.Options(), opts...)...)
	client, err := yoti.NewClient(cfg, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// quick keeps the waits between attempts short; a server that asks for a second is not waited for.
var quick = kyc.WithRetry(kyc.RetryPolicy{MinBackoff: time.Millisecond, MaxBackoff: 2 * time.Millisecond, MaxRetryAfter: 100 * time.Millisecond})

// create opens a session with the default checks.
func create(t testing.TB, client *yoti.Client) *yoti.CreatedSession {
	t.Helper()
	created, err := client.Sessions.Create(t.Context(), yoti.DefaultSession())
	if err != nil {
		t.Fatal(err)
	}
	return created
}

// finished opens a session and lets its user show everything.
func finished(t testing.TB, fake *yotitest.Server, client *yoti.Client) string {
	t.Helper()
	id := create(t, client).SessionID
	if err := fake.CompleteJourney(id); err != nil {
		t.Fatal(err)
	}
	return id
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func wantErr(t testing.TB, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got %v, want one that matches %v", what, err, want)
	}
}

// pngImage is a picture of two by two pixels. It is fixed, since encoders change their output between releases.
func pngImage(t testing.TB) []byte {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAAEklEQVR4nGJiYGBiYAAEAAD//wAYAAV4jI74AAAAAElFTkSuQmCC")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func updating() bool {
	f := flag.Lookup("update")
	return f != nil && f.Value.String() == "true"
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("..", "testdata", "golden", "yoti", name)
	if updating() {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.ReplaceAll(string(want), "\r\n", "\n"), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

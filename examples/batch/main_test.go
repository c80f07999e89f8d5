package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func none(string) string { return "" }

func rows(t *testing.T, text string) [][]string {
	t.Helper()
	out, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestDemo(t *testing.T) {
	for _, args := range []string{"-demo -n 200", "-demo -n 200 -refetch"} {
		t.Run(args, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			if status := run(t.Context(), strings.Fields(args), none, &stdout, &stderr); status != 0 {
				t.Fatalf("status %d: %s", status, stderr.String())
			}
			got := rows(t, stdout.String())
			if diff := cmp.Diff(header, got[0]); diff != "" {
				t.Error(diff)
			}
			changed := 0
			for i, r := range got[1:] {
				if want := fmt.Sprintf("customer-%d", i); r[1] != want {
					t.Fatalf("row %d is of %s", i, r[1])
				}
				if r[4] == "true" {
					changed++
					if r[2] != "unknown" || r[3] == "unknown" {
						t.Errorf("row %v", r)
					}
				}
			}
			if len(got) != 201 || changed != 2 {
				t.Errorf("%d rows, %d changed", len(got)-1, changed)
			}
			for _, want := range []string{"100 % read", "200 results: 198 unchanged, 2 changed, 0 not decided"} {
				if !strings.Contains(stderr.String(), want) {
					t.Errorf("%q is missing from:\n%s", want, stderr.String())
				}
			}
			if strings.Contains(stdout.String(), "ERIKSSON") {
				t.Error("a person shows")
			}
		})
	}
}

func TestChanged(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), strings.Fields("-demo -n 300 -refetch -changed"), none, &stdout, &stderr); status != 0 {
		t.Fatalf("status %d: %s", status, stderr.String())
	}
	got := rows(t, stdout.String())
	if len(got) != 1+3 || got[1][1] != "customer-99" || got[2][1] != "customer-199" || got[3][1] != "customer-299" {
		t.Errorf("%v", got)
	}
	for _, want := range []string{"didit     fake\n", "jumio     fake\n", "transmit  fake\n", "yoti      fake\n", "300 results: 297 unchanged, 3 changed"} {
		if !strings.Contains(stderr.String(), want) {
			t.Errorf("%q is missing from:\n%s", want, stderr.String())
		}
	}
	// What cannot be decided does not stay, either.
	stdout.Reset()
	in := strings.NewReader(strings.Repeat(`{"version":1,"decision":"approved"}`+"\n", 2))
	sum, err := batch(t.Context(), in, &stdout, 1, true, func(context.Context, *kyc.Result) (*kyc.Result, error) {
		return nil, errors.New("not decided")
	})
	if err != nil || sum.failed != 2 || len(rows(t, stdout.String())) != 3 {
		t.Errorf("%+v %v\n%s", sum, err, stdout.String())
	}
}

func TestInput(t *testing.T) {
	stored := func(r kyc.Result) string {
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(b) + "\n"
	}
	jumio := stored(kyc.Result{
		Ref: kyc.Ref{Vendor: kyc.Jumio, Account: "a", Session: "w"}, Reference: "=1+1", Decision: kyc.Approved,
		Raw: []byte(`{"workflow":{"id":"w","status":"PROCESSED"},"account":{"id":"a"},"decision":{"type":"WARNING"}}`),
	})
	other := stored(kyc.Result{Ref: kyc.Ref{Vendor: "other", Session: "s"}, Raw: []byte(`{}`)})
	bare := stored(kyc.Result{Ref: kyc.Ref{Vendor: kyc.Didit, Session: "s"}})
	for name, c := range map[string]struct {
		input  string
		status int
		last   []string
		says   string
	}{
		"changed": {jumio, 0, []string{"jumio:a/w", "'=1+1", "approved", "review", "true", "PROCESSED/WARNING", "decision.type WARNING is review", ""}, "1 changed"},
		"vendor":  {jumio + other, 1, []string{"other:s", "", "unknown", "", "", "", "", "the result is of no vendor that this program knows"}, "1 not decided"},
		"no raw":  {bare, 1, []string{"didit:s", "", "unknown", "", "", "", "", "the vendor's bytes were not stored"}, "1 not decided"},
		"broken":  {jumio + `{"version":1,"ref"`, 1, nil, "result 2 of the input cannot be read"},
		"empty":   {"", 0, header, ""},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "results.ndjson")
			if err := os.WriteFile(path, []byte(c.input), 0o600); err != nil {
				t.Fatal(err)
			}
			var stdout, stderr bytes.Buffer
			if status := run(t.Context(), []string{path}, none, &stdout, &stderr); status != c.status {
				t.Errorf("status %d: %s", status, stderr.String())
			}
			if got := rows(t, stdout.String()); c.last != nil {
				if diff := cmp.Diff(c.last, got[len(got)-1]); diff != "" {
					t.Error(diff)
				}
			}
			if !strings.Contains(stderr.String(), c.says) {
				t.Errorf("%q is missing from:\n%s", c.says, stderr.String())
			}
		})
	}
}

func TestUsage(t *testing.T) {
	for args, want := range map[string]int{
		"": exitUsage, "a b": exitUsage, "-demo a": exitUsage, "-workers 0 a": exitUsage, "-nonsense": exitUsage, "-help": 0,
		"missing.ndjson": exitFailure, "-refetch missing.ndjson": exitFailure,
	} {
		if got := run(t.Context(), strings.Fields(args), none, new(bytes.Buffer), new(bytes.Buffer)); got != want {
			t.Errorf("%q: %d, want %d", args, got, want)
		}
	}
}

// lines is an input of n results, however large n is.
type lines struct {
	n    int
	rest []byte
}

func (l *lines) Read(p []byte) (int, error) {
	if len(l.rest) == 0 {
		if l.n--; l.n < 0 {
			return 0, errors.New("the input should not be read so far")
		}
		l.rest = []byte(`{"version":1,"decision":"approved"}` + "\n")
	}
	n := copy(p, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}

func TestBoundedWorkersAndCancelling(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	const workers = 3
	var now, most, calls atomic.Int64
	sum, err := batch(ctx, &lines{n: 100_000}, new(bytes.Buffer), workers, false, func(ctx context.Context, r *kyc.Result) (*kyc.Result, error) {
		if n := now.Add(1); n > most.Load() {
			most.Store(n)
		}
		defer now.Add(-1)
		if calls.Add(1) == 500 {
			cancel()
		}
		return r, ctx.Err()
	})
	if !errors.Is(err, context.Canceled) || most.Load() > workers || calls.Load() > 600 || sum.failed > 0 {
		t.Errorf("%v; at most %d at once, %d calls, %+v", err, most.Load(), calls.Load(), sum)
	}
}

func TestRefetchNeedsCredentials(t *testing.T) {
	key := filepath.Join(t.TempDir(), "missing.pem")
	for name, c := range map[string]struct {
		env    map[string]string
		status int
		says   string
	}{
		"none":             {map[string]string{}, exitFailure, "needs the credentials of a vendor"},
		"half of Jumio":    {map[string]string{"JUMIO_CLIENT_ID": "x", "JUMIO_CLIENT_SECRET": "x"}, exitUsage, "incomplete credentials: JUMIO_CLIENT_ID and JUMIO_CLIENT_SECRET are set, but JUMIO_REGION is not"},
		"half of Transmit": {map[string]string{"TRANSMIT_CLIENT_SECRET": "x", "DIDIT_API_KEY": "x"}, exitUsage, "TRANSMIT_CLIENT_SECRET is set, but TRANSMIT_CLIENT_ID and TRANSMIT_ENVIRONMENT are not"},
		"half of Yoti":     {map[string]string{"YOTI_KEY_FILE": key}, exitUsage, "YOTI_KEY_FILE is set, but YOTI_SDK_ID is not"},
		"no key":           {map[string]string{"YOTI_SDK_ID": "x", "YOTI_KEY_FILE": key}, exitFailure, "YOTI_KEY_FILE: open"},
		"no file":          {map[string]string{"DIDIT_API_KEY": "x"}, exitFailure, "didit     live\n"},
	} {
		var stderr bytes.Buffer
		status := run(t.Context(), []string{"-refetch", "missing.ndjson"}, func(n string) string { return c.env[n] }, new(bytes.Buffer), &stderr)
		if status != c.status || !strings.Contains(stderr.String(), c.says) {
			t.Errorf("%s: status %d: %s", name, status, stderr.String())
		}
	}
	clients, err := fromEnvironment(func(n string) string { return map[string]string{"DIDIT_API_KEY": "x"}[n] })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fetcher(clients)(t.Context(), &kyc.Result{Ref: kyc.Ref{Vendor: kyc.Yoti, Session: "s"}}); err == nil {
		t.Error("a vendor without credentials was asked")
	}
}

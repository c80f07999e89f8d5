package kyctest

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// recorder takes the place of a test that is expected to fail.
type recorder struct {
	name   string
	faults *[]string
}

func (r recorder) Context() context.Context { return context.Background() }

func (r recorder) Errorf(format string, args ...any) {
	*r.faults = append(*r.faults, r.name+": "+fmt.Sprintf(format, args...))
}

func (r recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

func (r recorder) Run(name string, f func(reporter)) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(recorder{r.name + "/" + name, r.faults})
	}()
	<-done
}

// record runs the suite with a patience that a slow machine keeps to as well.
func record(s Subject) []string {
	var faults []string
	recorder{"", &faults}.Run("run", func(t reporter) { (&suite{Subject: s, patience: 250 * time.Millisecond}).run(t) })
	return faults
}

func TestRunPassesACorrectProvider(t *testing.T) { Run(t, memorySubject("")) }

// Every flaw is found where it is, and nowhere else than it may show.
func TestRunFindsFlaws(t *testing.T) {
	for flaw, want := range map[string]string{
		"approves unknown words":      "unknown words/" + unknownWord + ": a word that no table names is approved",
		"creates twice":               "faults at start/reset after read of request 1: one Start made 2 sessions",
		"denies the create":           "faults at start/reset after read of request 1: the vendor opened a session, and the error says that it did not",
		"ignores the context":         "cancellation/start before it begins: an answer, although the context had ended",
		"prints its token":            "printing/approved: the printed provider holds secret 0",
		"logs the token":              "the log holds secret 0",
		"tells the token":             "the printed error holds secret 0",
		"wrong class":                 "faults at fetch/truncate of request 1: the error is",
		"forgets RetryAfter":          "the vendor asked for an hour",
		"takes any Ref":               "refs: Fetch with a Ref of zero",
		"a result beside an error":    "a result beside an error",
		"another result when fetched": "Fetch and ParseResult differ in CompletedAt",
		"leaves a goroutine":          "goroutines are left behind",
		"names no evidence":           "approved without a deciding value in Evidence",
		"cites what is not there":     "nothing is there, but a value is given",
	} {
		t.Run(flaw, func(t *testing.T) {
			t.Parallel()
			faults := record(memorySubject(flaw))
			if !slices.ContainsFunc(faults, func(f string) bool { return strings.Contains(f, want) }) {
				t.Errorf("want %q among\n%s", want, strings.Join(faults, "\n"))
			}
		})
	}
	for name, s := range map[string]Subject{
		"lacks New":     {},
		"does not":      {Vendor: "x", Outcomes: kyc.Decisions(), ParseResult: (&memory{}).parse, New: func(Setup) (Fake, error) { return nil, context.Canceled }},
		"Approved":      func() Subject { s := memorySubject(""); s.Outcomes = s.Outcomes[1:]; return s }(),
		"the decision":  func() Subject { s := memorySubject(""); s.Outcomes = append(s.Outcomes, kyc.Review); return s }(),
		"Vendor is mem": func() Subject { s := memorySubject(""); s.Vendor = "x"; return s }(),
	} {
		if faults := record(s); !slices.ContainsFunc(faults, func(f string) bool { return strings.Contains(f, name) }) {
			t.Errorf("want %q among %q", name, faults)
		}
	}
}

func TestLeaked(t *testing.T) {
	secret := `a"b/ü 1`
	for _, text := range []string{secret, `a\"b/ü 1`, "x a%22b%2F%C3%BC+1", fmt.Sprintf("%x", secret), fmt.Sprintf("%X", secret), fmt.Sprint([]byte(secret)), "ImEi YSJiL8O8IDE="} {
		if leaked(text, []string{"", "another", secret}) == "" {
			t.Errorf("%s is not seen", text)
		}
	}
	if got := leaked("harmless", []string{"", secret}); got != "" {
		t.Error(got)
	}
}

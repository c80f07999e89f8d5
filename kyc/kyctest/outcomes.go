package kyctest

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func (s *suite) outcomes(t reporter) {
	if !slices.Contains(s.Outcomes, kyc.Approved) {
		t.Errorf("Approved is not among the outcomes")
	}
	for _, outcome := range s.Outcomes {
		t.Run(outcome.String(), func(t reporter) {
			s.with(t, Setup{Outcome: outcome}, func(w *world) { s.outcome(t, w, outcome) })
		})
	}
}

func (s *suite) outcome(t reporter, w *world, outcome kyc.Decision) {
	if w.p.Vendor() != s.Vendor {
		t.Errorf("Vendor is %s, want %s", w.p.Vendor(), s.Vendor)
	}
	session := s.start(t, w)
	if n := w.Creates(); n != 1 {
		t.Errorf("one Start made %d sessions", n)
	}
	if session.Ref.Vendor != s.Vendor || session.Ref.Session == "" {
		t.Errorf("the session's Ref is %s", session.Ref)
	}
	if again, err := kyc.ParseRef(session.Ref.String()); err != nil || again != session.Ref {
		t.Errorf("the Ref reads back as %s, %v", again, err)
	}
	before, err := w.p.Fetch(t.Context(), session.Ref)
	switch {
	case err != nil || before == nil:
		t.Errorf("Fetch of an open session: %v, %v", before, err)
	case before.Decision == kyc.Approved || before.Decision == kyc.Declined:
		t.Errorf("a session that nobody has completed is %v", before.Decision)
	}
	if err := w.Complete(t.Context(), session.Ref); err != nil {
		t.Fatalf("Complete: %v", err)
	}
	result, err := w.p.Fetch(t.Context(), session.Ref)
	if err != nil || result == nil {
		t.Fatalf("Fetch: %v, %v", result, err)
	}
	if result.Decision != outcome {
		t.Errorf("the decision is %v, want %v", result.Decision, outcome)
	}
	if result.Ref != session.Ref {
		t.Errorf("the result's Ref is %s, want %s", result.Ref, session.Ref)
	}
	if result.Reference != "" && result.Reference != s.request().Reference {
		t.Errorf("the result's Reference is not the request's")
	}
	s.soundResult(t, result)
	s.sameParsed(t, result)
	if outcome.Settled() && result.Decision == outcome {
		waited, err := kyc.Wait(t.Context(), w.p, session.Ref, kyc.WithImmediateRead(), kyc.WithBudget(s.patience))
		if err != nil || waited.Decision != outcome {
			t.Errorf("Wait: %v, %v", waited, err)
		}
	}
	// Vendors differ in what may be deleted and when, but an error is always one of ours.
	if err := w.p.Delete(t.Context(), session.Ref); err != nil && errorFault(err) != "" {
		t.Errorf("Delete: %v: %s", err, errorFault(err))
	}
	if n := w.Creates(); n != 1 {
		t.Errorf("%d sessions in the end", n)
	}
}

// soundResult checks what must be true of every result.
func (s *suite) soundResult(t reporter, r *kyc.Result) {
	if len(r.Raw) == 0 {
		t.Errorf("Raw is empty")
	}
	if complaint := CheckEvidence(r); complaint != "" {
		t.Errorf("%s", complaint)
	}
	if complaint := CheckStored(r); complaint != "" {
		t.Errorf("%s", complaint)
	}
	for i, c := range r.Checks {
		if c.Ref == "" {
			continue
		}
		if _, err := kyc.Resolve(r.Raw, c.Ref); err != nil {
			t.Errorf("check %d: there is nothing at its Ref", i)
		}
	}
}

// sameParsed compares the fetched result with one parsed from its stored bytes. Only the Ref may be missing there, if the
// vendor's answer does not repeat it.
func (s *suite) sameParsed(t reporter, fetched *kyc.Result) {
	parsed, err := s.ParseResult(fetched.Raw)
	if err != nil || parsed == nil {
		t.Errorf("ParseResult of the fetched Raw: %v, %v", parsed, err)
		return
	}
	if parsed.Ref.IsZero() {
		parsed.Ref = fetched.Ref
	}
	if !reflect.DeepEqual(fetched, parsed) {
		t.Errorf("Fetch and ParseResult differ in%s", differing(*fetched, *parsed))
	}
}

// unknownWord is a word that no vendor has.
const unknownWord = "KYCTEST_NEVER_HEARD_OF"

func (s *suite) unknownWords(t reporter) {
	words := []string{unknownWord}
	for _, w := range s.Words {
		words = append(words, w+" ", " "+w, w+"X", "NOT_"+w, w+"\u200b", strings.Repeat(w, 2), w+","+w)
	}
	for _, word := range words {
		t.Run(word, func(t reporter) {
			s.with(t, Setup{Outcome: kyc.Approved, Word: word}, func(w *world) {
				session := s.finish(t, w)
				result, err := w.p.Fetch(t.Context(), session.Ref)
				if err != nil || result == nil {
					t.Fatalf("Fetch: %v, %v", result, err)
				}
				if result.Decision != kyc.Unknown {
					t.Errorf("a word that no table names is %v", result.Decision)
				}
				if quoted, _ := json.Marshal(word); !strings.Contains(string(result.Raw), string(quoted)) {
					t.Errorf("the fake did not send the word, or Raw lost it")
				}
				s.soundResult(t, result)
				s.sameParsed(t, result)
			})
		})
	}
}

func (s *suite) refs(t reporter) {
	s.with(t, Setup{Outcome: kyc.Approved}, func(w *world) {
		good := s.finish(t, w).Ref
		bad := map[string]kyc.Ref{
			"zero": {}, "no session": {Vendor: good.Vendor, Account: good.Account}, "no vendor and no session": {Account: good.Account},
			"another vendor": {Vendor: "kyctest-another", Account: good.Account, Session: good.Session},
		}
		if good.Account != "" {
			bad["no account"] = kyc.Ref{Vendor: good.Vendor, Session: good.Session}
		}
		before := w.Requests()
		for name, ref := range bad {
			result, err := w.p.Fetch(t.Context(), ref)
			if result != nil || !errors.Is(err, kyc.ErrInvalid) {
				t.Errorf("Fetch with a Ref of %s: %v, %v", name, result, err)
			}
			if name == "no session" && good.Account != "" {
				continue // it names the account, which a vendor may delete as a whole
			}
			if err := w.p.Delete(t.Context(), ref); !errors.Is(err, kyc.ErrInvalid) {
				t.Errorf("Delete with a Ref of %s: %v", name, err)
			}
		}
		for name, req := range map[string]kyc.StartRequest{
			"no Reference": {}, "a control character in Reference": {Reference: "a\x00b"}, "a relative RedirectURL": {Reference: "a", RedirectURL: "/back"},
		} {
			session, err := w.p.Start(t.Context(), req)
			if session != nil || !errors.Is(err, kyc.ErrInvalid) {
				t.Errorf("Start with %s: %v, %v", name, session, err)
			}
		}
		if n := w.Requests() - before; n != 0 {
			t.Errorf("%d requests were sent for what should have been refused beforehand", n)
		}
	})
}

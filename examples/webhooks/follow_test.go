package main

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// moody is a vendor of which each read fares differently. The last fault stays.
type moody struct {
	lagging
	faults []error
}

func (m *moody) Fetch(ctx context.Context, ref kyc.Ref) (*kyc.Result, error) {
	if len(m.faults) > 0 {
		err := m.faults[0]
		m.faults = m.faults[1:]
		m.reads.Add(1)
		return nil, err
	}
	return m.lagging.Fetch(ctx, ref)
}

func fault(operation string, kind error) error {
	return &kyc.Error{Vendor: kyc.Transmit, Operation: operation, Kind: kind}
}

// follower is an app with a journal, for a bubble.
func follower(t *testing.T, out *bytes.Buffer) (a *app, file string) {
	t.Helper()
	a = &app{out: out, log: silent, logins: &logins{}}
	file = filepath.Join(t.TempDir(), "open")
	if _, err := a.journal.load(file, silent); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.journal.close() })
	return a, file
}

func TestFollowGoesOn(t *testing.T) {
	ref := kyc.Ref{Vendor: kyc.Transmit, Session: "s"}
	for name, c := range map[string]struct {
		faults []error
		after  time.Duration // when the person is through
		within time.Duration // and how long it may take until that is known
		reads  int64         // at most
		acts   bool
	}{
		"faults that end a wait": {
			[]error{
				fault("sessions.result", kyc.ErrMalformed), fault("sessions.result", kyc.ErrUnauthorized), fault("sessions.result", kyc.ErrForbidden),
				fault(kyc.TokenOperation, kyc.ErrNotFound), errors.New("other"),
			}, 0, time.Hour, 6, true,
		},
		"a person who takes three days":  {nil, 72 * time.Hour, 74 * time.Hour, 150, true},
		"a vendor that has forgotten it": {[]error{fault("sessions.result", kyc.ErrMalformed), fault("sessions.result", kyc.ErrNotFound)}, 0, time.Hour, 2, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var out bytes.Buffer
				a, file := follower(t, &out)
				began := time.Now()
				p := &moody{lagging: lagging{vendor: kyc.Transmit, until: began.Add(c.after)}, faults: c.faults}
				if err := a.journal.note(ref, true); err != nil {
					t.Fatal(err)
				}
				a.following.Go(func() { a.follow(t.Context(), p, ref) })
				a.following.Wait()
				if took := time.Since(began); took < c.after || took > c.within {
					t.Errorf("it took %v", took)
				}
				if p.reads.Load() > c.reads || len(p.faults) > 0 {
					t.Errorf("%d reads, %d faults left", p.reads.Load(), len(p.faults))
				}
				if acted := strings.Count(out.String(), "activate"); (acted == 1) != c.acts {
					t.Errorf("acted %d times", acted)
				}
				if !strings.HasSuffix(read(t, file), `"open":false}`+"\n") {
					t.Errorf("still open:\n%s", read(t, file))
				}
			})
		})
	}
}

// Whatever it waits for, the end of the program ends it, and the next start goes on.
func TestFollowEndsWithTheProgram(t *testing.T) {
	ref := kyc.Ref{Vendor: kyc.Transmit, Session: "s"}
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		a, file := follower(t, &out)
		p := &moody{lagging: lagging{vendor: kyc.Transmit}, faults: []error{fault("sessions.result", kyc.ErrForbidden)}}
		ctx, cancel := context.WithCancel(t.Context())
		if err := a.journal.note(ref, true); err != nil {
			t.Fatal(err)
		}
		a.following.Go(func() { a.follow(ctx, p, ref) })
		<-time.After(shortestPause / 2)
		began := time.Now()
		cancel()
		a.following.Wait()
		if time.Since(began) > 0 || p.reads.Load() > 1 || out.Len() > 0 || !strings.HasSuffix(read(t, file), `"open":true}`+"\n") {
			t.Errorf("after %v, %d reads: %q\n%s", time.Since(began), p.reads.Load(), out.String(), read(t, file))
		}
	})
}

// Only the vendor's word about the verification itself drops a notice; one about the credentials does not.
func TestNoticeWhileTheTokenFails(t *testing.T) {
	event := kyc.Event{Vendor: kyc.Didit, Status: "Approved", Ref: kyc.Ref{Vendor: kyc.Didit, Session: "s"}}
	for _, c := range []struct {
		err   error
		again bool
	}{{fault("sessions.decision", kyc.ErrNotFound), false}, {fault(kyc.TokenOperation, kyc.ErrNotFound), true}, {fault("sessions.decision", kyc.ErrUnauthorized), true}} {
		a := &app{log: silent, logins: &logins{}}
		a.addDidit(&moody{faults: []error{c.err}}, "x")
		if err := a.callback(t.Context(), a.routes[0])(t.Context(), event); (err != nil) != c.again {
			t.Errorf("%v: %v", c.err, err)
		}
	}
}

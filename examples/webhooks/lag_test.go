package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/yoti"
)

// lagging is a vendor whose results lag behind its notices.
type lagging struct {
	vendor kyc.Vendor
	until  time.Time
	mu     sync.Mutex
	reads  atomic.Int64
}

func (l *lagging) Vendor() kyc.Vendor { return l.vendor }
func (l *lagging) Start(context.Context, kyc.StartRequest) (*kyc.Session, error) {
	return nil, kyc.Invalid(l.vendor, "start", "not in this test")
}
func (l *lagging) Delete(context.Context, kyc.Ref) error { return nil }
func (l *lagging) Fetch(_ context.Context, ref kyc.Ref) (*kyc.Result, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reads.Add(1)
	if time.Now().Before(l.until) {
		return &kyc.Result{Ref: ref, Decision: kyc.Pending}, nil
	}
	return &kyc.Result{Ref: ref, Decision: kyc.Approved, Ended: true}, nil
}

// The last notice of a verification is not done with before its result is there.
func TestResultLagsBehindTheNotice(t *testing.T) {
	for _, c := range []struct {
		name  string
		add   func(a *app, p kyc.Provider)
		event kyc.Event
		// again is set where the vendor has to send the notice again, and follows where the program asks on.
		again, follows bool
	}{
		{"jumio", func(a *app, p kyc.Provider) { a.addJumio(p) }, kyc.Event{Vendor: kyc.Jumio, Status: "PROCESSED"}, false, true},
		{"jumio, expired", func(a *app, p kyc.Provider) { a.addJumio(p) }, kyc.Event{Vendor: kyc.Jumio, Status: "TOKEN_EXPIRED"}, false, true},
		{"jumio, on the way", func(a *app, p kyc.Provider) { a.addJumio(p) }, kyc.Event{Vendor: kyc.Jumio, Status: "ACQUIRED"}, false, false},
		{"didit", func(a *app, p kyc.Provider) { a.addDidit(p, "x") }, kyc.Event{Vendor: kyc.Didit, Status: "Approved"}, true, false},
		{"didit, for a human", func(a *app, p kyc.Provider) { a.addDidit(p, "x") }, kyc.Event{Vendor: kyc.Didit, Status: "In Review"}, true, false},
		{"didit, on the way", func(a *app, p kyc.Provider) { a.addDidit(p, "x") }, kyc.Event{Vendor: kyc.Didit, Status: "In Progress"}, false, false},
		{"yoti", func(a *app, p kyc.Provider) { a.addYoti(p, yoti.NotificationAuth{}) }, kyc.Event{Vendor: kyc.Yoti, Type: "SESSION_COMPLETION"}, false, true},
		{"yoti, on the way", func(a *app, p kyc.Provider) { a.addYoti(p, yoti.NotificationAuth{}) }, kyc.Event{Vendor: kyc.Yoti, Type: "CHECK_COMPLETION"}, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var out bytes.Buffer
				p := &lagging{vendor: c.event.Vendor, until: time.Now().Add(15 * time.Second)}
				a := &app{out: &out, log: silent, logins: &logins{}}
				file := filepath.Join(t.TempDir(), "open")
				if _, err := a.journal.load(file, silent); err != nil {
					t.Fatal(err)
				}
				c.add(a, p)
				c.event.Ref = kyc.Ref{Vendor: c.event.Vendor, Account: "a", Session: "s"}
				work := a.callback(t.Context(), a.routes[0])
				for range 3 {
					if err := work(t.Context(), c.event); errors.Is(err, errLags) != c.again || err != nil && !c.again {
						t.Fatal(err)
					}
				}
				if kept := strings.Contains(read(t, file), "a/s"); kept != c.follows {
					t.Errorf("in the journal: %v", kept)
				}
				a.following.Wait()
				// One for each notice and, however many of them there were, the first two times of the schedule.
				if n := p.reads.Load() - 3; c.follows && n != 2 || !c.follows && n != 0 {
					t.Errorf("%d more reads", n)
				}
				if acted := strings.Count(out.String(), "activate"); (acted == 1) != c.follows {
					t.Errorf("acted %d times", acted)
				}
				if over := strings.Contains(read(t, file), "false"); over != c.follows {
					t.Errorf("the journal says that it is over: %v", over)
				}
				<-time.After(time.Minute)
				if err := work(t.Context(), c.event); err != nil || !strings.Contains(out.String(), "activate") {
					t.Errorf("the next notice: %v, %q", err, out.String())
				}
				if err := a.journal.close(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

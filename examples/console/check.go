package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// check is one verification that was started here. It lives in memory only.
type check struct {
	ID        string
	Owner     string // the browser session that started it
	Vendor    *vendor
	Outcome   string // what the fake was told to find; empty with the real service
	Reference string
	Started   time.Time
	Session   *kyc.Session

	provider kyc.Provider
	wake     chan kyc.Event
	stop     context.CancelFunc

	mu      sync.Mutex
	steps   []step
	result  *kyc.Result
	reads   int
	ended   bool
	note    string // why the wait ended without something to act on
	changed chan struct{}
	shown   time.Time // until when personal data is shown
}

// step is one line of the progress. Its text holds no personal data.
type step struct {
	At       time.Time
	Text     string
	Decision kyc.Decision
}

// state is a check at one moment.
type state struct {
	Steps  []step
	Result *kyc.Result
	Reads  int
	Ended  bool
	Note   string
	Shown  bool
}

func (c *check) state(now time.Time) state {
	c.mu.Lock()
	defer c.mu.Unlock()
	return state{Steps: c.steps[:len(c.steps):len(c.steps)], Result: c.result, Reads: c.reads, Ended: c.ended, Note: c.note, Shown: now.Before(c.shown)}
}

// since returns the steps from number n on, whether more can come, and what is closed when they do.
func (c *check) since(n int) (steps []step, ended bool, changed <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n = min(max(n, 0), len(c.steps))
	return c.steps[n:len(c.steps):len(c.steps)], c.ended, c.changed
}

// show lets personal data be seen until t; the zero time hides it.
func (c *check) show(until time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shown = until
}

func (c *check) say(format string, args ...any) {
	c.update(func() {
		// The end is the last step, since the streams have closed.
		if !c.ended {
			c.add(fmt.Sprintf(format, args...))
		}
	})
}

// add needs the lock, and update to tell of it.
func (c *check) add(text string) {
	s := step{At: time.Now(), Text: text}
	if c.result != nil {
		s.Decision = c.result.Decision
	} else {
		s.Decision = kyc.Pending
	}
	c.steps = append(c.steps, s)
}

func (c *check) update(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f()
	close(c.changed)
	c.changed = make(chan struct{})
}

// read takes in what one read of the vendor gave. Only news becomes a step.
func (c *check) read(r *kyc.Result, err error) {
	c.update(func() {
		c.reads++
		if err != nil {
			c.add("Read failed: " + faultText(err))
			return
		}
		news := c.result == nil || c.result.Status != r.Status || c.result.Decision != r.Decision
		c.result = r
		if news {
			c.add(fmt.Sprintf("Read: %s, which means %s", orNone(r.Status), words(r.Decision)))
		}
	})
}

// enough is how many reads of a fake may give a word that no rule names.
const enough = 4

// follow reads the verification until there is something to act on.
func (c *check) follow(ctx context.Context, b *backend, p pace) {
	c.say("Started with %s", place(c.Vendor))
	opts := []kyc.WaitOption{kyc.WithProgress(c.read), kyc.WithWake(c.wake), kyc.WithImmediateRead()}
	var person sync.WaitGroup
	defer person.Wait()
	if b.play != nil {
		unknown := 0
		opts = append(opts, kyc.WithSchedule(p.schedule()), kyc.WithBudget(p.Budget), kyc.WithUntil(func(r *kyc.Result) bool {
			// A real vendor may come round; a fake that was told to say such a word says it for good.
			if r.Decision == kyc.Unknown {
				unknown++
			}
			return r.Settled() || unknown == enough
		}))
		person.Go(func() {
			if !p.wait(ctx) {
				return
			}
			// The step first: the fake may be done before its call returns.
			c.say("The fake's person goes through the vendor's page")
			if err := b.play(c.Session); err != nil {
				c.say("The fake's person could not go on")
			}
		})
	}
	result, err := kyc.Wait(ctx, b.provider, c.Session.Ref, opts...)
	c.update(func() {
		c.ended = true
		open := (*kyc.WaitError)(nil)
		switch {
		case err == nil:
			c.result = result
			if result.Decision == kyc.Unknown {
				c.note = "No row of the table names what the vendor says, so nobody is let in. A person has to look."
			}
			c.add("Done: " + words(result.Decision))
		case errors.As(err, &open):
			c.note = "The console stopped waiting: there was nothing to act on in time."
			c.add(c.note)
		case ctx.Err() != nil:
			c.note = "The wait was cancelled."
			c.add(c.note)
		default:
			c.note = "The wait failed: " + faultText(err)
			c.add(c.note)
		}
	})
}

// notice is called for each notice about this check. A notice is only a wake-up call.
func (c *check) notice(e kyc.Event) {
	c.say("Notice received, assurance %s: reading now", strings.ReplaceAll(e.Assurance.String(), "_", " "))
	select {
	case c.wake <- e:
	default: // one wake-up call is enough
	}
}

// faultText is the text of this module's own errors, which hold no personal data. Others may quote an
// address, so only their kind is told.
func faultText(err error) string {
	var e *kyc.Error
	switch {
	case errors.As(err, &e):
		return e.Error()
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return "time ran out"
	default:
		return "the vendor could not be reached"
	}
}

func place(v *vendor) string {
	if v.Live != "" {
		return v.Name + ", " + v.Live
	}
	return "a fake " + v.Name + " in this process"
}

// serviceName is how the program says at its start who answers.
func serviceName(v *vendor) string {
	if v.Live != "" {
		return "live, " + v.Live
	}
	return "fake, in this process"
}

func orNone(s string) string {
	if s == "" {
		return "no status"
	}
	return s
}

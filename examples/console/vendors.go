package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const userAgent = "kyc-go-console/1.0"

// vendor is what the console knows about one of the four.
type vendor struct {
	ID    kyc.Vendor
	Name  string
	Table kyc.Table
	// Notices says in a sentence how the vendor tells of news.
	Notices string
	// Outcomes are what the fake can be told to find; there are none with the real service.
	Outcomes []outcome
	// Live says where the real service is; it is empty with the fake.
	Live string
	// open makes a backend for the real service.
	open opener
}

// outcome is one script of a fake: the vendor's word, and what this module reads from it.
type outcome struct {
	Word     string
	Decision kyc.Decision
	open     opener
}

// opener makes a backend whose notices go to the URL notify.
type opener func(p pace, notify string) (*backend, error)

// backend is where checks run: a fake with one outcome, or the real service.
type backend struct {
	provider kyc.Provider
	// notices reads what the vendor posts; nil where it posts nothing.
	notices kyc.NoticeSource
	// notifyURL goes into each start, for vendors that are told there.
	notifyURL string
	// noRedirect is set where the vendor takes no loopback address to return to.
	noRedirect bool
	// play does what a person does at the fake; nil with the real service.
	play func(*kyc.Session) error
	// close stops the fake.
	close func()
}

// pace is how fast the fakes live, slow enough to be followed by eye.
type pace struct {
	// Person is how long the person takes, Processing how long the vendor does.
	Person, Processing time.Duration
	// Poll is the time between two reads of a fake, Budget when the console gives up on one.
	Poll, Budget time.Duration
}

var (
	calm  = pace{Person: 1200 * time.Millisecond, Processing: 1500 * time.Millisecond, Poll: 700 * time.Millisecond, Budget: time.Minute}
	quick = pace{Person: 10 * time.Millisecond, Processing: 20 * time.Millisecond, Poll: 25 * time.Millisecond, Budget: time.Minute}
)

// getenv reads the environment.
type getenv func(string) string

// vendors lists the four, whose clients get the options. Where the environment holds a vendor's credentials, its checks run
// at the real service.
func vendors(env getenv, options ...kyc.Option) ([]*vendor, error) {
	var all []*vendor
	for _, known := range []func(getenv, []kyc.Option) (*vendor, error){jumioVendor, transmitVendor, diditVendor, yotiVendor} {
		v, err := known(env, options)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}

// errPartial is the error of credentials of which only some are set.
var errPartial = errors.New("incomplete credentials")

// complete tells whether all the named variables are set. If only some are, that is an error: a fake in the place of a
// service that somebody meant to reach would mislead.
func (env getenv) complete(names ...string) (bool, error) {
	var set, missing []string
	for _, n := range names {
		if env(n) == "" {
			missing = append(missing, n)
		} else {
			set = append(set, n)
		}
	}
	if len(set) > 0 && len(missing) > 0 {
		return false, fmt.Errorf("%w: %s set, but %s not", errPartial, are(set), are(missing))
	}
	return len(missing) == 0, nil
}

// are joins names as in "A is" or "A and B are".
func are(names []string) string {
	last := len(names) - 1
	if last == 0 {
		return names[0] + " is"
	}
	return strings.Join(names[:last], ", ") + " and " + names[last] + " are"
}

// schedule is the one for a fake; the real services keep their own.
func (p pace) schedule() kyc.Schedule { return kyc.Schedule{Then: p.Poll} }

// wait lets the time pass that a person takes.
func (p pace) wait(ctx context.Context) bool {
	timer := time.NewTimer(p.Person)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

package kyc

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

func TestChainPreparesEachRequest(t *testing.T) {
	var asked []string
	a, b := &stub{vendor: Jumio, script: []error{fault(ErrRateLimited, 429, 1)}}, &stub{vendor: Didit}
	c := newChain(t, a, b)
	c.Prepare = func(vendor Vendor, req StartRequest) StartRequest {
		req.Workflow = "of " + string(vendor)
		asked = append(asked, req.Workflow)
		return req
	}
	s, err := c.Start(t.Context(), StartRequest{Reference: "r"})
	if err != nil || s.Reused || fmt.Sprint(asked) != "[of jumio of didit]" {
		t.Errorf("%v, %v, asked %v", s, err, asked)
	}
	if s, err = c.Start(t.Context(), StartRequest{Reference: "r"}); err != nil || !s.Reused || b.starts != 1 {
		t.Errorf("again: %v, %v, %d starts", s, err, b.starts)
	}
	c.Prepare = func(_ Vendor, req StartRequest) StartRequest { req.Reference = "another"; return req }
	if _, err := c.Start(t.Context(), StartRequest{Reference: "r2"}); !errors.Is(err, ErrInvalid) || b.starts != 1 {
		t.Errorf("a changed Reference: %v", err)
	}
}

func TestChainPauses(t *testing.T) {
	year := fault(ErrRateLimited, 429, 1)
	year.RetryAfter = 365 * 24 * time.Hour
	for name, tt := range map[string]struct {
		err  *Error
		want time.Duration // how long the first provider is left alone
	}{
		"a vendor's wish is bounded":         {year, MaxChainPause},
		"a vendor's 429":                     {fault(ErrRateLimited, 429, 1), DefaultChainPause},
		"one caller's deadline says nothing": {fault(ErrRateLimited, 0, 0), 0},
		"a vendor that is down":              {fault(ErrUnavailable, 429, 1), DefaultChainPause},
	} {
		synctest.Test(t, func(t *testing.T) {
			a, b := &stub{vendor: Jumio, script: []error{tt.err, nil}}, &stub{vendor: Didit}
			c := newChain(t, a, b)
			if s, err := c.Start(t.Context(), StartRequest{Reference: "first"}); err != nil || s.Ref.Vendor != Didit {
				t.Fatalf("%s: %v, %v", name, s, err)
			}
			if tt.want > 0 {
				time.Sleep(tt.want - 1)
				if s, err := c.Start(t.Context(), StartRequest{Reference: "during"}); err != nil || s.Ref.Vendor != Didit {
					t.Errorf("%s: during the pause %v, %v", name, s, err)
				}
				time.Sleep(time.Nanosecond)
			}
			if s, err := c.Start(t.Context(), StartRequest{Reference: "after"}); err != nil || s.Ref.Vendor != Jumio {
				t.Errorf("%s: after the pause %v, %v", name, s, err)
			}
		})
	}
}

func TestChainThatNobodyMade(t *testing.T) {
	if _, err := new(Chain).Start(t.Context(), StartRequest{Reference: "r"}); !errors.Is(err, ErrInvalid) {
		t.Error(err)
	}
	if err := new(Chain).Forget(t.Context(), "r"); !errors.Is(err, ErrInvalid) {
		t.Error(err)
	}
}

package didit_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// A key without the right to see links opens sessions all the same, and they are billed.
func TestHiddenLinks(t *testing.T) {
	server := didittest.NewServer(didittest.HideLinks())
	defer server.Close()
	s, err := client(t, server).Start(t.Context(), kyc.StartRequest{Reference: "r"})
	if !errors.Is(err, kyc.ErrMalformed) || !kyc.Uncertain(err) {
		t.Fatalf("a session without a link: %v, %v", s, err)
	}
	var e *kyc.Error
	if !errors.As(err, &e) || e.StatusCode != http.StatusCreated || e.Attempts != 1 || len(e.Body()) == 0 {
		t.Errorf("the facts of the answer are missing: %+v", e)
	}
	if server.Created() != 1 {
		t.Errorf("%d sessions", server.Created())
	}
}

// The chain must not open a second session at the next vendor, now or later.
func TestHiddenLinksInAChain(t *testing.T) {
	server := didittest.NewServer(didittest.HideLinks())
	defer server.Close()
	next := &nextVendor{}
	chain, err := kyc.NewChain(new(kyc.MemoryChain), client(t, server), next)
	check(t, err)
	if _, err := chain.Start(t.Context(), kyc.StartRequest{Reference: "r"}); !errors.Is(err, kyc.ErrMalformed) {
		t.Errorf("the chain's Start: %v", err)
	}
	if _, err := chain.Start(t.Context(), kyc.StartRequest{Reference: "r"}); !errors.Is(err, kyc.ErrConflict) {
		t.Errorf("the Reference is free again: %v", err)
	}
	if next.starts != 0 || server.Created() != 1 {
		t.Errorf("%d sessions here, %d at the next vendor", server.Created(), next.starts)
	}
}

// nextVendor counts the sessions that are asked of it.
type nextVendor struct {
	kyc.Provider
	starts int
}

func (*nextVendor) Vendor() kyc.Vendor { return "next" }

func (p *nextVendor) Start(context.Context, kyc.StartRequest) (*kyc.Session, error) {
	p.starts++
	return &kyc.Session{Ref: kyc.Ref{Vendor: "next", Session: "1"}}, nil
}

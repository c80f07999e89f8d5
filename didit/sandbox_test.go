package didit_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// A sandbox's key that strays into production approves nobody.
func TestFetchOfASandbox(t *testing.T) {
	server := didittest.NewServer(didittest.Sandbox())
	defer server.Close()
	c := client(t, server)
	s := must(c.Start(t.Context(), kyc.StartRequest{Reference: "r"}))(t)
	server.Complete(s.Ref.Session)
	if r := must(c.Fetch(t.Context(), s.Ref))(t); !r.Test || r.Decision != kyc.Approved {
		t.Errorf("with Sandbox: %v, test %v", r, r.Test)
	}
	cfg := server.Config()
	cfg.Sandbox = false
	c = must(didit.NewClient(cfg, kyc.WithHTTPClient(server.HTTPClient())))(t)
	r, err := c.Fetch(t.Context(), s.Ref)
	if r != nil || !errors.Is(err, kyc.ErrInvalid) || !strings.Contains(err.Error(), "Config.Sandbox") {
		t.Errorf("without Sandbox: %v, %v", r, err)
	}
	must(c.Sessions.Decision(t.Context(), s.Ref.Session))(t)

	live := didittest.NewServer()
	defer live.Close()
	if live.Config().Sandbox {
		t.Error("a live application's Config takes a sandbox's results")
	}
}

// Somebody else's verdict is no answer to an import.
func TestImportSharedOfAnother(t *testing.T) {
	answer := `{"session_id":"11111111-2222-3333-4444-555555555555","status":"Approved","vendor_data":"somebody-else"}`
	server := didittest.NewServer(didittest.Answer("Sessions.ImportShared", 9, 201, "application/json", answer))
	defer server.Close()
	c := client(t, server)
	d, err := c.Sessions.ImportShared(t.Context(), didit.ImportSharedRequest{ShareToken: "t", VendorData: "user-1"})
	if d != nil || !errors.Is(err, kyc.ErrMalformed) {
		t.Errorf("%v, %v", d, err)
	}
	// Without one of the caller's own the partner's may stay.
	if d := must(c.Sessions.ImportShared(t.Context(), didit.ImportSharedRequest{ShareToken: "t"}))(t); d.VendorData != "somebody-else" {
		t.Errorf("%v", d)
	}
}

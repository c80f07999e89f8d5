package didit_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/didit/didittest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// A success that lacks what the call is for is none, and the call may have been carried out.
func TestEmptySuccesses(t *testing.T) {
	server := didittest.NewServer()
	defer server.Close()
	c := client(t, server)
	for _, body := range []string{`{}`, `{"share_token":"","session_id":""}`, `{"share_token":null,"status":"Approved"}`} {
		server.Script(didittest.Answer("Sessions.Share", 1, 200, "application/json", body), didittest.Answer("Sessions.ImportShared", 1, 201, "application/json", body))
		s := must(c.Sessions.Create(t.Context(), didit.SessionRequest{VendorData: "u"}))(t)
		token, shared := c.Sessions.Share(t.Context(), s.SessionID, didit.ShareRequest{ForApplicationID: didittest.PartnerApplication})
		session, imported := c.Sessions.ImportShared(t.Context(), didit.ImportSharedRequest{ShareToken: "t"})
		if token != nil || session != nil {
			t.Errorf("%s: a value without what it is for", body)
		}
		for name, err := range map[string]error{"share": shared, "import": imported} {
			var e *kyc.Error
			if !errors.Is(err, kyc.ErrMalformed) || !kyc.Uncertain(err) || !errors.As(err, &e) || e.Attempts != 1 || string(e.Body()) != body {
				t.Errorf("%s answered %s: %v", name, body, err)
			}
		}
	}
}

func TestEmptyReport(t *testing.T) {
	for name, status := range map[string]int{"200": http.StatusOK, "204": http.StatusNoContent} {
		server := didittest.NewServer(didittest.Answer("Sessions.PDF", 1, status, "application/pdf", ""))
		c := client(t, server)
		s := must(c.Sessions.Create(t.Context(), didit.SessionRequest{VendorData: "u"}))(t)
		var report bytes.Buffer
		m, err := c.Sessions.PDF(t.Context(), s.SessionID, &report)
		var e *kyc.Error
		if m != nil || !errors.Is(err, kyc.ErrMalformed) || !errors.As(err, &e) || e.StatusCode != status {
			t.Errorf("%s without a report: %v, %v", name, m, err)
		}
		server.Close()
	}
}

// A report takes its time: a minute where nothing else is set.
func TestReportTimeout(t *testing.T) {
	for _, c := range []struct {
		name   string
		client []kyc.Option
		call   []kyc.Option
		want   time.Duration
	}{
		{"as it is", nil, nil, time.Minute},
		{"the client's own", []kyc.Option{kyc.WithAttemptTimeout(5 * time.Second)}, nil, 5 * time.Second},
		{"the call's own", nil, []kyc.Option{kyc.WithAttemptTimeout(2 * time.Minute)}, 2 * time.Minute},
	} {
		synctest.Test(t, func(t *testing.T) {
			server := didittest.NewServer(didittest.InMemory(), didittest.FaultEvery("Sessions.PDF", didittest.Hang))
			defer server.Close()
			client := client(t, server, append(c.client, kyc.WithRetry(kyc.RetryPolicy{MaxAttempts: 1}))...)
			s := must(client.Sessions.Create(t.Context(), didit.SessionRequest{VendorData: "u"}))(t)
			start := time.Now()
			_, err := client.Sessions.PDF(t.Context(), s.SessionID, io.Discard, c.call...)
			if took := time.Since(start); !errors.Is(err, kyc.ErrUnavailable) || took != c.want {
				t.Errorf("%s: %v after %v", c.name, err, took)
			}
		})
	}
}

// A repeat of "all" could take sessions with it that came after the first attempt; named ones are gone only once.
func TestDeleteManyRepeats(t *testing.T) {
	for _, c := range []struct {
		req  didit.DeleteSessionsRequest
		want int
	}{{didit.DeleteSessionsRequest{DeleteAll: new(true)}, 1}, {didit.DeleteSessionsRequest{SessionNumbers: []string{"7"}}, 2}} {
		synctest.Test(t, func(t *testing.T) {
			server := didittest.NewServer(didittest.InMemory(), didittest.FaultOn("Sessions.DeleteMany", 1, didittest.ResetAfterRead))
			defer server.Close()
			_, err := client(t, server).Sessions.DeleteMany(t.Context(), c.req)
			if n := server.Count("Sessions.DeleteMany"); n != c.want || (err == nil) != (c.want > 1) || (err != nil && !kyc.Uncertain(err)) {
				t.Errorf("%d requests, %v", n, err)
			}
		})
	}
}

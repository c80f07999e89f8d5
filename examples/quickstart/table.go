package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// row is how one vendor's check ended.
type row struct {
	vendor  kyc.Vendor
	fake    bool // the fake answered, not the real service
	result  *kyc.Result
	unknown bool // the vendor has no such outcome
	err     error
}

// table runs the same program with each vendor, side by side, and prints a row for each.
func table(ctx context.Context, list []service, env func(string) string, outcome kyc.Decision, log kyc.Option, w io.Writer) []row {
	rows := make([]row, len(list))
	var wg sync.WaitGroup
	var mu sync.Mutex
	for i, s := range list {
		wg.Go(func() { rows[i] = check(ctx, s, env, outcome, log, w, &mu) })
	}
	wg.Wait()
	t := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	fmt.Fprintln(t, "vendor\tservice\tstatus\tchecks\treasons\tdecision")
	for _, r := range rows {
		switch {
		case r.err != nil:
			fmt.Fprintf(t, "%s\t%s\t\t\t\t%v\n", r.vendor, serviceName(r.fake), r.err)
		case r.unknown:
			fmt.Fprintf(t, "%s\t%s\t\t\t\tno such outcome at this vendor\n", r.vendor, serviceName(r.fake))
		default:
			fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%s\t%s\n", r.vendor, serviceName(r.fake), r.result.Status, len(r.result.Checks), codes(r.result), r.result.Decision)
		}
	}
	_ = t.Flush()
	return rows
}

func codes(r *kyc.Result) string {
	text := ""
	for _, reason := range r.Reasons() {
		text += " " + reason.Code
	}
	if text == "" {
		return "-"
	}
	return text[1:]
}

// check is the program: it knows no vendor.
func check(ctx context.Context, s service, env func(string) string, outcome kyc.Decision, log kyc.Option, w io.Writer, mu *sync.Mutex) row {
	at, err := s.start(env, outcome, log)
	if at.stop != nil {
		defer at.stop()
	}
	if err != nil || at.provider == nil {
		return row{vendor: s.vendor, fake: at.fake, unknown: at.provider == nil, err: err}
	}
	session, err := at.provider.Start(ctx, kyc.StartRequest{Reference: "quickstart-1"})
	if err != nil {
		return row{vendor: s.vendor, fake: at.fake, err: err}
	}
	var options []kyc.WaitOption
	if at.fake {
		visit(ctx, session.URL)
		options = append(options, kyc.WithSchedule(kyc.Schedule{Then: 20 * time.Millisecond}), kyc.WithBudget(20*time.Second))
	} else {
		mu.Lock()
		fmt.Fprintf(w, "%s: open %s\n", s.vendor, session.URL.Reveal())
		mu.Unlock()
	}
	result, err := kyc.Wait(ctx, at.provider, session.Ref, options...)
	return row{vendor: s.vendor, fake: at.fake, result: result, err: err}
}

// visit plays the person: a fake's page ends the journey when it is opened. That of an expired session refuses, which is not a fault.
func visit(ctx context.Context, page kyc.Secret) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, page.Reveal(), nil)
	if err != nil {
		return
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if resp, err := client.Do(req); err == nil {
		_ = resp.Body.Close()
	}
}

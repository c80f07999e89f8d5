package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	none := func(string) string { return "" }
	for _, c := range []struct {
		args   string
		status int
		shows  []string
		hides  []string
	}{
		{"", 0, []string{"jumio ", "transmit ", "didit ", "yoti ", "approved"}, []string{"ERIKSSON", "unknown", "no such"}},
		{"-outcome review", 3, []string{"PROCESSED/WARNING", "complete/CHALLENGE", "In Review", "COMPLETED/NOT_AVAILABLE"}, []string{"approved", "no such"}},
		{"-outcome warning", 3, []string{"PROCESSED/WARNING", "In Review"}, []string{"approved"}},
		{"-outcome declined", 4, []string{"PROCESSED/REJECTED", "complete/DENY", "Declined", "COMPLETED/REJECT"}, []string{"approved", "no such"}},
		{"-outcome expired", 5, []string{"SESSION_EXPIRED", "Expired", "EXPIRED", "no such outcome"}, []string{"approved"}},
		{"-outcome input_required", 5, []string{"recapture", "Awaiting User", "no such outcome"}, []string{"approved"}},
		{"-outcome abandoned", 5, []string{"Abandoned", "no such outcome"}, []string{"approved"}},
		{"-outcome failed", 5, []string{"NOT_EXECUTED", "error", "no such outcome"}, []string{"approved"}},
		{"-vendor jumio", 0, []string{"decision    approved", "uploaded    SELFIE FACE", "[redacted]", "PASSED"}, []string{"ERIKSSON", "L898902C3", "1974-08-12"}},
		{"-vendor jumio -show-personal-data", 0, []string{"ERIKSSON", "L898902C3"}, []string{"[redacted]"}},
		{"-vendor jumio -outcome warning", 3, []string{"decision    review", "REPEATED_FACE"}, nil},
		{"-vendor jumio -outcome rejected", 4, []string{"decision    declined", "MANIPULATED_DOCUMENT"}, nil},
		{"-vendor jumio -outcome not_executed", 5, []string{"decision    failed"}, nil},
		{"-vendor jumio -outcome session_expired", 5, []string{"decision    expired"}, nil},
		{"-vendor jumio -outcome token_expired", 5, []string{"decision    expired", "TOKEN_EXPIRED"}, nil},
		{"-vendor jumio -outcome input_required", 5, []string{"no such outcome"}, []string{"decision"}},
		{"-vendor transmit -outcome declined", 4, []string{"decision    declined", "biometric_mismatch"}, nil},
		{"-vendor didit", 0, []string{"decision    approved"}, nil},
		{"-vendor yoti -outcome review", 3, []string{"decision    review"}, nil},
		{"-outcome other", exitUsage, nil, []string{"decision"}},
		{"-outcome pending", exitUsage, nil, []string{"decision"}},
		{"-vendor other", exitUsage, nil, []string{"decision"}},
		{"-nonsense", exitUsage, nil, []string{"decision"}},
		{"-help", 0, nil, []string{"decision"}},
	} {
		t.Run(c.args, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			status := run(t.Context(), strings.Fields(c.args), none, &stdout, &stderr)
			if status != c.status {
				t.Errorf("status %d, want %d; %s", status, c.status, stderr.String())
			}
			for _, s := range c.shows {
				if !strings.Contains(stdout.String(), s) {
					t.Errorf("%q is missing from:\n%s", s, stdout.String())
				}
			}
			for _, s := range c.hides {
				if strings.Contains(stdout.String(), s) {
					t.Errorf("%q shows in:\n%s", s, stdout.String())
				}
			}
		})
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stderr bytes.Buffer
	if status := run(ctx, []string{"-vendor", "jumio"}, func(string) string { return "" }, new(bytes.Buffer), &stderr); status != exitFailure {
		t.Errorf("status %d: %s", status, stderr.String())
	}
}

func TestRealServiceNeedsAllThree(t *testing.T) {
	for _, missing := range []string{"JUMIO_CLIENT_ID", "JUMIO_CLIENT_SECRET", "JUMIO_REGION"} {
		if _, ok := jumioConfig(func(name string) string {
			if name == missing {
				return ""
			}
			return "x"
		}); ok {
			t.Errorf("without %s the real service is used", missing)
		}
	}
	cfg, ok := jumioConfig(func(name string) string { return map[string]string{"JUMIO_REGION": "emea-1"}[name] + "x" })
	if !ok || cfg.Region != "emea-1x" {
		t.Errorf("%v %v", cfg, ok)
	}
}

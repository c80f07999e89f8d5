package main

import (
	"bytes"
	"context"
	"path/filepath"
	"regexp"
	"slices"
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

// Credentials of which one is missing are an error, never a fake that stands in without a word.
func TestIncompleteCredentials(t *testing.T) {
	for _, s := range services {
		for _, missing := range s.variables {
			env := func(name string) string {
				if slices.Contains(s.variables, name) && name != missing {
					return "x"
				}
				return ""
			}
			for _, args := range [][]string{nil, {"-vendor", string(s.vendor)}} {
				var stdout, stderr bytes.Buffer
				status := run(t.Context(), args, env, &stdout, &stderr)
				if status != exitUsage || stdout.Len() > 0 || !strings.Contains(stderr.String(), missing+" is not") {
					t.Errorf("%v without %s: status %d\n%s%s", args, missing, status, stdout.String(), stderr.String())
				}
			}
		}
	}
}

func TestOutputNamesTheService(t *testing.T) {
	all := map[string]string{
		"JUMIO_CLIENT_ID": "x", "JUMIO_CLIENT_SECRET": "x", "JUMIO_REGION": "emea-1", "YOTI_SDK_ID": "x", "YOTI_KEY_FILE": filepath.Join(t.TempDir(), "none"),
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // no request leaves this machine
	var stdout bytes.Buffer
	run(ctx, nil, func(name string) string { return all[name] }, &stdout, new(bytes.Buffer))
	for _, want := range []string{`vendor +service `, `jumio +live `, `transmit +fake `, `didit +fake `, `yoti +live `} {
		if !regexp.MustCompile(`(?m)^` + want).MatchString(stdout.String()) {
			t.Errorf("%q is missing from:\n%s", want, stdout.String())
		}
	}
	for want, env := range map[string]func(string) string{
		"service     live, Jumio emea-1\n": func(name string) string { return all[name] }, "service     fake, in this process\n": func(string) string { return "" },
	} {
		stdout.Reset()
		run(ctx, []string{"-vendor", "jumio"}, env, &stdout, new(bytes.Buffer))
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("%q is missing from:\n%s", want, stdout.String())
		}
	}
}

func TestTheServerWaitsForNobody(t *testing.T) {
	if s := httpServer(nil); s.ReadHeaderTimeout <= 0 || s.ReadTimeout <= 0 || s.IdleTimeout <= 0 {
		t.Errorf("%v, %v, %v", s.ReadHeaderTimeout, s.ReadTimeout, s.IdleTimeout)
	}
}

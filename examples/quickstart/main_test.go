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
		{"", 0, []string{"decision    approved", "uploaded    SELFIE FACE", "[redacted]", "PASSED"}, []string{"ERIKSSON", "L898902C3", "1974"}},
		{"-show-personal-data", 0, []string{"ERIKSSON", "L898902C3"}, []string{"[redacted]"}},
		{"-outcome warning", 3, []string{"decision    review", "REPEATED_FACE"}, nil},
		{"-outcome rejected", 4, []string{"decision    declined", "MANIPULATED_DOCUMENT"}, nil},
		{"-outcome not_executed", 5, []string{"decision    failed"}, nil},
		{"-outcome session_expired", 5, []string{"decision    expired"}, nil},
		{"-outcome token_expired", 5, []string{"decision    expired"}, nil},
		{"-outcome other", exitUsage, nil, []string{"decision"}},
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
	if status := run(ctx, nil, func(string) string { return "" }, new(bytes.Buffer), &stderr); status != exitFailure {
		t.Errorf("status %d: %s", status, stderr.String())
	}
}

func TestRealServiceNeedsAllThree(t *testing.T) {
	for _, missing := range []string{"JUMIO_CLIENT_ID", "JUMIO_CLIENT_SECRET", "JUMIO_REGION"} {
		if _, ok := fromEnvironment(func(name string) string {
			if name == missing {
				return ""
			}
			return "x"
		}); ok {
			t.Errorf("without %s the real service is used", missing)
		}
	}
	cfg, ok := fromEnvironment(func(name string) string { return map[string]string{"JUMIO_REGION": "emea-1"}[name] + "x" })
	if !ok || cfg.Region != "emea-1x" {
		t.Errorf("%v %v", cfg, ok)
	}
}

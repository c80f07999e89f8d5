package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

func TestStory(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), nil, &stdout, &stderr); status != 0 {
		t.Fatalf("status %d: %s\n%s", status, stderr.String(), stdout.String())
	}
	text := stdout.String()
	for _, want := range []string{
		"didit, jumio and yoti are fakes", "customer-1 has a session at didit", "didit failed:", "customer-2 has a session at jumio", "jumio failed:", "a repeat is refused: chain: start: conflict",
		"customer-3 has a session at yoti", "didit: approved", "jumio: approved", "yoti: approved",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing from:\n%s", want, text)
		}
	}
	if strings.Count(text, "didit failed:") != 1 {
		t.Errorf("the failing vendor was asked again:\n%s", text)
	}
}

func TestUsageAndContext(t *testing.T) {
	for args, want := range map[string]int{"-nonsense": exitUsage, "more": exitUsage, "-help": 0} {
		if got := run(t.Context(), strings.Fields(args), new(bytes.Buffer), new(bytes.Buffer)); got != want {
			t.Errorf("%q: %d, want %d", args, got, want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got := run(ctx, nil, new(bytes.Buffer), new(bytes.Buffer)); got != exitFailure {
		t.Errorf("status %d", got)
	}
}

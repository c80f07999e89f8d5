package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func none(string) string { return "" }

func TestRun(t *testing.T) {
	dir := t.TempDir()
	front := filepath.Join(dir, "of-jane-doe.jpg")
	if err := writePicture(front, 7); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args   string
		status int
		stdout string
		stderr string
	}{
		{"", 0, "decision    approved", "FACE "},
		{"-front " + front, 0, "decision    approved", "FRONT "},
		{"-consent 2026-01-02T15:04:05Z -country DEU", 0, "decision    approved", "sent"},
		{"-front " + filepath.Join(dir, "jane-doe-missing.jpg"), exitFailure, "", "open the FRONT"},
		{"-front " + dir, exitFailure, "", "not a regular file"},
		{"-consent yesterday", exitFailure, "", "-consent is not a time"},
		{"-nonsense", exitUsage, "", "flag provided but not defined"},
		{"file.jpg", exitUsage, "", "unknown argument"},
		{"-help", 0, "", "Usage"},
	} {
		t.Run(c.args, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			if status := run(t.Context(), strings.Fields(c.args), none, &stdout, &stderr); status != c.status {
				t.Errorf("status %d, want %d; %s", status, c.status, stderr.String())
			}
			if !strings.Contains(stdout.String(), c.stdout) {
				t.Errorf("%q is missing from:\n%s", c.stdout, stdout.String())
			}
			if !strings.Contains(stderr.String(), c.stderr) {
				t.Errorf("%q is missing from:\n%s", c.stderr, stderr.String())
			}
			if strings.Contains(stdout.String()+stderr.String(), "jane") {
				t.Error("a file name shows")
			}
		})
	}
}

// Credentials of which one is missing are an error, never a fake that stands in without a word.
func TestIncompleteCredentials(t *testing.T) {
	for _, missing := range []string{"JUMIO_CLIENT_ID", "JUMIO_CLIENT_SECRET", "JUMIO_REGION"} {
		env := func(name string) string {
			if name == missing {
				return ""
			}
			return "x"
		}
		var stdout, stderr bytes.Buffer
		status := run(t.Context(), nil, env, &stdout, &stderr)
		if status != exitUsage || stdout.Len() > 0 || !strings.Contains(stderr.String(), missing+" is not") {
			t.Errorf("without %s: status %d\n%s%s", missing, status, stdout.String(), stderr.String())
		}
	}
}

func TestOutputNamesTheService(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // no request leaves this machine
	live := map[string]string{"JUMIO_CLIENT_ID": "x", "JUMIO_CLIENT_SECRET": "x", "JUMIO_REGION": "emea-1"}
	for want, env := range map[string]func(string) string{
		"service     live, Jumio emea-1\n": func(name string) string { return live[name] }, "service     fake, in this process\n": none,
	} {
		var stdout bytes.Buffer
		run(ctx, []string{"-consent", "2026-01-02T15:04:05Z"}, env, &stdout, new(bytes.Buffer))
		if stdout.String() != want {
			t.Errorf("%q, want %q", stdout.String(), want)
		}
	}
}

func TestRealServiceNeedsConsent(t *testing.T) {
	env := func(name string) string { return map[string]string{"JUMIO_REGION": "emea-1"}[name] + "x" }
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), nil, env, &stdout, &stderr); status != exitFailure || !strings.Contains(stderr.String(), "needs -consent") {
		t.Errorf("status %d: %s", status, stderr.String())
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if status := run(ctx, nil, none, new(bytes.Buffer), new(bytes.Buffer)); status != exitFailure {
		t.Errorf("status %d", status)
	}
}

func TestBar(t *testing.T) {
	path := filepath.Join(t.TempDir(), "face.jpg")
	if err := writePicture(path, 1); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	b := newBar(&out)
	b.terminal = true
	file, closeFile, err := b.open(path, "FACE")
	if err != nil {
		t.Fatal(err)
	}
	defer closeFile()
	size, err := file.Size()
	if err != nil || !file.Reopenable() {
		t.Fatal(size, err)
	}
	for range 2 { // the second attempt starts again
		r, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		if n, err := new(bytes.Buffer).ReadFrom(r); err != nil || n != size {
			t.Fatal(n, err)
		}
	}
	b.finish(true)
	text := out.String()
	if strings.Count(text, "100 %") != 2 || !strings.HasSuffix(text, "] 100 % sent\n") {
		t.Errorf("%q", text)
	}
	out.Reset()
	b.finish(false)
	if !strings.HasSuffix(out.String(), "not sent\n") {
		t.Errorf("%q", out.String())
	}
}

func TestExitStatus(t *testing.T) {
	for _, d := range kyc.Decisions() {
		if got := exitStatus(d); (got == 0) != (d == kyc.Approved) {
			t.Errorf("%v is %d", d, got)
		}
	}
}

package transmit

import (
	"errors"
	"testing"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func TestDurationNotation(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"0s": 0, "15s": 15 * time.Second, "1m30s": 90 * time.Second, "5m": 5 * time.Minute, "1h": time.Hour, "36h": 36 * time.Hour,
		"30d": 30 * Day, "90d": 90 * Day, "1h0m5s": time.Hour + 5*time.Second, "500ms": 500 * time.Millisecond, "10m10s": 610 * time.Second,
	} {
		got, err := ParseDuration(text)
		if err != nil || got.Duration() != want {
			t.Errorf("ParseDuration(%q) = %v, %v; want %v", text, got.Duration(), err, want)
		}
		if s := Duration(want).String(); s != text {
			t.Errorf("Duration(%v).String() = %q, want %q", want, s, text)
		}
	}
	for text, want := range map[string]time.Duration{"1d12h": 36 * time.Hour, "0.5d": 12 * time.Hour, "1.5d1m": 36*time.Hour + time.Minute, "24h": Day} {
		if got, err := ParseDuration(text); err != nil || got.Duration() != want {
			t.Errorf("ParseDuration(%q) = %v, %v; want %v", text, got.Duration(), err, want)
		}
	}
}

func TestDurationRefused(t *testing.T) {
	for _, text := range []string{"", "d", "15", "-15s", "+15s", "1d-1h", "12h1d", "9999999999d", "106751d24h", "NaNd", "Infd", "1e3d", "0x1d", "1d1d", "15 s", "fortnight"} {
		if got, err := ParseDuration(text); !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("ParseDuration(%q) = %v, %v; want an error that matches ErrInvalid", text, got, err)
		}
	}
	if _, err := Duration(-time.Second).MarshalText(); !errors.Is(err, kyc.ErrInvalid) {
		t.Errorf("a negative span is written: %v", err)
	}
	var d Duration
	if err := d.UnmarshalText([]byte("soon")); !errors.Is(err, kyc.ErrInvalid) {
		t.Errorf("UnmarshalText: %v", err)
	}
}

func FuzzDuration(f *testing.F) {
	for _, s := range []string{"15s", "1m30s", "90d", "1d12h", "0.5d", "106751d", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ParseDuration(text)
		if err != nil {
			return
		}
		if d < 0 {
			t.Fatalf("%q is read as %v", text, d)
		}
		again, err := ParseDuration(d.String())
		if err != nil || again != d {
			t.Fatalf("%q is read as %v, written as %q, read again as %v, %v", text, d, d.String(), again, err)
		}
	})
}

package transmit

import (
	"fmt"
	"log/slog"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// The types below are written by hand and may hold personal data or secrets: they print as the generated ones do.

// Format prints the type and documented words only.
func (u ImageUpload) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, u) }

// LogValue gives the log the type and documented words only.
func (u ImageUpload) LogValue() slog.Value { return kyc.LogRedacted(u) }

// Format prints the type only.
func (d Download) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, d) }

// LogValue gives the log the type only.
func (d Download) LogValue() slog.Value { return kyc.LogRedacted(d) }

// Format prints the type and documented words only.
func (r FaceReference) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, r) }

// LogValue gives the log the type and documented words only.
func (r FaceReference) LogValue() slog.Value { return kyc.LogRedacted(r) }

// Format prints the type only.
func (q EventsQuery) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, q) }

// LogValue gives the log the type only.
func (q EventsQuery) LogValue() slog.Value { return kyc.LogRedacted(q) }

// Format prints the type and documented words only.
func (w Want) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, w) }

// LogValue gives the log the type and documented words only.
func (w Want) LogValue() slog.Value { return kyc.LogRedacted(w) }

// Format prints the type and documented words only.
func (u Upload) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, u) }

// LogValue gives the log the type and documented words only.
func (u Upload) LogValue() slog.Value { return kyc.LogRedacted(u) }

// Format prints the type and documented words only.
func (o Outcome) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, o) }

// LogValue gives the log the type and documented words only.
func (o Outcome) LogValue() slog.Value { return kyc.LogRedacted(o) }

// Format prints the type and documented words only.
func (f Flow) Format(s fmt.State, verb rune) { kyc.FormatRedacted(s, verb, f) }

// LogValue gives the log the type and documented words only.
func (f Flow) LogValue() slog.Value { return kyc.LogRedacted(f) }

// Format prints what Error returns.
func (e RejectedError) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, e.text()) }

// LogValue logs what Error returns.
func (e RejectedError) LogValue() slog.Value { return slog.StringValue(e.text()) }

// Format prints the type only: the key is a secret.
func (s States) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue gives the log the type only.
func (s States) LogValue() slog.Value { return kyc.LogRedacted(s) }

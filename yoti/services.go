package yoti

import (
	"fmt"
	"log/slog"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// A service holds its client, whose configuration must not be printed with it.

// Format prints the type's name only.
func (ApplicantsService) Format(f fmt.State, _ rune) { kyc.FormatName(f, "yoti.ApplicantsService") }

// LogValue logs the type's name only.
func (ApplicantsService) LogValue() slog.Value { return kyc.LogName("yoti.ApplicantsService") }

// Format prints the type's name only.
func (DevicesService) Format(f fmt.State, _ rune) { kyc.FormatName(f, "yoti.DevicesService") }

// LogValue logs the type's name only.
func (DevicesService) LogValue() slog.Value { return kyc.LogName("yoti.DevicesService") }

// Format prints the type's name only.
func (InstructionsService) Format(f fmt.State, _ rune) { kyc.FormatName(f, "yoti.InstructionsService") }

// LogValue logs the type's name only.
func (InstructionsService) LogValue() slog.Value { return kyc.LogName("yoti.InstructionsService") }

// Format prints the type's name only.
func (MediaService) Format(f fmt.State, _ rune) { kyc.FormatName(f, "yoti.MediaService") }

// LogValue logs the type's name only.
func (MediaService) LogValue() slog.Value { return kyc.LogName("yoti.MediaService") }

// Format prints the type's name only.
func (PoolsService) Format(f fmt.State, _ rune) { kyc.FormatName(f, "yoti.PoolsService") }

// LogValue logs the type's name only.
func (PoolsService) LogValue() slog.Value { return kyc.LogName("yoti.PoolsService") }

// Format prints the type's name only.
func (ResourcesService) Format(f fmt.State, _ rune) { kyc.FormatName(f, "yoti.ResourcesService") }

// LogValue logs the type's name only.
func (ResourcesService) LogValue() slog.Value { return kyc.LogName("yoti.ResourcesService") }

// Format prints the type's name only.
func (SandboxService) Format(f fmt.State, _ rune) { kyc.FormatName(f, "yoti.SandboxService") }

// LogValue logs the type's name only.
func (SandboxService) LogValue() slog.Value { return kyc.LogName("yoti.SandboxService") }

// Format prints the type's name only.
func (SessionsService) Format(f fmt.State, _ rune) { kyc.FormatName(f, "yoti.SessionsService") }

// LogValue logs the type's name only.
func (SessionsService) LogValue() slog.Value { return kyc.LogName("yoti.SessionsService") }

// Format prints the type's name only.
func (SupportedDocumentsService) Format(f fmt.State, _ rune) {
	kyc.FormatName(f, "yoti.SupportedDocumentsService")
}

// LogValue logs the type's name only.
func (SupportedDocumentsService) LogValue() slog.Value {
	return kyc.LogName("yoti.SupportedDocumentsService")
}

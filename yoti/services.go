package yoti

import (
	"fmt"
	"log/slog"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// A service holds its client, whose configuration must not be printed with it.

// Format prints the type's name only.
func (s ApplicantsService) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s ApplicantsService) LogValue() slog.Value { return kyc.LogRedacted(s) }

// Format prints the type's name only.
func (s DevicesService) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s DevicesService) LogValue() slog.Value { return kyc.LogRedacted(s) }

// Format prints the type's name only.
func (s InstructionsService) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s InstructionsService) LogValue() slog.Value { return kyc.LogRedacted(s) }

// Format prints the type's name only.
func (s MediaService) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s MediaService) LogValue() slog.Value { return kyc.LogRedacted(s) }

// Format prints the type's name only.
func (s PoolsService) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s PoolsService) LogValue() slog.Value { return kyc.LogRedacted(s) }

// Format prints the type's name only.
func (s ResourcesService) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s ResourcesService) LogValue() slog.Value { return kyc.LogRedacted(s) }

// Format prints the type's name only.
func (s SandboxService) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s SandboxService) LogValue() slog.Value { return kyc.LogRedacted(s) }

// Format prints the type's name only.
func (s SessionsService) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s SessionsService) LogValue() slog.Value { return kyc.LogRedacted(s) }

// Format prints the type's name only.
func (s SupportedDocumentsService) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s SupportedDocumentsService) LogValue() slog.Value { return kyc.LogRedacted(s) }
